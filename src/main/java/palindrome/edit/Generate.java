package palindrome.edit;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.engine.Tensors;
import palindrome.engine.TorchRandom;
import palindrome.image.Padding;
import palindrome.model.DiffusionModel;
import palindrome.model.TilePlan;
import palindrome.sampler.Latent;
import palindrome.sampler.SamplerChoice;

/** New images from noise. */
public final class Generate {

    private final OpenedModel model;
    private final SamplingSettings settings;

    /**
     * @param model the model to generate with
     * @param settings how; strength is ignored, a new image begins at pure noise
     * @throws IllegalArgumentException if the sampler is none, or needs an image to
     *           begin with
     */
    public Generate(final OpenedModel model, final SamplingSettings settings) {
        final SamplerChoice choice = SamplerChoice.of(settings.sampler());
        if (!choice.generates())
            throw new IllegalArgumentException(
                    choice + " inverts and edits images but makes none of noise. Use O-BELM or DDIM to generate.");
        this.model = model;
        this.settings = settings;
    }

    /**
     * A new image.
     *
     * @param record how it was made
     * @param image numbers with the axes X, Y and channel, about [−1, 1]
     */
    public record Result(RunRecord record, RandomAccessibleInterval<DoubleType> image) {}

    /**
     * From a seed: the same seed, model and settings make the same picture, on any
     * device to the precision of its arithmetic.
     *
     * @param width in pixels, at least 1
     * @param height in pixels, at least 1
     * @param seed of PyTorch's generator; its lower 32 bits count
     * @param prompt what to show; may be empty
     * @param negative what not to show; may be empty
     * @param progress as in {@link Invert#run}
     */
    public Result run(
            final int width,
            final int height,
            final long seed,
            final String prompt,
            final String negative,
            final Progress progress)
            throws IOException {
        final Padding padding = Padding.toMultiple(width, height, model.sizeMultiple());
        final DiffusionModel network = model.model();
        settings.control().ifPresent(control -> control.requireSize(width, height));
        final int factor = network.factor();
        final int rows = padding.paddedHeight() / factor;
        final int columns = padding.paddedWidth() / factor;
        final float[] noise = new TorchRandom(seed)
                .randn(Math.multiplyExact(network.stateChannels(), Math.multiplyExact(rows, columns)));
        return run(noise, rows, columns, seed, padding, prompt, negative, progress);
    }

    /**
     * From given noise. What stochastic samplers draw in their steps comes from the seed of the settings.
     *
     * @param noise standard normal, [channels][rows][columns] of the model's state
     * @param rows of the state
     * @param columns of the state
     * @param prompt what to show; may be empty
     * @param negative what not to show; may be empty
     * @param progress as in {@link Invert#run}
     * @throws IllegalArgumentException if the noise does not have the shape of a state
     *           of this model
     */
    public Result run(
            final float[] noise,
            final int rows,
            final int columns,
            final String prompt,
            final String negative,
            final Progress progress)
            throws IOException {
        final int factor = model.model().factor();
        final int channels = model.model().stateChannels();
        if ((long) channels * rows * columns != noise.length)
            throw new IllegalArgumentException("Noise for the model '" + model.choice() + "' has " + channels
                    + " channels of " + columns + " × " + rows + " values, but " + noise.length
                    + " values were given: take a stack with a slice for each channel, or a latent.");
        final Padding none = Padding.toMultiple(columns * factor, rows * factor, model.sizeMultiple());
        if (none.paddedWidth() != none.width() || none.paddedHeight() != none.height())
            throw new IllegalArgumentException("The noise is " + columns + " × " + rows + " values; the model '"
                    + model.choice() + "' needs multiples of " + model.sizeMultiple() / factor + ".");
        settings.control().ifPresent(control -> control.requireSize(none.width(), none.height()));
        return run(noise, rows, columns, settings.tuning().seed(), none, prompt, negative, progress);
    }

    private Result run(
            final float[] noise,
            final int rows,
            final int columns,
            final long seed,
            final Padding padding,
            final String prompt,
            final String negative,
            final Progress progress)
            throws IOException {
        final TilePlan plan = model.tilePlan(rows, columns);
        try (Walk walk = new Walk(model, settings.toGenerate(seed), plan, padding)) {
            progress.stage("Generating");
            final double[] values = new double[noise.length];
            for (int i = 0; i < noise.length; i++) values[i] = noise[i];
            final NDArray state =
                    Tensors.of(walk.manager(), values, 1, model.model().stateChannels(), rows, columns);
            walk.checkMemory(state, progress);
            try (Latent clean = walk.sampler()
                    .generate(
                            state,
                            walk.grid(),
                            walk.watched(walk.predictor(prompt, negative, progress), progress),
                            Walk.reporting(progress))) {
                if (model.hasAutoencoder()) progress.stage("Decoding");
                return new Result(
                        walk.record(prompt, negative),
                        padding.crop(new ImageState(model.model(), plan, progress).toImage(clean.image())));
            }
        }
    }
}
