package palindrome.engine;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Frees the memory of everything that Java does not need any more, and writes over it: what happens to a running program
 * sooner or later, at once.
 */
public final class FreedMemory {

    private static final int BUFFERS = 3000;

    private FreedMemory() {}

    public static void overwrite() {
        final WeakReference<Object> probe = new WeakReference<>(new Object());
        try {
            for (int i = 0; i < 50 && probe.get() != null; i++) {
                System.gc();
                Thread.sleep(10);
            }
            // Native memory follows a little later, by a thread of its own.
            Thread.sleep(50);
        } catch (final InterruptedException exc) {
            throw new IllegalStateException(exc);
        }
        for (int i = 0; i < BUFFERS; i++)
            ByteBuffer.allocateDirect(Double.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putDouble(0, 1000);
    }
}
