package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ij.ImagePlus;
import ij.process.ColorProcessor;
import java.util.ArrayList;
import java.util.List;
import palindrome.edit.ImageState;
import palindrome.image.PixelCodec;
import palindrome.image.PixelPlane;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.StepListener;
import palindrome.sampler.TorchNoise;

/**
 * What all parts of an evaluation share.
 *
 * @param subject the model and its prompt
 * @param side width and height of the images, pixels; a multiple of what the model needs
 * @param evaluations numbers of network evaluations to compare at, rising
 * @param samples images in a group
 * @param groups groups of images, each with its own seeds, over which standard errors are taken; at least 1
 * @param references images of the fine-grid run
 * @param fineSteps Heun steps of the solution that single images are compared with; sets of images take a quarter
 * @param mixtureSamples numbers of the mixture experiment
 */
record Study(
        Subject subject,
        int side,
        List<Integer> evaluations,
        int samples,
        int groups,
        int references,
        int fineSteps,
        int mixtureSamples) {

    /** Images take less than the error of a single one. */
    private static final int COARSER = 4;

    /** Seeds of the fine-grid run, far from those of the groups. */
    private static final long REFERENCE_SEED = 1_000_000;

    /** @return what a long run on a fine grid makes of other noise than that of the groups */
    List<ColorProcessor> fineGridImages() {
        return images(
                Setup.of(SamplerChoice.EDM_HEUN, Math.max(2, fineSteps / COARSER), new FloatingPoint()),
                REFERENCE_SEED,
                references);
    }

    /** @return images of seeds {@code first}, {@code first} + 1, ... */
    List<ColorProcessor> images(final Setup setup, final long first, final int count) {
        final List<ColorProcessor> images = new ArrayList<>();
        final NodeGrid grid = setup.grid(subject.model());
        for (int i = 0; i < count; i++) {
            try (NDManager manager = subject.model().manager().newSubManager()) {
                final Latent clean = setup.withNoise(new TorchNoise(~(first + i)))
                        .sampler()
                        .generate(noise(first + i, manager), grid, subject.predictor(grid, manager), StepListener.NONE);
                images.add(image(clean.image()));
            }
        }
        return images;
    }

    NDArray noise(final long seed, final NDManager manager) {
        final int rows = rows();
        return new TorchNoise(seed).draw(manager, 1, subject.model().stateChannels(), rows, rows);
    }

    /** @return the pixels that users would see */
    ColorProcessor image(final NDArray state) {
        return (ColorProcessor) PixelCodec.rgb().decode(states().toImage(state)).toProcessor();
    }

    /** @return pixels as a state, float64 [1, C, H, W], in multiples of 2⁻²⁴ */
    NDArray state(final ColorProcessor pixels, final NDManager manager) {
        final PixelPlane plane = PixelPlane.of(new ImagePlus("", pixels));
        return states().of(PixelCodec.rgb().encode(plane), manager);
    }

    private ImageState states() {
        return ImageState.of(subject.model(), rows(), rows());
    }

    private int rows() {
        return side / subject.model().factor();
    }
}
