package palindrome.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The native libraries that compute in this process. */
public final class NativeLibraries {

    private static final Path MAPS = Path.of("/proc/self/maps");

    /** Parts of the names of what is told. */
    private static final List<String> NAMES =
            List.of("torch", "c10", "cudart", "cudnn", "cublas", "gomp", "iomp", "mkl", "tokenizers");

    private NativeLibraries() {}

    /**
     * @return paths of libtorch and its kin: where the system tells, as on Linux, of those that are loaded, else of
     *         those in the folder libtorch was loaded from
     */
    public static List<String> paths() {
        try {
            return Files.isReadable(MAPS) ? loaded() : beside();
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }

    private static List<String> loaded() throws IOException {
        try (Stream<String> lines = Files.lines(MAPS)) {
            return libraries(
                    lines.filter(line -> line.indexOf('/') >= 0).map(line -> line.substring(line.indexOf('/'))));
        }
    }

    private static List<String> beside() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(TorchEngine.start().libtorchFolder()))) {
            return libraries(files.map(Path::toString));
        }
    }

    private static List<String> libraries(final Stream<String> paths) {
        return paths.filter(NativeLibraries::isTold).distinct().sorted().toList();
    }

    private static boolean isTold(final String path) {
        final String name = Path.of(path).getFileName().toString().toLowerCase(Locale.ROOT);
        return name.matches(".*\\.(so|dll|dylib)([.\\d]*)") && NAMES.stream().anyMatch(name::contains);
    }
}
