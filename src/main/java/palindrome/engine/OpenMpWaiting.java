package palindrome.engine;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How libtorch's threads wait for one another on Linux.
 * <p>
 * Its OpenMP library lets them spin by default. As soon as another program wants
 * the same cores, a spinning thread holds the core that the thread it waits for
 * needs, and a small network becomes ten times slower or worse. Sleeping costs
 * next to nothing, so that is asked for, unless the user's environment says
 * otherwise.
 */
final class OpenMpWaiting {

    private static final Logger LOG = LoggerFactory.getLogger(OpenMpWaiting.class);
    private static final String POLICY = "OMP_WAIT_POLICY";

    /** Variables by which a user may have decided. */
    private static final List<String> DECIDED = List.of(POLICY, "GOMP_SPINCOUNT");

    private OpenMpWaiting() {}

    /**
     * Lets threads sleep. Has an effect only before libtorch is loaded, which is
     * when OpenMP reads the environment.
     */
    static void sleep() {
        if (!Platform.isLinux() || DECIDED.stream().anyMatch(name -> System.getenv(name) != null)) return;
        try {
            // NB: Java cannot set its own environment. It keeps a copy, so programs
            // that it starts do not inherit this.
            final Object[] arguments = {POLICY, "PASSIVE", 0};
            NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(arguments);
        } catch (final LinkageError exc) {
            LOG.warn(
                    "Computing may be slow while other programs are busy; start Java with {}=PASSIVE ({}).",
                    POLICY,
                    exc.toString());
        }
    }
}
