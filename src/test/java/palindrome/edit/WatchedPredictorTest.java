package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.model.TinyModel;

/** Pictures of the image as it forms. */
class WatchedPredictorTest {

    private static final int WIDTH = 26;
    private static final int HEIGHT = 14;
    private static final String PROMPT = "fluorescence microscopy, many bright nuclei";

    /** Wants every picture, or none. */
    private static final class Watcher implements Progress {

        private final List<RandomAccessibleInterval<DoubleType>> pictures = new ArrayList<>();
        private final boolean curious;

        Watcher(final boolean curious) {
            this.curious = curious;
        }

        @Override
        public void stage(final String name) {
            // only pictures count
        }

        @Override
        public void step(final long done, final long total) {
            // only pictures count
        }

        @Override
        public boolean canceled() {
            return false;
        }

        @Override
        public boolean wantsEstimate() {
            return curious;
        }

        @Override
        public void estimate(final RandomAccessibleInterval<DoubleType> image) {
            pictures.add(image);
        }
    }

    private static double[] numbers(final RandomAccessibleInterval<DoubleType> image) {
        final List<Double> numbers = new ArrayList<>();
        for (final DoubleType number : Views.flatIterable(image)) numbers.add(number.get());
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double distance(final double[] a, final double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.sqrt(sum / a.length);
    }

    private static RandomAccessibleInterval<DoubleType> generate(
            final OpenedModel model, final String sampler, final Progress progress) throws IOException {
        return new Generate(model, new SamplingSettings(sampler, 8, "auto", 1, 3))
                .run(WIDTH, HEIGHT, 5, PROMPT, "", progress)
                .image();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DDIM", "O-BELM", "BDIA", "SDE-DPM-Solver++ 2M"})
    void picturesComeNearerToTheImageAndChangeNoBit(final String sampler) throws IOException {
        try (OpenedModel model = OpenedModel.open("bundled", "cpu", Progress.NONE)) {
            final Watcher watcher = new Watcher(true);
            final double[] watched = numbers(generate(model, sampler, watcher));
            final Watcher blind = new Watcher(false);
            assertArrayEquals(numbers(generate(model, sampler, blind)), watched);
            assertTrue(blind.pictures.isEmpty());
            assertTrue(watcher.pictures.size() >= 8, watcher.pictures.size() + " pictures");
            final RandomAccessibleInterval<DoubleType> last = watcher.pictures.get(watcher.pictures.size() - 1);
            assertArrayEquals(new long[] {WIDTH, HEIGHT, 3}, last.dimensionsAsLongArray());
            final double first = distance(numbers(watcher.pictures.get(0)), watched);
            final double end = distance(numbers(last), watched);
            assertTrue(end < first / 4 && end < 0.1, first + " then " + end);
        }
    }

    @Test
    void latentsAreShownInColoursThatFit(@TempDir final Path folder) throws IOException {
        try (OpenedModel model = OpenedModel.open(TinyModel.writeLatent(folder).toString(), "cpu", Progress.NONE)) {
            final Watcher watcher = new Watcher(true);
            new Generate(model, new SamplingSettings("DDIM", 2, "auto", 1, 1)).run(32, 32, 1, "", "", watcher);
            final RandomAccessibleInterval<DoubleType> picture = watcher.pictures.get(0);
            final int factor = model.model().factor();
            assertEquals(32 / factor, picture.dimension(0));
            assertEquals(3, picture.dimension(2));
            for (final double number : numbers(picture)) assertTrue(Math.abs(number) <= 1);
        }
    }
}
