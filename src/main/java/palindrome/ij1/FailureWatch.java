package palindrome.ij1;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds failures that a headless ImageJ only prints: exceptions of plugins,
 * after which the macro goes on, errors of nested macros, and a macro's
 * {@code exit("message")}. It
 * recognises them by who prints, and passes everything else through.
 */
final class FailureWatch implements AutoCloseable {

    private static final String CAUSED_BY = "Caused by: ";
    private static final String OWN_NAME = FailureWatch.class.getName();

    /** These show a message and end the macro. */
    private static final Set<String> STOPPERS = Set.of("ij.IJ.error", "ij.macro.Functions.exit");

    /** These log an exception and go on. */
    private static final Set<String> CATCHERS =
            Set.of("ij.Executer.run", "ij.IJ.handleException", "ij.macro.Functions.call");

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private String failure;

    private FailureWatch() {}

    /** Starts watching standard output and error until closed. */
    static FailureWatch install() {
        final FailureWatch watch = new FailureWatch();
        System.setOut(watch.new Stream(watch.out));
        System.setErr(watch.new Stream(watch.err));
        return watch;
    }

    /** One sentence on the first failure seen, or empty. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
    }

    /** Takes the text over if it reports a failure. */
    private boolean takes(final String text) {
        // the method that prints, then its callers
        final List<String> callers = StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith(OWN_NAME))
                        .limit(3)
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                        .collect(Collectors.toList()));
        final String printer = callers.get(0);
        final String caller = callers.size() > 1 ? callers.get(1) : "";
        if (printer.equals("ij.macro.Interpreter.showError")) {
            // the message and its line number, then the source text
            remember(firstLine(text));
            return true;
        }
        if (printer.equals("ij.IJ.showMessage") && STOPPERS.contains(caller)) {
            remember("The macro stopped: " + text.replaceAll("\\s+", " ").strip());
            return true;
        }
        if (printer.equals("ij.IJ.log") && CATCHERS.contains(caller)) remember("A plugin failed: " + rootCause(text));
        return false;
    }

    /** The exception at the root of a printed stack trace. */
    private static String rootCause(final String stackTrace) {
        return stackTrace
                .lines()
                .filter(line -> line.startsWith(CAUSED_BY))
                .reduce((outer, inner) -> inner)
                .map(line -> line.substring(CAUSED_BY.length()))
                .orElse(firstLine(stackTrace));
    }

    private static String firstLine(final String text) {
        return text.lines().findFirst().orElse("").strip();
    }

    private void remember(final String sentence) {
        if (failure == null) failure = sentence;
    }

    /** NB: ImageJ prints whole lines, by this method only. */
    private final class Stream extends PrintStream {

        Stream(final OutputStream target) {
            super(target, true);
        }

        @Override
        public void println(final String text) {
            if (!takes(String.valueOf(text))) super.println(text);
        }
    }
}
