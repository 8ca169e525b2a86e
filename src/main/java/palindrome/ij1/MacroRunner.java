package palindrome.ij1;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.imagej.patcher.LegacyInjector;

/**
 * Runs one ImageJ macro without a display, with the plugin installed, for
 * servers and batch jobs:
 *
 * <pre>
 * java -jar target/Palindrome_.jar macro.ijm [argument]
 * </pre>
 *
 * The macro's output goes to standard output. The exit status is 0 if the macro
 * ran to its end, {@value #FAILED} if it or a plugin in it failed or called
 * {@code exit("message")}, {@value #USAGE} if it could not be started; in both
 * cases one sentence on standard error says why.
 * <p>
 * NB: ImageJ 1.54 cannot run any command headless until ImageJ2's patcher has
 * changed it, which must happen before the first {@code ij} class is loaded.
 * Hence this class names none; {@link HeadlessMacro} does the rest.
 * </p>
 */
public final class MacroRunner {

    static final int FAILED = 1;
    static final int USAGE = 2;

    private MacroRunner() {}

    /** @param args the macro file, and optionally the macro's argument */
    public static void main(final String... args) {
        System.setProperty("java.awt.headless", "true");
        final PrintStream err = System.err;
        final int status = run(args, err);
        System.out.flush();
        err.flush();
        // ImageJ, SciJava and the tensor engine leave threads behind
        System.exit(status);
    }

    static int run(final String[] args, final PrintStream err) {
        if (args.length < 1 || args.length > 2) {
            err.println("Usage: java -jar Palindrome_.jar macro.ijm [argument]");
            return USAGE;
        }
        // in the locale C, Java makes this character of each byte beyond ASCII, and would name files so
        if (String.join("", args).indexOf('\uFFFD') >= 0) {
            err.println("Java cannot read letters of the arguments in the locale of this process ("
                    + System.getProperty("sun.jnu.encoding") + "): start it in one of UTF-8, as with LC_ALL=C.UTF-8.");
            return USAGE;
        }
        if (!Object.class.getModule().isOpen("java.lang", MacroRunner.class.getModule())) {
            err.println("Java must be started by 'java -jar Palindrome_.jar' or with"
                    + " --add-opens=java.base/java.lang=ALL-UNNAMED to run ImageJ headless.");
            return USAGE;
        }
        final Path file = Path.of(args[0]).toAbsolutePath();
        final String macro;
        try {
            macro = Files.readString(file);
        } catch (final IOException exc) {
            err.println("Cannot read the macro file " + file + ": " + reason(exc) + ".");
            return USAGE;
        }
        LegacyInjector.preinit();
        final Optional<String> failure = new HeadlessMacro(file, macro).run(args.length == 2 ? args[1] : "");
        failure.ifPresent(err::println);
        return failure.isPresent() ? FAILED : 0;
    }

    private static String reason(final IOException exc) {
        return exc instanceof java.nio.file.NoSuchFileException
                ? "there is no such file"
                : exc instanceof java.nio.charset.MalformedInputException
                        ? "it is not UTF-8 text"
                        : String.valueOf(exc.getMessage());
    }
}
