package palindrome.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * diffusers' UNet2DConditionModel: predicts noise, velocity or the clean image
 * from a noisy sample, its timestep and the states of a text encoder.
 * <p>
 * A pure function of its inputs and weights. It may run on several threads, and
 * autograd flows through it to inputs and to weights that require a gradient; with
 * gradients, linear layers on a CPU run in another library and may round otherwise.
 * Dropout is not applied.
 */
public final class UNet2DConditionModel implements UNet {

    private final UNet2DConditionConfig config;
    private final Kernels kernels = new Kernels();
    private final UNet2DConditionEncoder encoder;
    private final List<UpBlock> upBlocks = new ArrayList<>();
    private final ConvOut convOut;

    /**
     * @param config the checkpoint's configuration
     * @param weights its tensors, which must outlive the network
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public UNet2DConditionModel(final UNet2DConditionConfig config, final Weights weights) {
        this.config = config;
        final ModuleScope scope = new ModuleScope("", weights, kernels);
        encoder = new UNet2DConditionEncoder(scope, config);
        for (int i = 0; i < config.levels(); i++) upBlocks.add(upBlock(scope.child("up_blocks", i), i));
        convOut = new ConvOut(scope, config, config.outChannels(), config.convOutKernel());
    }

    /**
     * @param config a configuration
     * @return names and shapes of all parameters of such a network, in the order of
     *         the module tree; needs neither a checkpoint nor native code
     */
    public static Map<String, Shape> parameterShapes(final UNet2DConditionConfig config) {
        final ShapeRecorder recorder = new ShapeRecorder();
        new UNet2DConditionModel(config, recorder).close();
        return recorder.shapes();
    }

    /** @return what this network was built from */
    public UNet2DConditionConfig config() {
        return config;
    }

    @Override
    public int inChannels() {
        return config.inChannels();
    }

    @Override
    public int outChannels() {
        return config.outChannels();
    }

    @Override
    public int levels() {
        return config.levels();
    }

    @Override
    public Device device() {
        return encoder.weight().getDevice();
    }

    @Override
    public long evaluationBytes(final long batch, final long height, final long width) {
        return new EvaluationMemory(config).elements(batch, height, width)
                * elementType().getNumOfBytes();
    }

    @Override
    public long gradientBytes(final long batch, final long height, final long width) {
        return new EvaluationMemory(config).gradientElements(batch, height, width)
                * elementType().getNumOfBytes();
    }

    @Override
    public DataType elementType() {
        return encoder.weight().getDataType();
    }

    /**
     * {@inheritDoc} Height and width may be any size; sides that are not divisible
     * by 2 at every level are upsampled to the size they came from.
     *
     * @param conditioning {@link Conditioning.Text}, with the additions that the
     *          configuration asks for
     */
    @Override
    public NDArray forward(final NDArray sample, final NDArray timesteps, final Conditioning conditioning) {
        return forward(sample, timesteps, conditioning, (middle, skips) -> middle);
    }

    /**
     * As above, under the influence of a ControlNet.
     *
     * @param residuals what it gave for the same inputs, scaled; stay the caller's
     */
    public NDArray forward(
            final NDArray sample,
            final NDArray timesteps,
            final Conditioning conditioning,
            final ControlNetModel.Residuals residuals) {
        return forward(sample, timesteps, conditioning, residuals::addTo);
    }

    /** What happens between the two halves: a new middle, and skips that may be changed in place. */
    private NDArray forward(
            final NDArray sample,
            final NDArray timesteps,
            final Conditioning conditioning,
            final BiFunction<NDArray, Deque<NDArray>, NDArray> between) {
        final Conditioning.Text text = encoder.requireInputs(sample.getShape(), timesteps.getShape(), conditioning);
        final NDManager owner = sample.getManager();
        // NB: all that is computed is in the scope, and is freed even if a kernel fails half-way.
        try (NDManager scope = owner.newSubManager()) {
            final BlockContext context = encoder.context(sample, timesteps, text, scope);
            final Deque<NDArray> skips = new ArrayDeque<>();
            NDArray hidden = encoder.forward(encoder.convIn(sample, scope), context, skips);
            hidden = between.apply(hidden, skips);
            for (final UpBlock block : upBlocks) hidden = block.forward(hidden, context, skips);
            final NDArray result = convOut.forward(hidden);
            result.attach(owner);
            return result;
        }
    }

    @Override
    public void close() {
        kernels.close();
    }

    /** @param index place in {@code up_blocks}, 0 the coarsest level */
    private UpBlock upBlock(final ModuleScope scope, final int index) {
        final int level = config.levels() - 1 - index;
        return config.upBlockTypes().get(index).equals("CrossAttnUpBlock2D")
                ? new CrossAttnUpBlock2D(scope, config, level)
                : new UpBlock2D(scope, config, level);
    }
}
