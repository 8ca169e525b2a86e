package palindrome.edit;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.guide.GuidedNoise;
import palindrome.guide.PromptToPrompt;
import palindrome.guide.SharedAttention;
import palindrome.sampler.Latent;
import palindrome.sampler.Predictor;

/** Noise to image: back to the numbers that were inverted, or, under another prompt, to an edited image. */
public final class Reconstruct {

    private final OpenedModel model;

    /** @param model the model the image was inverted with */
    public Reconstruct(final OpenedModel model) {
        this.model = model;
    }

    /**
     * @param inversion what {@link Invert} made
     * @param progress as in {@link Invert#run}
     * @return the numbers that were inverted, or with a latent model what its
     *         autoencoder makes of them ({@link EncodedImage#decoded()}), with the axes X,
     *         Y and channel; to the last bit if model and {@link OpenedModel#runtime()}
     *         are the same and the inversion {@link Inversion#isExact()}
     * @throws IllegalArgumentException if the latent was made by another model or
     *           does not fit its own record
     */
    public RandomAccessibleInterval<DoubleType> run(final Inversion inversion, final Progress progress)
            throws IOException {
        final RunRecord record = inversion.record();
        final List<String> differences = record.runtime().differencesTo(model.runtime());
        if (!differences.isEmpty())
            progress.note("The latent was made elsewhere (" + String.join("; ", differences)
                    + "); the image may differ in its last bits.");
        return run(
                inversion,
                record.prompt(),
                record.negativePrompt(),
                record.guidanceScale(),
                record.classifierScale(),
                progress);
    }

    /**
     * As above, under other prompts and guidance than the image was inverted with.
     *
     * @param prompt what the image should show
     * @param negativePrompt what it should not; may be empty; after null-text inversion
     *          the same as there
     * @param guidanceScale weight of classifier-free guidance, from 0 up
     * @param classifierScale weight of classifier guidance, from 0 up
     */
    public RandomAccessibleInterval<DoubleType> run(
            final Inversion inversion,
            final String prompt,
            final String negativePrompt,
            final double guidanceScale,
            final double classifierScale,
            final Progress progress)
            throws IOException {
        return run(inversion, prompt, negativePrompt, guidanceScale, classifierScale, inversion.control(), progress);
    }

    /**
     * As above, under another control image than the image was inverted with, or without any.
     *
     * @param control what leads besides the prompt
     */
    public RandomAccessibleInterval<DoubleType> run(
            final Inversion inversion,
            final String prompt,
            final String negativePrompt,
            final double guidanceScale,
            final double classifierScale,
            final Optional<Control> control,
            final Progress progress)
            throws IOException {
        return run(inversion, guidanceScale, classifierScale, control, progress, (walk, noisy) -> {
            final Predictor predictor =
                    walk.predictor(prompt, prompts(walk, inversion, prompt, negativePrompt), progress);
            return walk.sampler()
                    .sample(noisy, walk.grid(), walk.watched(predictor, progress), Walk.reporting(progress))
                    .image();
        });
    }

    /**
     * As above, with attention that follows the source's, under the control image that the image was inverted with.
     *
     * @param attention how it follows, and what the image should show
     */
    RandomAccessibleInterval<DoubleType> run(
            final Inversion inversion,
            final AttentionControl attention,
            final String negativePrompt,
            final double guidanceScale,
            final double classifierScale,
            final Progress progress)
            throws IOException {
        return run(
                inversion,
                guidanceScale,
                classifierScale,
                inversion.control(),
                progress,
                (walk, noisy) -> sideBySide(inversion, attention, negativePrompt, progress, walk, noisy));
    }

    /** From the noisy end of a walk to its clean one. */
    @FunctionalInterface
    private interface Way {

        /** @return the image's state, owned by the walk */
        NDArray image(Walk walk, Latent noisy) throws IOException;
    }

