package palindrome.edit;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import palindrome.image.Padding;
import palindrome.sampler.Latent;
import palindrome.sampler.LatentHealth;
import palindrome.sampler.SamplerChoice;

/**
 * Image to noise, exactly: what comes out leads back to the same numbers, bit for
 * bit, if those are multiples of 2⁻²⁴. Null-text alone is approximate, and its
 * result says by how much.
 * <p>
 * Where γ or the mixing weight is {@code auto} and the two states of the latent
 * disagree more than edits bear, all the way to noise, the inversion is made again
 * with a number nearer to 1, twice at most; the record says what was tried.
 */
public final class Invert {

    private final OpenedModel model;
    private final SamplingSettings settings;

    /**
     * @param model the model to walk with
     * @param settings how
     */
    public Invert(final OpenedModel model, final SamplingSettings settings) {
        this.model = model;
        this.settings = settings;
    }

    /**
     * @param image numbers with the axes X, Y and channel (red, green, blue), about
     *          [−1, 1], of any size
     * @param prompt what the image shows; may be empty
     * @param progress reported to, and asked whether to go on, at every network
     *          evaluation
     * @return the image as noise
     * @throws IllegalArgumentException if a setting is out of range or the image does
     *           not fit the model
     * @throws palindrome.sampler.SamplingException if the numbers outgrow the lattice
     *           or the network fails
     * @throws java.util.concurrent.CancellationException if the user canceled
     */
    public Inversion run(
            final RandomAccessibleInterval<? extends RealType<?>> image, final String prompt, final Progress progress)
            throws IOException {
        return run(image, prompt, "", progress);
    }

    /** As above, with guidance leading away from a negative prompt. */
    Inversion run(
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final String prompt,
            final String negativePrompt,
            final Progress progress)
            throws IOException {
        final Padding padding =
                Padding.toMultiple((int) image.dimension(0), (int) image.dimension(1), model.sizeMultiple());
        final RandomAccessibleInterval<? extends RealType<?>> padded = padding.pad(image);
        return new HealthSearch(settings, progress)
                .run(tuned -> invert(padded, padding, tuned, prompt, negativePrompt, progress));
    }

    private Inversion invert(
            final RandomAccessibleInterval<? extends RealType<?>> padded,
            final Padding padding,
            final SamplingSettings tuned,
            final String prompt,
            final String negativePrompt,
            final Progress progress)
            throws IOException {
        try (Walk walk = new Walk(model, tuned)) {
            requireInverse(walk);
            final NDArray state = ImageState.of(padded, model.model(), walk.manager());
            if (walk.choice() == SamplerChoice.NULL_TEXT)
                return new PivotalInversion(walk, tuned).run(state, padding, prompt, negativePrompt, progress);
            try (Latent latent = walk.sampler()
                    .invert(
                            state,
                            walk.grid(),
                            walk.predictor(prompt, negativePrompt, progress),
                            Walk.reporting(progress))) {
                return new Inversion(
                        walk.record(prompt, negativePrompt),
                        padding,
                        latent.store(),
                        LatentHealth.of(latent, walk.grid(), walk.sampler()),
                        Optional.empty());
            }
        }
    }

    private static void requireInverse(final Walk walk) {
        if (!walk.choice().isInvertible())
            throw new IllegalArgumentException(
                    walk.choice() + " cannot be inverted exactly. To invert or edit use one of "
                            + Arrays.stream(SamplerChoice.values())
                                    .filter(SamplerChoice::isInvertible)
                                    .map(SamplerChoice::label)
                                    .collect(Collectors.joining(", "))
                            + ".");
    }
}
