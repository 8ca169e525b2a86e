package palindrome.engine;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A few lines of TorchScript that run as one native call.
 * <p>
 * Kernels are to this plugin what OpenCL kernels are to CLIJ: text resources
 * next to a thin Java face. The text holds methods of one module; numeric
 * constants written {@code @NAME@} are filled in when it is loaded, so that
 * sizes and epsilons are part of the compiled kernel and only tensors are
 * passed. Only numbers are ever filled in, never text from a file.
 * <p>
 * Autograd flows through every call to whichever inputs require a gradient.
 * Kernels are stateless and may be called from several threads. A {@link KernelWatch}
 * sees the calls of its thread.
 */
public final class Kernel implements AutoCloseable {

    private static final String METHOD = "module_method:";

    /**
     * Whether a thread was told to run kernels as they are written. Else libtorch
     * watches the first calls of a kernel and rewrites it after what it saw: with
     * gradients, the first call and the later ones round differently then. NB: the
     * setting is a thread's own, and DJL's property for it does not reach these calls.
     */
    private static final ThreadLocal<Boolean> AS_WRITTEN = ThreadLocal.withInitial(() -> {
        JniUtils.setGraphExecutorOptimize(false);
        return true;
    });

    private final String name;
    private final Model model;
    private final PtSymbolBlock block;
    private final Map<String, NDArray> methodMarkers = new ConcurrentHashMap<>();

    private Kernel(final String name, final Model model) {
        this.name = name;
        this.model = model;
        this.block = (PtSymbolBlock) model.getBlock();
    }

    /**
     * @param owner class next to whose resource folder the text lies
     * @param resource file name of the text, such as {@code resnet_block_2d.py}
     * @param constants numbers to fill in, by name
     * @return the compiled kernel
     * @throws IllegalArgumentException if the text leaves a constant unfilled or
     *           does not compile
     */
    public static Kernel load(
            final Class<?> owner, final String resource, final Map<String, ? extends Number> constants) {
        return load(owner, List.of(resource), constants);
    }

    /**
     * As above, from several texts whose methods may call each other.
     *
     * @param owner class next to whose resource folder the texts lie
     * @param resources file names, at least one; the first names the kernel
     * @param constants numbers to fill in, by name
     * @return the compiled kernel
     * @throws IllegalArgumentException if a constant is left unfilled or the texts do
     *           not compile
     */
    public static Kernel load(
            final Class<?> owner, final List<String> resources, final Map<String, ? extends Number> constants) {
        TorchEngine.start();
        final String resource = resources.get(0);
        final String texts = resources.stream().map(name -> text(owner, name)).collect(Collectors.joining("\n"));
        final String source = fill(texts, constants, resource);
        final Model model = Model.newInstance(resource, Device.cpu(), "PyTorch");
        try {
            model.load(new ByteArrayInputStream(TorchScriptArchive.of(source)));
            return new Kernel(resource, model);
        } catch (final IOException | MalformedModelException | EngineException exc) {
            model.close();
            throw new IllegalArgumentException("Kernel " + resource + " does not compile: " + exc.getMessage(), exc);
        }
    }

    /**
     * Runs one method.
     *
     * @param method name of the method
     * @param inputs its tensors, in order, at least one
     * @return the result, owned by the manager of the first input
     */
    public NDArray call(final String method, final NDArray... inputs) {
        return callForList(method, inputs).singletonOrThrow();
    }

    /**
     * Runs one method that returns a tuple.
     *
     * @param method name of the method
     * @param inputs its tensors, in order, at least one
     * @return the results, owned by the manager of the first input
     * @throws TensorMemoryException if the device has not enough memory
     */
    public NDList callForList(final String method, final NDArray... inputs) {
        AS_WRITTEN.get();
        final NDList list = new NDList(inputs.length + 1);
        for (final NDArray input : inputs) list.add(input);
        list.add(methodMarkers.computeIfAbsent(method, this::marker));
        // NB: "training" here only means that results are ordinary tensors that
        // autograd can see; in inference mode DJL's results refuse it.
        try {
            return KernelWatches.call(name, method, () -> IValueUtils.forward(block, list, true));
        } catch (final EngineException exc) {
            throw TensorMemoryException.explaining(exc, inputs[0].getDevice());
        }
    }

    @Override
    public void close() {
        model.close();
    }

    @Override
    public String toString() {
        return name;
    }

    /** DJL picks the method by the name of an otherwise unused array. */
    private NDArray marker(final String method) {
        final NDManager manager = model.getNDManager();
        final NDArray marker = Tensors.of(manager, new long[] {0}, 1);
        marker.setName(METHOD + method);
        return marker;
    }

    private static String text(final Class<?> owner, final String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null)
                throw new IllegalArgumentException("No kernel " + resource + " beside " + owner.getName() + ".");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }

    private static String fill(
            final String text, final Map<String, ? extends Number> constants, final String resource) {
        String filled = text;
        for (final Map.Entry<String, ? extends Number> entry : constants.entrySet())
            filled = filled.replace("@" + entry.getKey() + "@", entry.getValue().toString());
        final int left = filled.indexOf('@');
        if (left >= 0)
            throw new IllegalArgumentException("Kernel " + resource + " has an unfilled constant at '"
                    + filled.substring(left, Math.min(filled.length(), left + 20)) + "'.");
        return filled;
    }
}
