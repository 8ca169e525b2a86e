package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The half of a text-conditional UNet that ControlNet copies: the embeddings of
 * what it is told, the first convolution, the way down and the middle.
 */
final class UNet2DConditionEncoder {

    private final UNet2DConditionConfig config;
    private final ConvIn convIn;
    private final Timesteps timeProjection;
    private final TimestepEmbedding timeEmbedding;
    private final Optional<ClassEmbedding> classEmbedding;
    private final Optional<TextTimeEmbedding> textEmbedding;
    private final Optional<AdditionEmbedding> additionEmbedding;
    private final List<DownBlock> downBlocks = new ArrayList<>();
    private final UNetMidBlock2DCrossAttn midBlock;

    /** @param scope of the network */
    UNet2DConditionEncoder(final ModuleScope scope, final UNet2DConditionConfig config) {
        this.config = config;
        final int finest = config.blockOutChannels().get(0);
        final int width = config.timeEmbeddingDim();
        convIn = new ConvIn(scope, config.inChannels(), finest, config.convInKernel(), config.centerInputSample());
        timeProjection = new Timesteps(scope, finest, config.flipSinToCos(), config.freqShift());
        timeEmbedding = config.timeCondProjDim() == 0
                ? new TimestepEmbedding(scope.child("time_embedding"), finest, width)
                : TimestepEmbedding.conditioned(scope.child("time_embedding"), finest, width, config.timeCondProjDim());
        classEmbedding = ClassEmbedding.of(scope, config.classEmbedType(), timeProjection, finest, width);
        textEmbedding = config.additionEmbedType() instanceof AdditionEmbedType.Text type
                ? Optional.of(new TextTimeEmbedding(scope.child("add_embedding"), type, config))
                : Optional.empty();
        additionEmbedding = config.additionEmbedType() instanceof AdditionEmbedType.TextTime type
                ? Optional.of(new AdditionEmbedding(scope, type, config))
                : Optional.empty();
        for (int i = 0; i < config.levels(); i++) downBlocks.add(downBlock(scope.child("down_blocks", i), i));
        midBlock = new UNetMidBlock2DCrossAttn(scope.child("mid_block"), config);
    }

    /** @return a weight, whose type and device all of the network shares */
    NDArray weight() {
        return convIn.weight();
    }

    /** @throws IllegalArgumentException if the inputs do not have the shapes or the kind that the network takes */
    Conditioning.Text requireInputs(final Shape sample, final Shape timesteps, final Conditioning conditioning) {
        UNetShapes.requireSample(sample, config.inChannels());
        final long batch = sample.get(0);
        UNetShapes.requireTimesteps(timesteps, batch);
        if (!(conditioning instanceof Conditioning.Text text))
            throw new IllegalArgumentException("The network takes text states, but was given none.");
        final Shape states = text.encoderHiddenStates().getShape();
        UNetShapes.requireText(states, batch);
        for (final int width : config.crossAttentionDim())
            if (states.get(2) != width)
                throw new IllegalArgumentException("The network takes text states of width " + width
                        + ", but these are " + states + ". Use the text encoder the network was trained with.");
        return text;
    }

    /**
     * @param sample gives the element type
     * @param scope owner of what is computed
     * @return what the blocks hear
     */
    BlockContext context(
            final NDArray sample,
            final NDArray timesteps,
            final Conditioning.Text conditioning,
            final NDManager scope) {
        // NB: a kernel's result belongs to the manager of its first input. Once the
        // first result is in the scope, so is everything made of it.
        final NDArray projected = timeProjection.forward(sample, timesteps);
        projected.attach(scope);
        NDArray temb = conditioning
                .find(Conditioning.TimestepCond.class)
                .map(cond ->
                        timeEmbedding.forward(projected, requireDistilled(cond).vector()))
                .orElseGet(() -> timeEmbedding.forward(projected));
        if (classEmbedding.isPresent())
            temb = classEmbedding
                    .get()
                    .addTo(
                            temb,
                            required(conditioning, Conditioning.ClassLabels.class, "class labels")
                                    .labels());
        if (textEmbedding.isPresent()) temb = textEmbedding.get().addTo(temb, conditioning.encoderHiddenStates());
        if (additionEmbedding.isPresent())
            temb = additionEmbedding
                    .get()
                    .addTo(temb, required(conditioning, Conditioning.TextTime.class, "pooled text states and sizes"));
        return BlockContext.of(temb, conditioning);
    }

    /**
     * @param sample [B, in_channels, H, W]
     * @param scope owner of the result
     * @return [B, C, H, W]
     */
    NDArray convIn(final NDArray sample, final NDManager scope) {
        final NDArray first = convIn.forward(sample);
        first.attach(scope);
        return first;
    }

    /**
     * @param first what the first convolution gave; stays the caller's
     * @param skips takes every result of the way down, {@code first} among them, the last one on top
     * @return the result of the middle block
     */
    NDArray forward(final NDArray first, final BlockContext context, final Deque<NDArray> skips) {
        skips.push(first);
        NDArray hidden = first;
        for (final DownBlock block : downBlocks) hidden = block.forward(hidden, context, skips);
        return midBlock.forward(hidden, context);
    }

    private Conditioning.TimestepCond requireDistilled(final Conditioning.TimestepCond cond) {
        final long width = cond.vector().getShape().get(1);
        if (width != config.timeCondProjDim())
            throw new IllegalArgumentException("The network takes a guidance embedding of width "
                    + config.timeCondProjDim() + ", but this one is " + width + " wide.");
        return cond;
    }

    private static <T extends Conditioning.Addition> T required(
            final Conditioning.Text conditioning, final Class<T> kind, final String what) {
        return conditioning
                .find(kind)
                .orElseThrow(() -> new IllegalArgumentException("The network takes " + what + " besides text states."));
    }

    private DownBlock downBlock(final ModuleScope scope, final int level) {
        return config.downBlockTypes().get(level).equals("CrossAttnDownBlock2D")
                ? new CrossAttnDownBlock2D(scope, config, level)
                : new DownBlock2D(scope, config, level);
    }
}
