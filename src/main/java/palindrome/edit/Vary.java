package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.converter.Converters;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.sampler.Latent;
import palindrome.sampler.NoisedImage;
import palindrome.sampler.Predictor;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.TorchNoise;

/**
 * Variations of an image: it is taken part of the way into noise that is drawn, and another image is sampled from there
 * (SDEdit, Meng et al. 2022). Where the noise of every step is recorded on the way there (Cycle-SDE, CycleDiffusion), the
 * variation keeps it, and differs from the image by what its prompt says otherwise than that of the image.
 */
public final class Vary {

    private final OpenedModel model;
    private final SamplingSettings settings;
    private final Detail detail;

    /** As below, with the detail of what does not change. */
    public Vary(final OpenedModel model, final SamplingSettings settings) {
        this(model, settings, Detail.UNCHANGED);
    }

    /**
     * @param model the model to sample with
     * @param settings how: any sampler that generates; strength is how far into noise, 0 for not at all; the seed of the
     *          tuning is not used
     * @param detail as in {@link Edit}
     * @throws IllegalArgumentException if the sampler makes no images of drawn noise
     */
    public Vary(final OpenedModel model, final SamplingSettings settings, final Detail detail) {
        final SamplerChoice choice = SamplerChoice.of(settings.sampler());
        if (!choice.generates())
            throw new IllegalArgumentException(
                    choice + " makes no images of drawn noise. Use DPM-Solver++ 2M, SDE-DPM-Solver++ 2M or Cycle-SDE.");
        this.model = model;
        this.settings = settings;
        this.detail = detail;
    }

    /**
     * A variation.
     *
     * @param record how it was made
     * @param image numbers with the axes X, Y and channel; at strength 0 those that were given, to the last bit
     */
    public record Result(RunRecord record, RandomAccessibleInterval<DoubleType> image) {}

    /**
     * @param image as in {@link Invert#run}
     * @param seed of the noise: another one makes another variation
     * @param source what the image shows, of account only where noise is recorded; may be empty
     * @param prompt what the variation should show; may be empty
     * @param negative what it should not show; may be empty
     * @param progress as in {@link Invert#run}
     */
    public Result run(
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final long seed,
            final String source,
            final String prompt,
            final String negative,
            final Progress progress)
            throws IOException {
        final SamplingSettings seeded = settings.withTuning(settings.tuning().withSeed(seed));
        if (settings.strength() == 0)
            return new Result(Walk.notTaken(model, seeded, prompt, negative), asDoubles(image));
        if (SamplerChoice.of(settings.sampler()).recordsNoise()) {
            final Edit.Result edit = new Edit(model, seeded, detail).run(image, source, prompt, negative, progress);
            return new Result(edit.inversion().record(), edit.image());
        }
        final EncodedImage encoded = EncodedImage.of(image, model, progress);
        try (Walk walk = new Walk(model, seeded, encoded.plan(), encoded.padding())) {
            progress.stage("Varying");
            final NDManager manager = walk.manager();
            final NDArray state = encoded.state(manager);
            walk.checkMemory(state, progress);
            final NDArray noise =
                    new TorchNoise(seed).draw(manager, state.getShape().getShape());
            final NDArray start = new NoisedImage(state, noise).at(walk.grid().steps(), walk.grid(), manager);
            final Predictor predictor = walk.watched(walk.predictor(prompt, negative, progress), progress);
            try (Latent clean = walk.sampler().generate(start, walk.grid(), predictor, Walk.reporting(progress))) {
                if (model.hasAutoencoder()) progress.stage("Decoding");
                final RandomAccessibleInterval<DoubleType> varied = encoded.padding()
                        .crop(new ImageState(model.model(), encoded.plan(), progress).toImage(clean.image()));
                return new Result(
                        walk.record(prompt, negative),
                        model.hasAutoencoder() ? detail.addTo(image, encoded.decoded(), varied) : varied);
            }
        }
    }

    private static RandomAccessibleInterval<DoubleType> asDoubles(
            final RandomAccessibleInterval<? extends RealType<?>> image) {
        return Converters.convertRAI(
                image, (number, result) -> result.setReal(number.getRealDouble()), new DoubleType());
    }
}
