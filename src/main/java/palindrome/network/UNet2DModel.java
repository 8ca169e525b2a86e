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
import java.util.Optional;

/**
 * diffusers' UNet2DModel: predicts noise, velocity or the clean image from a
 * noisy sample and its timestep, and a class label if it was trained with any.
 * <p>
 * A pure function of its inputs and weights. It may run on several threads, and
 * autograd flows through it to inputs and to weights that require a gradient.
 * Dropout is not applied.
 */
public final class UNet2DModel implements UNet {

    private final UNet2DConfig config;
    private final Kernels kernels = new Kernels();
    private final ConvIn convIn;
    private final TimeProjection timeProjection;
    private final TimestepEmbedding timeEmbedding;
    private final Optional<ClassEmbedding> classEmbedding;
    private final List<DownBlock> downBlocks = new ArrayList<>();
    private final Optional<UNetMidBlock2D> midBlock;
    private final List<UpBlock> upBlocks = new ArrayList<>();
    private final ConvOut convOut;

    /**
     * @param config the checkpoint's configuration
     * @param weights its tensors, which must outlive the network
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public UNet2DModel(final UNet2DConfig config, final Weights weights) {
        this.config = config;
        final ModuleScope scope = new ModuleScope("", weights, kernels);
        final int finest = config.blockOutChannels().get(0);
        convIn = new ConvIn(scope, config.inChannels(), finest, 3, config.centerInputSample());
        timeProjection = timeProjection(scope, finest);
        timeEmbedding = new TimestepEmbedding(
                scope.child("time_embedding"), config.timestepInputDim(), config.timeEmbeddingDim());
        classEmbedding = ClassEmbedding.of(
                scope, config.classEmbedType(), timeProjection, config.timestepInputDim(), config.timeEmbeddingDim());
        final int levels = config.levels();
        for (int i = 0; i < levels; i++) downBlocks.add(downBlock(scope.child("down_blocks", i), i));
        midBlock = config.midBlock()
                ? Optional.of(new UNetMidBlock2D(scope.child("mid_block"), config))
                : Optional.empty();
        for (int i = 0; i < levels; i++) upBlocks.add(upBlock(scope.child("up_blocks", i), i));
        convOut = new ConvOut(scope, config, config.outChannels(), 3);
    }

    /**
     * @param config a configuration
     * @return names and shapes of all parameters of such a network, in the order of
     *         the module tree; needs neither a checkpoint nor native code
     */
    public static Map<String, Shape> parameterShapes(final UNet2DConfig config) {
        final ShapeRecorder recorder = new ShapeRecorder();
        new UNet2DModel(config, recorder).close();
        return recorder.shapes();
    }

    /** @return what this network was built from */
    public UNet2DConfig config() {
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
        return convIn.weight().getDevice();
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
        return convIn.weight().getDataType();
    }

    /**
     * {@inheritDoc}
     *
     * @param conditioning {@link Conditioning.ClassLabels} if the network takes class
     *          labels, {@link Conditioning.None} otherwise
     */
    @Override
    public NDArray forward(final NDArray sample, final NDArray timesteps, final Conditioning conditioning) {
        UNetShapes.requireSample(sample.getShape(), config.inChannels());
        UNetShapes.requireTimesteps(timesteps.getShape(), sample.getShape().get(0));
        final NDManager owner = sample.getManager();
        // NB: a kernel's result belongs to the manager of its first input. Once
        // the first results are in the scope, so is everything after them, and
        // all of it is freed even if a kernel fails half-way.
        try (NDManager scope = owner.newSubManager()) {
            final NDArray projected = timeProjection.forward(sample, timesteps);
            projected.attach(scope);
            final NDArray temb = withClass(timeEmbedding.forward(projected), conditioning);
            final NDArray first = convIn.forward(sample);
            first.attach(scope);
            final NDArray last = throughBlocks(first, BlockContext.of(temb));
            final NDArray result = config.timeEmbeddingType() == UNet2DConfig.TimeEmbeddingType.FOURIER
                    ? convOut.forwardOver(timesteps, last)
                    : convOut.forward(last);
            result.attach(owner);
            return result;
        }
    }

    @Override
    public void close() {
        kernels.close();
    }

    private NDArray withClass(final NDArray temb, final Conditioning conditioning) {
        if (classEmbedding.isEmpty()) {
            if (conditioning instanceof Conditioning.None) return temb;
            throw new IllegalArgumentException("The network is unconditional; it takes neither labels nor text.");
        }
        if (conditioning instanceof Conditioning.ClassLabels labels)
            return classEmbedding.get().addTo(temb, labels.labels());
        throw new IllegalArgumentException("The network takes class labels, but was given none.");
    }

    private NDArray throughBlocks(final NDArray first, final BlockContext context) {
        final Deque<NDArray> skips = new ArrayDeque<>();
        skips.push(first);
        NDArray hidden = first;
        for (final DownBlock block : downBlocks) hidden = block.forward(hidden, context, skips);
        // NB: without a middle block the last skip is also the way up's input; both are closed, so both are arrays.
        hidden = midBlock.isPresent()
                ? midBlock.get().forward(hidden, context.temb())
                : hidden.reshape(hidden.getShape());
        for (final UpBlock block : upBlocks) hidden = block.forward(hidden, context, skips);
        return hidden;
    }

    private TimeProjection timeProjection(final ModuleScope scope, final int finest) {
        return switch (config.timeEmbeddingType()) {
            case POSITIONAL -> new Timesteps(scope, finest, config.flipSinToCos(), config.freqShift());
            case FOURIER -> new GaussianFourierProjection(scope, finest);
            case LEARNED -> new Embedding(scope, "time_proj", config.numTrainTimesteps(), finest);
        };
    }

    private DownBlock downBlock(final ModuleScope scope, final int level) {
        return config.downBlockTypes().get(level).equals("AttnDownBlock2D")
                ? new AttnDownBlock2D(scope, config, level)
                : new DownBlock2D(scope, config, level);
    }

    /** @param index place in {@code up_blocks}, 0 the coarsest level */
    private UpBlock upBlock(final ModuleScope scope, final int index) {
        final int level = config.levels() - 1 - index;
        return config.upBlockTypes().get(index).equals("AttnUpBlock2D")
                ? new AttnUpBlock2D(scope, config, level)
                : new UpBlock2D(scope, config, level);
    }
}
