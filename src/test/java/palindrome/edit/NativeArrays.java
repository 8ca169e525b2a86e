package palindrome.edit;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Map;

/** Counts what a manager keeps alive, with all managers below it. */
public final class NativeArrays {

    private NativeArrays() {}

    /** Arrays and managers that are alive under {@code manager}. */
    public static int under(final NDManager manager) {
        int count = manager.getManagedArrays().size();
        for (final Object resource : resources(manager).values()) {
            if (resource instanceof NDManager child) count += 1 + under(child);
            else if (!(resource instanceof NDArray)) count++;
        }
        return count;
    }

    /** NB: DJL tells the arrays of a manager, but not the managers under it. */
    private static Map<?, ?> resources(final NDManager manager) {
        try {
            final Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            return (Map<?, ?>) field.get(manager);
        } catch (final ReflectiveOperationException exc) {
            throw new AssertionError(exc);
        }
    }
}
