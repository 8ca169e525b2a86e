package palindrome.edit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.sampler.Latent;
import palindrome.sampler.Slerp;

/** From one inverted image to another, through the noise between theirs. */
public final class Interpolate {

    private final OpenedModel model;

    /** @param model the model both images were inverted with */
    public Interpolate(final OpenedModel model) {
        this.model = model;
    }

    /**
     * @param first the latent at place 0, whose prompt and guidance are used all the way
     * @param second the latent at place 1, of the same sampler, steps, strength and image size
     * @param count number of images, at least 2, the first and last of which are the two images
     * @param progress reported to, and asked whether to go on, at every network evaluation
     * @return numbers of each image, with the axes X, Y and channel; to the last bit as {@link Reconstruct} returns them
     * @throws IllegalArgumentException if the latents do not belong together
     */
    public List<RandomAccessibleInterval<DoubleType>> run(
            final Inversion first, final Inversion second, final int count, final Progress progress)
            throws IOException {
        if (count < 2) throw new IllegalArgumentException("Count is " + count + "; use 2 or more, both ends included.");
        if (first.nullText().isPresent() || second.nullText().isPresent())
            throw new IllegalArgumentException(
                    "Latents of Null-text lead back by embeddings of their own, between which"
                            + " nothing can be interpolated. Invert both images with an exact sampler.");
        final Reconstruct reconstruct = new Reconstruct(model);
        final List<RandomAccessibleInterval<DoubleType>> images = new ArrayList<>();
        for (int i = 0; i < count; i++)
            images.add(reconstruct.run(
                    between(first, second, (double) i / (count - 1)), new PartOfSeries(progress, i, count)));
        return images;
    }

    private Inversion between(final Inversion first, final Inversion second, final double place) {
        try (var scope = model.model().manager().newSubManager(model.device().stateDevice());
                Latent a = first.latent().restore(scope);
                Latent b = second.latent().restore(scope);
                Latent mixed = Slerp.between(a, b, place)) {
            return new Inversion(
                    first.record(),
                    first.padding(),
                    first.plan(),
                    mixed.store(),
                    first.health(),
                    first.nullText(),
                    Optional.empty(),
                    first.control());
        }
    }
}
