package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.real.DoubleType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.guide.GuidedNoise;
import palindrome.model.TinyModel;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;
import palindrome.sampler.TorchNoise;

/** DiffEdit's heat map, written out for a model of Stable Diffusion's kind, a place of whose latents is 8 pixels wide. */
class PromptMaskTest {

    private static final int COLUMNS = 5;
    private static final int ROWS = 4;
    private static final int FACTOR = 8;
    private static final int MAPS = 3;
    private static final double STRENGTH = 0.4;
    private static final String SOURCE = "a photo of a cat";
    private static final String TARGET = "two dogs";

    @TempDir
    private Path folder;

    private static ArrayImg<DoubleType, DoubleArray> image() {
        final Random random = new Random(3);
        final double[] values = new double[3 * ROWS * COLUMNS * FACTOR * FACTOR];
        for (int i = 0; i < values.length; i++) values[i] = Math.rint(random.nextGaussian() * 64) / 256;
        return ArrayImgs.doubles(values, (long) COLUMNS * FACTOR, (long) ROWS * FACTOR, 3);
    }

    @Test
    void theHeatIsTheMeanDifferenceOfBothPromptsNoises() throws IOException {
        final Path written = TinyModel.writeLatent(Files.createDirectory(folder.resolve("sd")));
        try (OpenedModel model = OpenedModel.open(written.toString(), "cpu", Progress.NONE);
                NDManager manager = model.model().manager().newSubManager()) {
            final float[] heat = new PromptMask(model, STRENGTH, MAPS, 6)
                    .run(image(), SOURCE, TARGET, Progress.NONE)
                    .heat()
                    .update(null)
                    .getCurrentStorageArray();
            final double[] mean = meanDifference(model, manager);
            // of pixels in the middle of four places, between which they lie evenly
            final double average = average(mean);
            int below = 0;
            for (int row = 0; row + 1 < ROWS; row++)
                for (int column = 0; column + 1 < COLUMNS; column++) {
                    double sum = 0;
                    for (int y = FACTOR - 1; y <= FACTOR; y++)
                        for (int x = FACTOR - 1; x <= FACTOR; x++)
                            sum += heat[(row * FACTOR + y) * COLUMNS * FACTOR + column * FACTOR + x];
                    final int place = row * COLUMNS + column;
                    final double between =
                            (mean[place] + mean[place + 1] + mean[place + COLUMNS] + mean[place + COLUMNS + 1]) / 4;
                    assertEquals(Math.min(1, between / (3 * average)), sum / 4, 1e-6, "at " + row + ", " + column);
                    if (between < 3 * average) below++;
                }
            assertTrue(below > 6, below + " places are not clamped");
        }
    }

    /** Mean over noises and channels, place by place, at the node 0.4 of the way into noise. */
    private static double[] meanDifference(final OpenedModel model, final NDManager manager) throws IOException {
        final NodeGrid grid = model.model().scheduler().grid(50);
        final int node = 20;
        final NDArray state = EncodedImage.of(image(), model, Progress.NONE).state(manager);
        final TorchNoise noise = new TorchNoise(6);
        final double[] mean = new double[ROWS * COLUMNS];
        for (int map = 0; map < MAPS; map++) {
            final NDArray noised = state.mul(grid.alpha(node))
                    .add(noise.draw(manager, state.getShape().getShape()).mul(grid.sigma(node)));
            final double[] source = predictor(model, grid, SOURCE, manager)
                    .epsilon(noised, node)
                    .toDoubleArray();
            final double[] target = predictor(model, grid, TARGET, manager)
                    .epsilon(noised, node)
                    .toDoubleArray();
            final int channels = source.length / mean.length;
            for (int i = 0; i < source.length; i++)
                mean[i % mean.length] += Math.abs(target[i] - source[i]) / channels / MAPS;
        }
        return mean;
    }

    private static Predictor predictor(
            final OpenedModel model, final NodeGrid grid, final String prompt, final NDManager manager) {
        final GuidedNoise.Prompts prompts = GuidedNoise.Prompts.of(
                model.model(), prompt, "", 1, model.model().nativeSize(), manager);
        return GuidedNoise.of(model.model(), grid, prompts, 1, () -> {});
    }

    /** Mean over the image's pixels, between whose places numbers lie linearly; at the border the nearest place counts. */
    private static double average(final double[] places) {
        final double[] rows = weights(ROWS);
        final double[] columns = weights(COLUMNS);
        double sum = 0;
        for (int i = 0; i < places.length; i++) sum += places[i] * rows[i / COLUMNS] * columns[i % COLUMNS];
        return sum / Arrays.stream(rows).sum() / Arrays.stream(columns).sum();
    }

    /** How much a place counts in all pixels along an axis. */
    private static double[] weights(final int places) {
        final double[] weights = new double[places];
        for (int pixel = 0; pixel < places * FACTOR; pixel++) {
            final double at = Math.max(0, Math.min(places - 1, (pixel + 0.5) / FACTOR - 0.5));
            final int lower = Math.min(places - 2, (int) at);
            weights[lower] += lower + 1 - at;
            weights[lower + 1] += at - lower;
        }
        return weights;
    }
}
