package palindrome.edit;

import java.io.IOException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;

/**
 * From what a source prompt says of an image to what a target prompt says:
 * inversion under one, sampling under the other, at the same guidance. The same
 * prompt twice returns the same image: bit for bit, or with Null-text nearly so. With
 * a latent model that holds unless {@link Detail#NONE} of its detail is kept.
 * <p>
 * The edit may attend to words and places as its source does ({@link AttentionTuning}), which keeps the layout.
 */
public final class Edit {

    private final OpenedModel model;
    private final SamplingSettings settings;
    private final Detail detail;
    private final AttentionTuning attention;

    /**
     * An edit that keeps the detail of what it does not change.
     *
     * @param model the model to edit with
     * @param settings how; strength is how much may change
     */
    public Edit(final OpenedModel model, final SamplingSettings settings) {
        this(model, settings, Detail.UNCHANGED);
    }

    /**
     * @param model the model to edit with
     * @param settings how; strength is how much may change
     * @param detail what becomes of the detail that the autoencoder of a latent model
     *          cannot hold; of no account for a pixel model
     */
    public Edit(final OpenedModel model, final SamplingSettings settings, final Detail detail) {
        this(model, settings, detail, AttentionTuning.NONE);
    }

    /**
     * As above, an edit whose attention may follow the source's.
     *
     * @param attention how
     */
    public Edit(
            final OpenedModel model,
            final SamplingSettings settings,
            final Detail detail,
            final AttentionTuning attention) {
        this.model = model;
        this.settings = settings;
        this.detail = detail;
        this.attention = attention;
    }

    /**
     * An edit.
     *
     * @param inversion how the image was inverted, including the source prompt
     * @param image edited numbers with the axes X, Y and channel
     */
    public record Result(Inversion inversion, RandomAccessibleInterval<DoubleType> image) {}

    /**
     * @param image as in {@link Invert#run}
     * @param source what the image shows; may be empty, and is then inverted without
     *          classifier guidance
     * @param target what it should show; words may have weights, such as {@code nuclei:1.6}, which scale the attention to them
     * @param negative what it should not show; may be empty
     * @param progress as in {@link Invert#run}
     * @return the edited numbers and how they were made
     * @throws IllegalArgumentException if a setting is out of range, or a word is in no prompt
     */
    public Result run(
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final String source,
            final String target,
            final String negative,
            final Progress progress)
            throws IOException {
        final AttentionControl control =
                AttentionControl.of(attention, model, source, target, settings.guidanceScale());
        // Side by side with its edit, the source must be computed as it was alone.
        final OpenedModel used = control.isNone() ? model : model.sequential();
        // A source that says nothing gives a classifier nothing to lead to.
        final SamplingSettings toNoise = source.isBlank() ? settings.withClassifierScale(0) : settings;
        final Invert invert = new Invert(used, toNoise);
        final EncodedImage encoded = invert.encode(image, progress);
        control.requireFits(encoded);
        final Inversion inversion = invert.run(encoded, source, negative, progress);
        final RandomAccessibleInterval<DoubleType> edited = edited(inversion, control, used, negative, progress);
        return new Result(
                inversion,
                inversion.autoencoderError().isPresent() ? detail.addTo(image, encoded.decoded(), edited) : edited);
    }

    private RandomAccessibleInterval<DoubleType> edited(
            final Inversion inversion,
            final AttentionControl control,
            final OpenedModel used,
            final String negative,
            final Progress progress)
            throws IOException {
        final Reconstruct reconstruct = new Reconstruct(used);
        final double guidance = settings.guidanceScale();
        final double classifier = settings.classifierScale();
        return control.isNone()
                ? reconstruct.run(inversion, control.target(), negative, guidance, classifier, progress)
                : reconstruct.run(inversion, control, negative, guidance, classifier, progress);
    }
}
