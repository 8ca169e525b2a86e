package palindrome.ij1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.imagej.patcher.LegacyInjector;

/**
 * Runs several macros in one patched ImageJ and prints how each ended: a child
 * for tests, since a child a macro takes seconds.
 */
final class ManyMacros {

    private ManyMacros() {}

    public static void main(final String... files) throws IOException {
        System.setProperty("java.awt.headless", "true");
        LegacyInjector.preinit();
        for (final String name : files) {
            final Path file = Path.of(name);
            final Optional<String> failure = new HeadlessMacro(file, Files.readString(file)).run("");
            System.out.println("-- " + failure.orElse("success"));
        }
        System.exit(0);
    }
}
