package palindrome.edit;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
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
            final Predictor predictor =
                    walk.watched(predictor(walk, inversion, prompt, negativePrompt, progress), progress);
            final Latent noisy = inversion.latent().restore(walk.manager());
            walk.checkMemory(noisy.states().get(0), progress);
            try (Latent clean = walk.sampler().sample(noisy, walk.grid(), predictor, Walk.reporting(progress))) {
                if (model.hasAutoencoder()) progress.stage("Decoding");
                return inversion
                        .padding()
                        .crop(new ImageState(model.model(), inversion.plan(), progress).toImage(clean.image()));
            }
        }
    }

    private static Predictor predictor(
            final Walk walk,
            final Inversion inversion,
            final String prompt,
            final String negativePrompt,
            final Progress progress) {
        if (inversion.nullText().isEmpty()) return walk.predictor(prompt, negativePrompt, progress);
        if (!negativePrompt.equals(inversion.record().negativePrompt()))
            throw new IllegalArgumentException("The negative prompt '" + negativePrompt
                    + "' cannot be used: null-text inversion put its own embeddings in its place. Leave it "
                    + (inversion.record().negativePrompt().isEmpty()
                            ? "empty."
                            : "at '" + inversion.record().negativePrompt() + "'."));
        return walk.predictor(prompt, negativePrompt, inversion.nullText().get().embeddings(), progress);
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
