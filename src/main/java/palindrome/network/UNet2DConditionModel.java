package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * diffusers' UNet2DConditionModel: predicts noise, velocity or the clean image
 * from a noisy sample, its timestep and the states of a text encoder.
 * <p>
 * A pure function of its inputs and weights. It may run on several threads, and
 * autograd flows through it to inputs and to weights that require a gradient; with
 * gradients, linear layers on a CPU run in another library and may round otherwise.
 * Dropout is not applied.
 */
public final class UNet2DConditionModel implements AutoCloseable {

    private final UNet2DConditionConfig config;
    private final Kernels kernels = new Kernels();
    private final Kernels.Handle kernel;
    private final Parameters convIn;
    private final TimestepEmbedding timeEmbedding;
    private final Optional<TextTimeEmbedding> textEmbedding;
    private final List<DownBlock> downBlocks = new ArrayList<>();
    private final UNetMidBlock2DCrossAttn midBlock;
    private final List<UpBlock> upBlocks = new ArrayList<>();
    private final Parameters convOut;

    /**
     * @param config the checkpoint's configuration
     * @param weights its tensors, which must outlive the network
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public UNet2DConditionModel(final UNet2DConditionConfig config, final Weights weights) {
        this.config = config;
        final ModuleScope scope = new ModuleScope("", weights, kernels);
        final int finest = config.blockOutChannels().get(0);
        kernel = scope.kernel(
                "unet_2d_condition.py",
                Map.of(
                        "PADDING_IN",
                        config.convInKernel() / 2,
                        "PADDING_OUT",
                        config.convOutKernel() / 2,
                        "GROUPS",
                        config.normNumGroups(),
                        "EPS",
                        config.normEps()));
        convIn = scope.parameters()
                .conv("conv_in", finest, config.inChannels(), config.convInKernel())
                .build();
        timeEmbedding = new TimestepEmbedding(scope.child("time_embedding"), config);
        textEmbedding = config.textEmbeddingHeads() == 0
                ? Optional.empty()
                : Optional.of(new TextTimeEmbedding(scope.child("add_embedding"), config));
        final int levels = config.levels();
        for (int i = 0; i < levels; i++) downBlocks.add(downBlock(scope.child("down_blocks", i), i));
        midBlock = new UNetMidBlock2DCrossAttn(scope.child("mid_block"), config);
        for (int i = 0; i < levels; i++) upBlocks.add(upBlock(scope.child("up_blocks", i), i));
        convOut = scope.parameters()
                .norm("conv_norm_out", finest)
                .conv("conv_out", config.outChannels(), finest, config.convOutKernel())
                .build();
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

    /**
     * Evaluates the network. Height and width may be any size; sides that are not
     * divisible by 2 at every level are upsampled to the size they came from.
     *
     * @param sample [B, in_channels, H, W], of the weights' element type
     * @param timesteps [B], float32
     * @param encoderHiddenStates text states [B, L, cross_attention_dim]
     * @return [B, out_channels, H, W], owned by the manager of {@code sample};
     *         nothing else stays allocated
     * @throws IllegalArgumentException if shapes do not fit
     */
    public NDArray forward(final NDArray sample, final NDArray timesteps, final NDArray encoderHiddenStates) {
        requireShapes(sample.getShape(), timesteps.getShape(), encoderHiddenStates.getShape());
        final NDManager owner = sample.getManager();
        // NB: a kernel's result belongs to the manager of its first input. Once
        // the first results are in the scope, so is everything after them, and
        // all of it is freed even if a kernel fails half-way.
        try (NDManager scope = owner.newSubManager()) {
            final NDArray time = timeEmbedding.forward(sample, timesteps);
            time.attach(scope);
            final NDArray temb = textEmbedding
                    .map(text -> text.addTo(time, encoderHiddenStates))
                    .orElse(time);
            final NDArray first =
                    kernel.call(config.centerInputSample() ? "conv_in_centered" : "conv_in", convIn, sample);
            first.attach(scope);
            final NDArray last = throughBlocks(first, temb, encoderHiddenStates);
            final NDArray result = kernel.call("conv_out", convOut, last);
            result.attach(owner);
            return result;
        }
    }

    @Override
    public void close() {
        kernels.close();
    }

    private NDArray throughBlocks(final NDArray first, final NDArray temb, final NDArray context) {
        final Deque<NDArray> skips = new ArrayDeque<>();
        skips.push(first);
        NDArray hidden = first;
        for (final DownBlock block : downBlocks) hidden = block.forward(hidden, temb, context, skips);
        hidden = midBlock.forward(hidden, temb, context);
        for (final UpBlock block : upBlocks) hidden = block.forward(hidden, temb, context, skips);
        return hidden;
    }

    private DownBlock downBlock(final ModuleScope scope, final int index) {
        return switch (config.downBlockTypes().get(index)) {
            case "CrossAttnDownBlock2D" -> new CrossAttnDownBlock2D(scope, config, index);
            case "DownBlock2D" -> new DownBlock2D(scope, config, index);
            default ->
                throw new IllegalArgumentException(
                        "Unknown down block " + config.downBlockTypes().get(index) + ".");
        };
    }

    /** @param index place in {@code up_blocks}, 0 the coarsest level */
    private UpBlock upBlock(final ModuleScope scope, final int index) {
        final int level = config.levels() - 1 - index;
        return switch (config.upBlockTypes().get(index)) {
            case "CrossAttnUpBlock2D" -> new CrossAttnUpBlock2D(scope, config, level);
            case "UpBlock2D" -> new UpBlock2D(scope, config, level);
            default ->
                throw new IllegalArgumentException(
                        "Unknown up block " + config.upBlockTypes().get(index) + ".");
        };
    }

    private void requireShapes(final Shape sample, final Shape timesteps, final Shape context) {
        if (sample.dimension() != 4 || sample.get(1) != config.inChannels())
            throw new IllegalArgumentException("The network takes samples [B, " + config.inChannels()
                    + ", H, W], but this one is " + sample + ".");
        final long batch = sample.get(0);
        if (timesteps.dimension() != 1 || timesteps.get(0) != batch)
            throw new IllegalArgumentException("The network takes one timestep per " + "sample, [" + batch
                    + "], but these are " + timesteps + ".");
        if (context.dimension() != 3 || context.get(0) != batch)
            throw new IllegalArgumentException(
                    "The network takes text states [" + batch + ", L, D], but these are " + context + ".");
        for (final int width : config.crossAttentionDim())
            if (context.get(2) != width)
                throw new IllegalArgumentException("The network takes text states of width " + width
                        + ", but these are " + context + ". Use the text encoder the network was trained with.");
    }
}
