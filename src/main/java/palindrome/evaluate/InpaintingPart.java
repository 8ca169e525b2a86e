package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ij.measure.ResultsTable;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import palindrome.edit.DiffusionEquation;
import palindrome.engine.Tensors;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoisedImage;
import palindrome.sampler.OneWaySampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.StateBlend;
import palindrome.sampler.StepListener;
import palindrome.sampler.TorchNoise;

/**
 * Inpainting by ODE and SDE, of first and second order (Nie et al. 2024, whose claim is that the SDE needs fewer steps). The
 * middle of images that the model itself made is repainted, so that nothing else is wrong with them; what comes out should
 * be distributed as those images are. States are float64.
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

    /** How images are repainted. */
    private record Way(DiffusionEquation equation, int order, int steps) {

        String label() {
            return equation + ", order " + order;
        }

        @Override
        public String toString() {
            return "the " + equation + " of order " + order + " in " + steps + " steps";
        }
    }

    void run(final Report report) throws IOException {
        final Map<Way, List<SampleDistance>> found = new LinkedHashMap<>();
        final ResultsTable table = new ResultsTable();
        add(table, "as they were", 0, untouched());
        for (final DiffusionEquation equation : DiffusionEquation.values())
            for (final int order : new int[] {1, 2})
                for (final int steps : study.evaluations()) {
                    final Way way = new Way(equation, order, steps);
                    found.put(way, distances(way));
                    add(table, way.label(), steps, found.get(way));
                }
        report.table("inpainting", table);
        report.text("inpainting-claims", String.join("\n", claims(found)));
    }

    private static void add(
            final ResultsTable table, final String label, final int steps, final List<SampleDistance> distances) {
        table.incrementCounter();
        table.addValue("Repainted by", label);
        table.addValue("Steps", String.valueOf(steps));
        table.addValue("Patches", Estimate.of(patches(distances)).toString());
        table.addValue(
                "Nuclei",
                Estimate.of(distances.stream()
                                .mapToDouble(SampleDistance::counts)
                                .toArray())
                        .toString());
    }

    /** At equal steps, and, as the paper has it, the SDE in a quarter of the steps or so. */
    private List<String> claims(final Map<Way, List<SampleDistance>> found) {
        final List<Integer> steps = study.evaluations();
        final int most = steps.get(steps.size() - 1);
        final List<String> claims = new ArrayList<>();
        for (final int order : new int[] {1, 2}) {
            for (final int count : steps) claims.add(claim(found, order, count, count));
            if (steps.size() > 1) claims.add(claim(found, order, steps.get(steps.size() / 2 - 1), most));
        }
        return claims;
    }

    private static String claim(
            final Map<Way, List<SampleDistance>> found, final int order, final int fewer, final int more) {
        final Way random = new Way(DiffusionEquation.SDE, order, fewer);
        final Way fixed = new Way(DiffusionEquation.ODE, order, more);
        return "- "
                + Estimate.claim(
                        "What " + random + " paints is nearer than what " + fixed + " paints",
                        patches(found.get(random)),
                        patches(found.get(fixed)));
    }

    private static double[] patches(final List<SampleDistance> distances) {
        return distances.stream().mapToDouble(SampleDistance::patches).toArray();
    }

    private List<SampleDistance> untouched() {
        final List<SampleDistance> distances = new ArrayList<>();
        for (int group = 0; group < study.groups(); group++) {
            final List<ColorProcessor> images = new ArrayList<>();
            for (int i = 0; i < study.samples(); i++) images.add(image(group * study.samples() + i));
            distances.add(SampleDistance.of(images, fine, 1));
        }
        return distances;
    }

    private List<SampleDistance> distances(final Way way) {
        final List<SampleDistance> distances = new ArrayList<>();
        for (int group = 0; group < study.groups(); group++) {
            final List<ColorProcessor> images = new ArrayList<>();
            for (int i = 0; i < study.samples(); i++) images.add(repainted(way, group * study.samples() + i));
            distances.add(SampleDistance.of(images, fine, 1));
        }
        return distances;
    }

    private ColorProcessor image(final int seed) {
        return fine.get(seed % fine.size());
    }

    private ColorProcessor repainted(final Way way, final int seed) {
        final Setup setup = Setup.of(
                        SamplerChoice.of(way.equation().sampler(way.order())), way.steps(), new FloatingPoint())
                .withNoise(new TorchNoise(~seed));
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
