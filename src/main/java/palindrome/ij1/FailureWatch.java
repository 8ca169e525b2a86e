package palindrome.ij1;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds failures that a headless ImageJ only prints: exceptions of plugins,
 * after which the macro goes on, and a macro's {@code exit("message")}. It
 * recognises them by who prints, and passes everything else through.
 */
final class FailureWatch implements AutoCloseable {

    private static final int FRAMES = 6;

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
        final List<String> callers = StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> frame.getClassName().startsWith("ij."))
                        .limit(FRAMES)
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                        .collect(Collectors.toList()));
        if (callers.contains("ij.macro.Interpreter.showError")) return true;
        if (callers.contains("ij.macro.Functions.exit")) {
            remember("The macro stopped: " + text);
            return true;
        }
        final int log = callers.lastIndexOf("ij.IJ.log");
        final String logger = log < 0 || log + 1 == callers.size() ? "" : callers.get(log + 1);
        if (logger.equals("ij.Executer.run") || logger.equals("ij.IJ.handleException")) {
            remember("A plugin failed: " + text.lines().findFirst().orElse(""));
        }
        return false;
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
