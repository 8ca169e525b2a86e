package palindrome.evaluate;

import ij.measure.ResultsTable;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import palindrome.edit.DiffusionEquation;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.TorchNoise;

/**
 * Images that were changed by ODE and SDE, of first and second order and in several numbers of steps (Nie et al. 2024, whose
 * claim is that the SDE needs fewer), by their distance from the images they should be distributed as. States are float64.
 */
final class EquationComparison {

    private final Study study;
    private final List<ColorProcessor> fine;
    private final String changed;
    private final String makes;

    /**
     * @param fine what images should be like
     * @param changed heading of the solvers, such as "Repainted by"
     * @param makes what solvers do, as in "what the SDE paints"
     */
    EquationComparison(final Study study, final List<ColorProcessor> fine, final String changed, final String makes) {
        this.study = study;
        this.fine = fine;
        this.changed = changed;
        this.makes = makes;
    }

    /** How an image is changed. */
    record Way(DiffusionEquation equation, int order, int steps) {

        /** @param seed of an image; the noise that is drawn on the way has another */
        Setup setup(final int seed) {
            return Setup.of(SamplerChoice.of(equation.sampler(order)), steps, new FloatingPoint())
                    .withNoise(new TorchNoise(~seed));
        }

        private String label() {
            return equation + ", order " + order;
        }

        @Override
        public String toString() {
            return "the " + equation + " of order " + order + " in " + steps + " steps";
        }
    }

    /** An operation. */
    @FunctionalInterface
    interface Change {

        /** @param seed of the noise, counting up from 0; it says which image is changed, too */
        ColorProcessor image(Way way, int seed);
    }

    /**
     * Writes a table, and which claims hold.
     *
     * @param name of the table
     * @param before the image of a seed, unchanged
     */
    void run(final Report report, final String name, final IntFunction<ColorProcessor> before, final Change change)
            throws IOException {
        final Map<Way, List<SampleDistance>> found = new LinkedHashMap<>();
        final ResultsTable table = new ResultsTable();
        add(table, "as they were", 0, distances(before));
        for (final DiffusionEquation equation : DiffusionEquation.values())
            for (final int order : new int[] {1, 2})
                for (final int steps : study.evaluations()) {
                    final Way way = new Way(equation, order, steps);
                    found.put(way, distances(seed -> change.image(way, seed)));
                    add(table, way.label(), steps, found.get(way));
                }
        report.table(name, table);
        report.text(name + "-claims", String.join("\n", claims(found)));
    }

    private void add(
            final ResultsTable table, final String label, final int steps, final List<SampleDistance> distances) {
        table.incrementCounter();
        table.addValue(changed, label);
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

    private String claim(final Map<Way, List<SampleDistance>> found, final int order, final int fewer, final int more) {
        final Way random = new Way(DiffusionEquation.SDE, order, fewer);
        final Way fixed = new Way(DiffusionEquation.ODE, order, more);
        return "- "
                + Estimate.claim(
                        "What " + random + " " + makes + " is nearer than what " + fixed + " " + makes,
                        patches(found.get(random)),
                        patches(found.get(fixed)));
    }

    private static double[] patches(final List<SampleDistance> distances) {
        return distances.stream().mapToDouble(SampleDistance::patches).toArray();
    }

    private List<SampleDistance> distances(final IntFunction<ColorProcessor> made) {
        final List<SampleDistance> distances = new ArrayList<>();
        for (int group = 0; group < study.groups(); group++) {
            final List<ColorProcessor> images = new ArrayList<>();
            for (int i = 0; i < study.samples(); i++) images.add(made.apply(group * study.samples() + i));
            distances.add(SampleDistance.of(images, fine, 1));
        }
        return distances;
    }
}
