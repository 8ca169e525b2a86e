package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import palindrome.engine.Tensors;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoisedImage;
import palindrome.sampler.OneWaySampler;
import palindrome.sampler.StateBlend;
import palindrome.sampler.StepListener;

/**
 * Inpainting by ODE and SDE. The middle of images that the model itself made is repainted, so that nothing else is wrong with
 * them; what comes out should be distributed as those images are.
 */
final class InpaintingPart {

    /** Side of the square that is repainted, relative to the image. */
    private static final double SQUARE = 0.75;

    private final Study study;
    private final List<ColorProcessor> fine;

    /** @param fine images of the model, to be repainted, and to be like */
    InpaintingPart(final Study study, final List<ColorProcessor> fine) {
        this.study = study;
        this.fine = fine;
    }

    void run(final Report report) throws IOException {
        new EquationComparison(study, fine, "Repainted by", "paints")
                .run(report, "inpainting", this::image, this::repainted);
    }

    private ColorProcessor image(final int seed) {
        return fine.get(seed % fine.size());
    }

    private ColorProcessor repainted(final EquationComparison.Way way, final int seed) {
        final Setup setup = way.setup(seed);
        final NodeGrid grid = setup.grid(study.subject().model());
        try (NDManager manager = study.subject().model().manager().newSubManager()) {
            final NDArray noise = study.noise(seed, manager);
            final StateBlend blend =
                    new StateBlend(middle(noise, manager), new NoisedImage(study.state(image(seed), manager), noise));
            return study.image(((OneWaySampler) setup.sampler())
                    .holding(blend)
                    .generate(noise, grid, study.subject().predictor(grid, manager), StepListener.NONE)
                    .image());
        }
    }

    /** [1, 1, H, W], 1 in the middle and 0 around it */
    private static NDArray middle(final NDArray state, final NDManager manager) {
        final int rows = (int) state.getShape().get(2);
        final int columns = (int) state.getShape().get(3);
        final double[] weights = new double[rows * columns];
        final int top = (int) Math.round(rows * (1 - SQUARE) / 2);
        final int left = (int) Math.round(columns * (1 - SQUARE) / 2);
        for (int y = top; y < rows - top; y++) Arrays.fill(weights, y * columns + left, (y + 1) * columns - left, 1);
        return Tensors.of(manager, weights, 1, 1, rows, columns);
    }
}
