package palindrome.ij1;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.Optional;

/** An X display for tests: the one at hand, or an Xvfb of our own. */
final class VirtualDisplay implements AutoCloseable {

    private final String name;
    private final Process server;

    private VirtualDisplay(final String name, final Process server) {
        this.name = name;
        this.server = server;
    }

    /** Opens a display; empty if this machine has neither a display nor Xvfb. */
    static Optional<VirtualDisplay> open() throws IOException {
        if (canStart("Xvfb")) {
            // the server picks a free display and writes its number
            final Process server = new ProcessBuilder(
                            "Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            final String number = new BufferedReader(new InputStreamReader(server.getInputStream())).readLine();
            if (number != null) return Optional.of(new VirtualDisplay(":" + number, server));
        }
        return Optional.ofNullable(System.getenv("DISPLAY")).map(display -> new VirtualDisplay(display, null));
    }

    private static boolean canStart(final String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> new File(folder, program).canExecute());
    }

    /** What goes into the {@code DISPLAY} variable. */
    String name() {
        return name;
    }

    @Override
    public void close() {
        if (server != null) server.destroy();
    }
}
