package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import palindrome.model.DiffusionModel;
import palindrome.network.AttentionLayer;
import palindrome.network.AttentionMix;
import palindrome.network.AttentionProcessor;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.NodeGrid;

/**
 * Between a network's evaluations of a source and those of its edit: the first are recorded, the second follow them as
 * Prompt-to-Prompt says. The source is evaluated by the same kernels as alone, so its bits are the same.
 */
public final class SharedAttention implements AutoCloseable {

    private static final int USUAL_BLEND_LEVEL = 2;

    private final AttentionEdit edit;
    private final int steps;
    private final int sourceLength;
    private final int length;
    private final Optional<LocalBlend> blend;
    private final AttentionTape tape;

    /**
     * Between the prompts of a source and of its edit in a model.
     *
     * @param edit what to do in which step
     * @param model whose network it is, one that hears text
     * @param grid the nodes to walk
     * @param source what the network is told of the source
     * @param target what it is told of the edit
     * @param owner parent of what is recorded
     */
    public static SharedAttention of(
            final AttentionEdit edit,
            final DiffusionModel model,
            final NodeGrid grid,
            final GuidedNoise.Prompts source,
            final GuidedNoise.Prompts target,
            final NDManager owner) {
        final int level = blendLevel(((UNet2DConditionModel) model.unet()).config());
        return new SharedAttention(edit, grid.steps(), source.length(), target.length(), level, owner);
    }

    /** Of the levels with transformers the one nearest to a quarter of the state's size, which the published code reads. */
    private static int blendLevel(final UNet2DConditionConfig config) {
        int nearest = config.levels() - 1;
        for (int level = config.levels() - 1; level >= 0; level--)
            if (config.hasTransformers(level)
                    && (!config.hasTransformers(nearest)
                            || Math.abs(level - USUAL_BLEND_LEVEL) < Math.abs(nearest - USUAL_BLEND_LEVEL)))
                nearest = level;
        return nearest;
    }

    /**
     * @param edit what to do in which step
     * @param steps of the way from noise to image, N
     * @param sourceLength text states the network hears of the source prompt
     * @param length and of the target prompt
     * @param blendLevel resolution level of the network whose attention local blend reads
     * @param owner parent of what is recorded
     */
    SharedAttention(
            final AttentionEdit edit,
            final int steps,
            final int sourceLength,
            final int length,
            final int blendLevel,
            final NDManager owner) {
        this.edit = edit;
        this.steps = steps;
        this.sourceLength = sourceLength;
        this.length = length;
        blend = edit.isLocal() ? Optional.of(edit.localBlend(sourceLength, length, blendLevel)) : Optional.empty();
        tape = new AttentionTape(owner);
    }

    /**
     * @param node of the grid, from 1 to N
     * @return how the source's prompt is attended to there
     */
    public AttentionProcessor ofSource(final int node) {
        final Step step = step(node);
        return step.isPlain() && blend.isEmpty() ? AttentionProcessor.PLAIN : new Recording(step);
    }

    /**
     * @param node of the grid, from 1 to N
     * @return how the target's prompt is attended to there, after the source was evaluated at the same node
     */
    public AttentionProcessor ofEdit(final int node) {
        final Step step = step(node);
        return step.isPlain() && blend.isEmpty() ? AttentionProcessor.PLAIN : new Following(step);
    }

    /** @return what there is to say if the words of a local blend limited nothing, or left nothing to change */
    public Optional<String> note() {
        if (blend.isEmpty() || blend.get().share() > 0 && blend.get().share() < 1) return Optional.empty();
        return Optional.of(
                blend.get().share() == 0
                        ? "'blend' left nothing to change: the words it leaves out are attended to everywhere."
                        : "'blend' limited nothing: the model attends to its words everywhere; select an area instead.");
    }

    Optional<LocalBlend> blend() {
        return blend;
    }

    /** Forgets what the source left. */
    void clear() {
        tape.clear();
    }

    @Override
    public void close() {
        tape.close();
    }

    private Step step(final int node) {
        final int step = steps - node;
        return new Step(edit.injectsSelfAttention(step, steps), edit.mix(step, steps, sourceLength, length));
    }

    /** What happens at one node. */
    private record Step(boolean injects, AttentionMix mix) {

        boolean isPlain() {
            return !injects && mix.isNone();
        }

        /** At the finest level injection would fix every detail; the published code spares it, too. */
        boolean injects(final AttentionLayer layer) {
            return injects && layer.level() > 0;
        }
    }

    private boolean isRead(final AttentionLayer layer) {
        return blend.isPresent() && blend.get().level() == layer.level();
    }

    private final class Recording implements AttentionProcessor {

        private final Step step;

        private Recording(final Step step) {
            this.step = step;
        }

        @Override
        public NDArray selfAttention(final AttentionLayer layer, final NDArray tokens) {
            if (step.injects(layer)) tape.record(layer, tokens);
            return layer.selfAttention(tokens);
        }

        @Override
        public NDArray crossAttention(final AttentionLayer layer, final NDArray tokens, final NDArray text) {
            if (step.mix().usesSource()) tape.record(layer, tokens, text);
            if (isRead(layer))
                blend.get().addSource(layer.attention(tokens, text, blend.get().sourceColumns()));
            return layer.crossAttention(tokens, text);
        }
    }

    private final class Following implements AttentionProcessor {

        private final Step step;

        private Following(final Step step) {
            this.step = step;
        }

        @Override
        public NDArray selfAttention(final AttentionLayer layer, final NDArray tokens) {
            if (!step.injects(layer)) return layer.selfAttention(tokens);
            try (NDArray source = tape.next(layer)) {
                return layer.injectedSelfAttention(tokens, source);
            }
        }

        @Override
        public NDArray crossAttention(final AttentionLayer layer, final NDArray tokens, final NDArray text) {
            final AttentionMix mix = step.mix();
            if (!mix.usesSource()) {
                if (isRead(layer))
                    blend.get()
                            .addEdit(layer.attention(
                                    tokens, text, mix.ownValues(blend.get().columns())));
                return mix.isNone()
                        ? layer.crossAttention(tokens, text)
                        : layer.weightedCrossAttention(tokens, text, mix);
            }
            try (NDArray source = tape.next(layer);
                    NDArray sourceText = tape.next(layer)) {
                if (isRead(layer)) {
                    final float[] columns = blend.get().columns();
                    blend.get().addEdit(layer.attention(tokens, text, mix.ownValues(columns)));
                    blend.get().addEdit(layer.attention(source, sourceText, mix.sourceValues(columns)));
                }
                return layer.mixedCrossAttention(tokens, text, source, sourceText, mix);
            }
        }
    }
}
