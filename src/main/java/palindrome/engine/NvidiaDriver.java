package palindrome.engine;

import com.sun.jna.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the driver of an NVIDIA GPU is installed, told by the files it leaves, without loading any of them. */
final class NvidiaDriver {

    /** The driver's own on Linux, and the one by which a Linux inside Windows reaches that of Windows. */
    private static final List<Path> LINUX = List.of(Path.of("/proc/driver/nvidia/version"), Path.of("/dev/dxg"));

    private NvidiaDriver() {}

    static boolean isInstalled() {
        if (Platform.isLinux()) return LINUX.stream().anyMatch(Files::exists);
        if (!Platform.isWindows()) return false;
        return Optional.ofNullable(System.getenv("SystemRoot"))
                .map(root -> Files.exists(Path.of(root, "System32", "nvcuda.dll")))
                .orElse(false);
    }
}