    private RandomAccessibleInterval<DoubleType> run(
            final Inversion inversion,
            final double guidanceScale,
            final double classifierScale,
            final Optional<Control> control,
            final Progress progress,
            final Way way)
            throws IOException {
        final RunRecord record = inversion.record();
        if (!record.modelSha256().equals(model.sha256()))
            throw new IllegalArgumentException("The latent was made by the model '" + record.model()
                    + "' with weights " + abbreviated(record.modelSha256()) + ", but '" + model.choice()
                    + "' has weights " + abbreviated(model.sha256()) + ". Use the model it was made with.");
        try (Walk walk = new Walk(
                model,
                record.settings().withGuidance(guidanceScale, classifierScale).withControl(control),
                inversion.plan(),
                inversion.padding())) {
            if (!walk.grid().hash().equals(record.gridHash()))
                throw new IllegalArgumentException("The latent's record does not fit its own noise levels: "
                        + record.steps() + " steps at strength " + record.strength()
                        + " lead elsewhere today. Invert the image again.");
            if (control.equals(inversion.control())) requireSameControlNet(record.controls(), walk.controls());
            progress.stage("Reconstructing");
            final Latent noisy = inversion.latent().restore(walk.manager());
            walk.checkMemory(noisy.states().get(0), progress);
            final NDArray image = way.image(walk, noisy);
            if (model.hasAutoencoder()) progress.stage("Decoding");
            return inversion.padding().crop(new ImageState(model.model(), inversion.plan(), progress).toImage(image));
        }
    }

    /** The source on its way back to its image, and the edit, which sees what the source attends to. */
    private NDArray sideBySide(
            final Inversion inversion,
            final AttentionControl attention,
            final String negativePrompt,
            final Progress progress,
            final Walk walk,
            final Latent noisy)
            throws IOException {
        final RunRecord record = inversion.record();
        final IntFunction<GuidedNoise.Prompts> target = prompts(walk, inversion, attention.target(), negativePrompt);
        try (Walk back = new Walk(
                model, record.settings().withControl(inversion.control()), inversion.plan(), inversion.padding())) {
            final IntFunction<GuidedNoise.Prompts> source =
                    prompts(back, inversion, record.prompt(), record.negativePrompt());
            try (SharedAttention shared = SharedAttention.of(
                    attention.edit(), model.model(), walk.grid(), source.apply(1), target.apply(1), walk.manager())) {
                final Predictor first = back.predictor(
                        record.prompt(), node -> source.apply(node).attending(shared.ofSource(node)), progress);
                final Predictor second = walk.predictor(
                        attention.target(), node -> target.apply(node).attending(shared.ofEdit(node)), progress);
                final PromptToPrompt pair = new PromptToPrompt(first, second, shared);
                final Latent clean = walk.sampler()
                        .sample(
                                noisy.repeated(2),
                                walk.grid(),
                                walk.watched(pair, progress),
                                pair.exchange(),
                                Walk.reporting(progress));
                shared.note().ifPresent(progress::note);
                return clean.image().get("1:2");
            }
        }
    }

    private static IntFunction<GuidedNoise.Prompts> prompts(
            final Walk walk, final Inversion inversion, final String prompt, final String negativePrompt) {
        if (inversion.nullText().isPresent()
                && !negativePrompt.equals(inversion.record().negativePrompt()))
            throw new IllegalArgumentException("The negative prompt '" + negativePrompt
                    + "' cannot be used: null-text inversion put its own embeddings in its place. Leave it "
                    + (inversion.record().negativePrompt().isEmpty()
                            ? "empty."
                            : "at '" + inversion.record().negativePrompt() + "'."));
        return walk.prompts(prompt, negativePrompt, inversion.nullText());
    }

    private static void requireSameControlNet(final List<ControlRecord> then, final List<ControlRecord> now) {
        for (int i = 0; i < then.size(); i++)
            if (!then.get(i).controlNetSha256().equals(now.get(i).controlNetSha256()))
                throw new IllegalArgumentException("The latent was made under the ControlNet '"
                        + then.get(i).controlNet() + "' with weights "
                        + abbreviated(then.get(i).controlNetSha256()) + ", but it has weights "
                        + abbreviated(now.get(i).controlNetSha256()) + " now. Put the old ones back, or invert again.");
    }

    private static String abbreviated(final String sha256) {
        return sha256.substring(0, Math.min(12, sha256.length())) + "…";
    }
}
