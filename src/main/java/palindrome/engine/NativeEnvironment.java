package palindrome.engine;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What libtorch and its libraries read from the environment when they are loaded,
 * set where it helps on Linux and where the user's own environment says nothing.
 * <ul>
 * <li>Threads of OpenMP sleep while they wait for one another. By default they spin:
 * as soon as another program wants the same cores, a spinning thread holds the core
 * that the thread it waits for needs, and a small network becomes ten times slower
 * or worse.</li>
 * <li>Large tensors lie on huge pages where the system offers them. They are mapped
 * and unmapped at almost every operation, and entering each small page of them costs
 * more than many of the operations themselves.</li>
 * </ul>
 */
final class NativeEnvironment {

    private static final Logger LOG = LoggerFactory.getLogger(NativeEnvironment.class);

    /**
     * @param name a variable
     * @param value what it is set to
     * @param decided variables by which a user may have decided
     */
    private record Setting(String name, String value, List<String> decided) {

        boolean isOpen() {
            return decided.stream().noneMatch(variable -> System.getenv(variable) != null);
        }
    }

    private static final List<Setting> SETTINGS = List.of(
            new Setting("OMP_WAIT_POLICY", "PASSIVE", List.of("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")),
            new Setting("THP_MEM_ALLOC_ENABLE", "1", List.of("THP_MEM_ALLOC_ENABLE")));

    private NativeEnvironment() {}

    /** Has an effect only before libtorch is loaded, which is when the variables are read. */
    static void prepare() {
        if (!Platform.isLinux()) return;
        for (final Setting setting : SETTINGS) if (setting.isOpen()) set(setting);
    }

    private static void set(final Setting setting) {
        try {
            // NB: Java cannot set its own environment. It keeps a copy, so programs
            // that it starts do not inherit this.
            final Object[] arguments = {setting.name(), setting.value(), 0};
            NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(arguments);
        } catch (final LinkageError exc) {
            LOG.warn(
                    "Computing may be slow; start Java with {}={} ({}).",
                    setting.name(),
                    setting.value(),
                    exc.toString());
        }
    }
}
