package palindrome.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.training.GradientCollector;
import ai.djl.util.Utils;
import ai.djl.util.cuda.CudaUtils;
import com.sun.jna.Platform;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(TorchEngine.class);

    /** The version of libtorch that DJL's native glue is built for. */
    static final String LIBTORCH = "2.7.1";

    private static TorchEngine instance;

    private final Engine engine;
    private DeviceFacts deviceFacts;

    private TorchEngine() {
        setDefault("ai.djl.offline", "true");
        setDefault("OPT_OUT_TRACKING", "true");
        NativeEnvironment.prepare();
        final Thread thread = Thread.currentThread();
        final ClassLoader previous = thread.getContextClassLoader();
        thread.setContextClassLoader(TorchEngine.class.getClassLoader());
        try {
            engine = Engine.getEngine("PyTorch");
        } catch (final EngineException | IllegalArgumentException | LinkageError exc) {
            throw new IllegalStateException(startFailure(), exc);
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

    /** @return the version of DJL, which calls libtorch */
    public String djlVersion() {
        return Engine.getDjlVersion();
    }

    /** @return the folder that DJL unpacks libtorch into */
    public Path cacheFolder() {
        return Utils.getEngineCacheDir("pytorch");
    }

    /** @return why libtorch can use no NVIDIA GPU and what to do, as a part of a sentence; empty if it can */
    public Optional<String> gpuObstacle() {
        return gpuCount() > 0 ? Optional.empty() : Optional.of(deviceFacts().obstacle());
    }

    /** @return what tells of the driver and the runtime library of NVIDIA GPUs, as they decide about devices */
    public String cuda() {
        final DeviceFacts facts = deviceFacts();
        return "driver " + (facts.driver() ? "installed" : "not installed") + ", runtime library "
                + (facts.runtimeLibrary() ? CudaUtils.getCudaVersionString() : "not found") + ", libtorch built "
                + (facts.cudaBuild() ? "with" : "without") + " CUDA";
    }

    /** @return threads libtorch computes with on the CPU; another number may round differently */
    public int threads() {
        return JniUtils.getNumThreads();
    }

    /** @return whether this build of libtorch has oneDNN, whose operations kernels may then name */
    public boolean hasOneDnn() {
        return features().contains("MKLDNN");
    }

    /** @return the number of NVIDIA GPUs libtorch can use */
    public int gpuCount() {
        return deviceFacts().gpus();
    }

    /** @return the folder that libtorch was loaded from */
    public String libtorchFolder() {
        return LibUtils.getLibtorchPath();
    }

    /** @return what libtorch was built with, such as {@code MKL} or {@code CUDA} */
    public Set<String> features() {
        return Set.copyOf(JniUtils.getFeatures());
    }

    /** Gives memory that libtorch keeps for later back to the GPUs; nothing happens without one. */
    public void releaseUnusedMemory() {
        if (gpuCount() > 0) JniUtils.emptyCudaCache();
    }

    /** Looked up once: drivers and libraries do not come or go while a process runs. */
    synchronized DeviceFacts deviceFacts() {
        if (deviceFacts == null)
            deviceFacts = new DeviceFacts(
                    System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                    features().contains("CUDA"),
                    engine.getGpuCount(),
                    NvidiaDriver.isInstalled(),
                    hasCudaRuntime(),
                    hasAppleGpu(),
                    libtorchFolder(),
                    setting("PYTORCH_LIBRARY_PATH"),
                    setting("PYTORCH_FLAVOR"),
                    Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")));
        return deviceFacts;
    }

    private static String startFailure() {
        final Optional<String> path = setting("PYTORCH_LIBRARY_PATH");
        if (path.isPresent())
            return "PyTorch, which runs the networks, could not be started with PYTORCH_LIBRARY_PATH='" + path.get()
                    + "' and PYTORCH_FLAVOR='" + setting("PYTORCH_FLAVOR").orElse("") + "'. They must name the lib"
                    + " folder of libtorch " + LIBTORCH + " and its kind, cpu or cu128; without them the libtorch that"
                    + " Palindrome brings is used.";
        return "PyTorch, which runs the networks, could not be started on " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ". Palindrome comes for Linux and Windows on x86-64 and for Apple"
                + " silicon; on those, install its jars folder again.";
    }

    private static boolean hasCudaRuntime() {
        try {
            return CudaUtils.getCudaVersion() > 0;
        } catch (final IllegalArgumentException | IllegalStateException exc) {
            // This is how DJL says that it found none.
            LOG.debug("No CUDA runtime library", exc);
            return false;
        }
    }

    /** NB: DJL lists no such device; it is there if an array can be made on it. */
    private boolean hasAppleGpu() {
        if (!Platform.isMac() || !Platform.isARM()) return false;
        try (NDManager manager = newManager(Device.of("mps", 0))) {
            return Tensors.of(manager, new float[] {1}, 1).toFloatArray()[0] == 1;
        } catch (final EngineException exc) {
            LOG.info("libtorch cannot use the GPU of this computer", exc);
            return false;
        }
    }

    /** As DJL reads it: from the environment, else from a system property. */
    private static Optional<String> setting(final String name) {
        return Optional.ofNullable(Utils.getEnvOrSystemProperty(name)).filter(value -> !value.isBlank());
    }

    /** Gradients of what is computed while the collector is open. */
    public GradientCollector newGradientCollector() {
        return engine.newGradientCollector();
    }

    private static void setDefault(final String property, final String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }
}
