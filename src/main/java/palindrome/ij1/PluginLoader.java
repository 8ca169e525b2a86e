package palindrome.ij1;

import java.util.function.Supplier;

/**
 * Runs something with the plugin's class loader as the thread's own, through
 * which SciJava and the tensor engine look for their parts. ImageJ, and
 * whatever else calls, has another one there.
 */
final class PluginLoader {

    private PluginLoader() {}

    static <T> T call(final Supplier<T> work) {
        final Thread thread = Thread.currentThread();
        final ClassLoader caller = thread.getContextClassLoader();
        thread.setContextClassLoader(PluginLoader.class.getClassLoader());
        try {
            return work.get();
        } finally {
            thread.setContextClassLoader(caller);
        }
    }
}
