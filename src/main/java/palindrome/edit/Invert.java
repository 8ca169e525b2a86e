package palindrome.edit;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import palindrome.image.Padding;
import palindrome.model.TilePlan;
import palindrome.sampler.Latent;
import palindrome.sampler.LatentHealth;
import palindrome.sampler.SamplerChoice;

/**
 * Image to noise, exactly: what comes out leads back to the same numbers, bit for
 * bit, if those are multiples of 2⁻²⁴; with a latent model to what its autoencoder
 * makes of them ({@link EncodedImage#decoded()}), bit for bit. Null-text alone is
 * approximate, and its result says by how much.
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
     * What {@link #run(EncodedImage, String, String, Progress)} takes, and what the way
     * back will return.
     *
     * @param image as in {@link #run(RandomAccessibleInterval, String, Progress)}
     * @param progress asked whether to go on, between the blocks of an autoencoder
     * @throws IllegalArgumentException if a setting is out of range or the image does
     *           not fit the model or the control image
     * @throws IOException if a control network cannot be opened
     */
    public EncodedImage encode(final RandomAccessibleInterval<? extends RealType<?>> image, final Progress progress)
            throws IOException {
        // What cannot be inverted is refused before the work.
        try (Walk walk = new Walk(model, settings, TilePlan.whole(1, 1), Padding.toMultiple(1, 1, 1))) {
            requireInverse(walk);
            requireText(walk);
        }
        settings.control().ifPresent(control -> control.requireSize(image.dimension(0), image.dimension(1)));
        return EncodedImage.of(image, model, progress);
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
        return run(encode(image, progress), prompt, "", progress);
    }

    /**
     * As above, of an image that was encoded before.
     *
     * @param image encoded for this model
     * @param negativePrompt what guidance leads away from; may be empty
     */
    public Inversion run(
            final EncodedImage image, final String prompt, final String negativePrompt, final Progress progress)
            throws IOException {
        return new HealthSearch(settings, progress)
                .run(tuned -> invert(image, tuned, prompt, negativePrompt, progress));
    }

    private Inversion invert(
            final EncodedImage image,
            final SamplingSettings tuned,
            final String prompt,
            final String negativePrompt,
            final Progress progress)
            throws IOException {
        try (Walk walk = new Walk(model, tuned, image.plan(), image.padding())) {
            requireInverse(walk);
            final NDArray state = image.state(walk.manager());
            if (walk.choice() == SamplerChoice.NULL_TEXT) {
                walk.checkMemoryOfSearch(state, progress);
                return new PivotalInversion(walk, tuned).run(state, image, prompt, negativePrompt, progress);
            }
            walk.checkMemory(state, progress);
            try (Latent latent = walk.sampler()
                    .invert(
                            state,
                            walk.grid(),
                            walk.predictor(prompt, negativePrompt, progress),
                            Walk.reporting(progress))) {
                return new Inversion(
                        walk.record(prompt, negativePrompt),
                        image.padding(),
                        image.plan(),
                        latent.store(),
                        LatentHealth.of(latent, walk.grid(), walk.sampler()),
                        Optional.empty(),
                        image.autoencoderError(),
                        tuned.control());
            }
        }
    }

    private void requireText(final Walk walk) {
        if (walk.choice() == SamplerChoice.NULL_TEXT && !model.model().hearsText())
            throw new IllegalArgumentException(walk.choice() + " searches the states of a text encoder, but the model '"
                    + model.choice() + "' has none; use O-BELM, BDIA or EDICT.");
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
