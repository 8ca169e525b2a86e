package palindrome.engine;

import java.util.function.Supplier;

/**
 * The watches over this thread's kernel calls. Bound to the thread for as long as
 * the watched work runs, so that networks need not hand them from module to module.
 */
final class KernelWatches {

    /** @param outer the watch around this one; null for the outermost */
    private record Nested(KernelWatch watch, Nested outer) {}

    private static final ThreadLocal<Nested> INNERMOST = new ThreadLocal<>();

    private KernelWatches() {}

    static <T> T during(final KernelWatch watch, final Supplier<T> work) {
        final Nested outer = INNERMOST.get();
        INNERMOST.set(new Nested(watch, outer));
        try {
            return work.get();
        } finally {
            if (outer == null) INNERMOST.remove();
            else INNERMOST.set(outer);
        }
    }

    /** Runs one kernel call under this thread's watches, the innermost asked first. */
    static <T> T call(final String kernel, final String method, final Supplier<T> call) {
        final Nested innermost = INNERMOST.get();
        for (Nested one = innermost; one != null; one = one.outer()) one.watch().before(kernel, method);
        final T result = call.get();
        for (Nested one = innermost; one != null; one = one.outer()) one.watch().after(kernel, method);
        return result;
    }
}
