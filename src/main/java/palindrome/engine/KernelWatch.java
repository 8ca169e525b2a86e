package palindrome.engine;

import java.util.function.Supplier;

/**
 * Told of every kernel that one thread calls during some work: to stop a long
 * network evaluation between two of its kernels, or to time them.
 */
@FunctionalInterface
public interface KernelWatch {

    /**
     * Asked before each call.
     *
     * @param kernel the kernel's name, that of its text
     * @param method the method called
     * @throws RuntimeException to leave the work, such as
     *           {@link java.util.concurrent.CancellationException}; nothing of the call
     *           has been computed then
     */
    void before(String kernel, String method);

    /**
     * Told after each call that returned. NB: on a GPU, calls return before they are
     * done.
     *
     * @param kernel the kernel's name
     * @param method the method called
     */
    default void after(final String kernel, final String method) {
        // most only want to stop
    }

    /**
     * @param work what to watch, on this thread alone; watches around it go on watching
     * @return what the work returns
     */
    default <T> T during(final Supplier<T> work) {
        return KernelWatches.during(this, work);
    }
}
