package palindrome.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;

/**
 * Starts PyTorch through DJL, once, in the only way that is safe inside ImageJ.
 * <p>
 * DJL looks for its engines through the thread context class loader when its
 * {@code Engine} class is first touched, and what it finds then is final.
 * ImageJ's plugin threads carry another loader, so it is set here, first.
 * Nothing is ever downloaded: natives come from the class path, or from the
 * folder named by {@code PYTORCH_LIBRARY_PATH}.
 */
public final class TorchEngine {

    private static TorchEngine instance;

    private final Engine engine;

    private TorchEngine() {
        setDefault("ai.djl.offline", "true");
        setDefault("OPT_OUT_TRACKING", "true");
        // The profiling executor re-specialises kernels for every new shape,
        // which costs seconds on a GPU and gains nothing for our kernels.
        setDefault("ai.djl.pytorch.graph_optimizer", "false");
        NativeEnvironment.prepare();
        final Thread thread = Thread.currentThread();
        final ClassLoader previous = thread.getContextClassLoader();
        thread.setContextClassLoader(TorchEngine.class.getClassLoader());
        try {
            engine = Engine.getEngine("PyTorch");
        } catch (final EngineException | IllegalArgumentException | LinkageError exc) {
            throw new IllegalStateException(
                    "PyTorch, which runs the networks, could not be started on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ". Palindrome comes for Linux and Windows on x86-64 and"
                            + " for Apple silicon; on those, install its jars folder again.",
                    exc);
        } finally {
            thread.setContextClassLoader(previous);
        }
    }

    /**
     * Starts the engine if it is not running yet. Safe from any thread.
     *
     * @return the one engine of this process
     * @throws IllegalStateException if the native libraries of this platform cannot
     *           be found or loaded; the message is one for the user
     */
    public static synchronized TorchEngine start() {
        if (instance == null) instance = new TorchEngine();
        return instance;
    }

    /**
     * @param device where the manager's arrays live
     * @return a new manager that owns native memory until it is closed
     */
    public NDManager newManager(final Device device) {
        return engine.newBaseManager(device);
    }

    /** @return the version of libtorch, for provenance */
    public String version() {
        return engine.getVersion();
    }

    /** @return threads libtorch computes with on the CPU; another number may round differently */
    public int threads() {
        return JniUtils.getNumThreads();
    }

    /** @return whether this build of libtorch has oneDNN, whose operations kernels may then name */
    public boolean hasOneDnn() {
        return JniUtils.getFeatures().contains("MKLDNN");
    }

    /** @return the number of CUDA devices libtorch can use */
    public int gpuCount() {
        return engine.getGpuCount();
    }

    /** Gradients of what is computed while the collector is open. */
    public GradientCollector newGradientCollector() {
        return engine.newGradientCollector();
    }

    private static void setDefault(final String property, final String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }
}
