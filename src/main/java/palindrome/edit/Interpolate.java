package palindrome.edit;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.sampler.Latent;
import palindrome.sampler.Slerp;

/** From one inverted image to another, through the noise between theirs and what lies between their prompts. */
public final class Interpolate {

    private final OpenedModel model;

    /** @param model the model both images were inverted with */
    public Interpolate(final OpenedModel model) {
        this.model = model;
    }

    /**
     * @param first the latent at place 0, whose guidance is used all the way
     * @param second the latent at place 1, of the same sampler, steps, strength and image size
     * @param count number of images, at least 2, the first and last of which are the two images
     * @param progress reported to, and asked whether to go on, at every network evaluation
     * @return numbers of each image, with the axes X, Y and channel; the two at the ends to the last bit as
     *         {@link Reconstruct} returns them
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
        requireOneClassifier(first.record(), second.record());
        requireOneControl(first.record(), second.record());
        final List<RandomAccessibleInterval<DoubleType>> images = new ArrayList<>();
        progress.stage("Interpolating");
        for (int i = 0; i < count; i++)
            images.add(between(first, second, (double) i / (count - 1), new PartOfSeries(progress, i, count)));
        return images;
    }

    /** The words a classifier leads to are there or not; there is nothing between them. */
    private static void requireOneClassifier(final RunRecord first, final RunRecord second) {
        if (first.classifierScale() != 0 && !first.prompt().equals(second.prompt()))
            throw new IllegalArgumentException("The latents were made with classifier guidance to '" + first.prompt()
                    + "' and to '" + second.prompt() + "', between which there is nothing; invert both images with the"
                    + " same prompt, or with classifier=0.");
    }

    private static void requireOneControl(final RunRecord first, final RunRecord second) {
        if (!first.controls().equals(second.controls()))
            throw new IllegalArgumentException(
                    "The latents were made under different control images, between which there"
                            + " is nothing; invert both images under the same one, or without.");
    }

    private RandomAccessibleInterval<DoubleType> between(
            final Inversion first, final Inversion second, final double place, final Progress progress)
            throws IOException {
        try (Walk walk = new Walk(
                        model, first.record().settings().withControl(first.control()), first.plan(), first.padding());
                Latent mixed = mixed(first, second, place, walk.manager())) {
            walk.checkMemory(mixed.states().get(0), progress);
            try (Latent clean = walk.sampler()
                    .sample(
                            mixed,
                            walk.grid(),
                            walk.watched(walk.predictor(first.record(), second.record(), place, progress), progress),
                            Walk.reporting(progress))) {
                return first.padding()
                        .crop(new ImageState(model.model(), first.plan(), progress).toImage(clean.image()));
            }
        }
    }

    private static Latent mixed(
            final Inversion first, final Inversion second, final double place, final NDManager manager) {
        try (NDManager scope = manager.newSubManager();
                Latent a = first.latent().restore(scope);
                Latent b = second.latent().restore(scope);
                Latent mixed = Slerp.between(a, b, place)) {
            return mixed.store().restore(manager);
        }
    }
}
