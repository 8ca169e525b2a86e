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
 */
public final class Edit {

    private final OpenedModel model;
    private final SamplingSettings settings;
    private final Detail detail;

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
        this.model = model;
        this.settings = settings;
        this.detail = detail;
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
     * @param target what it should show
     * @param negative what it should not show; may be empty
     * @param progress as in {@link Invert#run}
     * @return the edited numbers and how they were made
     */
    public Result run(
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final String source,
            final String target,
            final String negative,
            final Progress progress)
            throws IOException {
        // A source that says nothing gives a classifier nothing to lead to.
        final SamplingSettings toNoise = source.isBlank() ? settings.withClassifierScale(0) : settings;
        final Invert invert = new Invert(model, toNoise);
        final EncodedImage encoded = invert.encode(image, progress);
        final Inversion inversion = invert.run(encoded, source, negative, progress);
        final RandomAccessibleInterval<DoubleType> edited = new Reconstruct(model)
                .run(inversion, target, negative, settings.guidanceScale(), settings.classifierScale(), progress);
        return new Result(
                inversion,
                inversion.autoencoderError().isPresent() ? detail.addTo(image, encoded.decoded(), edited) : edited);
    }
}
