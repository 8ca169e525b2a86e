package palindrome.evaluate;

import ij.measure.ResultsTable;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import palindrome.sampler.FloatingPoint;

/**
 * Quality of images at equal network evaluations: the distance of their distribution from reference images, which are
 * those of a long run on a fine grid, or real ones.
 */
final class QualityPart {

    private final Study study;
    private final List<ColorProcessor> fine;
    private final List<ColorProcessor> real;

    /**
     * @param fine of the long run, at least two
     * @param real images the model never saw; may be empty
     */
    QualityPart(final Study study, final List<ColorProcessor> fine, final List<ColorProcessor> real) {
        this.study = study;
        this.fine = fine;
        this.real = real;
    }

    void run(final Report report) throws IOException {
        final Map<Contestant, List<List<List<ColorProcessor>>>> images = new LinkedHashMap<>();
        for (final Contestant contestant : Contestant.GENERATING) {
            final List<List<List<ColorProcessor>>> ofContestant = new ArrayList<>();
            for (final int budget : study.evaluations()) ofContestant.add(groups(contestant, budget));
            images.put(contestant, ofContestant);
        }
        against("quality", images, fine, report);
        if (!real.isEmpty()) against("quality-real", images, real, report);
    }

    private List<List<ColorProcessor>> groups(final Contestant contestant, final int budget) {
        final Setup setup = contestant.evaluations(budget, new FloatingPoint());
        final List<List<ColorProcessor>> groups = new ArrayList<>();
        for (int group = 0; group < study.groups(); group++)
            groups.add(study.images(setup, 1 + (long) group * study.samples(), study.samples()));
        return groups;
    }

    private void against(
            final String name,
            final Map<Contestant, List<List<List<ColorProcessor>>>> images,
            final List<ColorProcessor> reference,
            final Report report)
            throws IOException {
        final ResultsTable table = new ResultsTable();
        final LinePlot plot = new LinePlot("Sample quality", "Network evaluations", "Patch distance", true, true);
        final Map<String, double[]> patches = new LinkedHashMap<>();
        for (final Contestant contestant : images.keySet()) {
            final List<double[]> points = new ArrayList<>();
            for (int k = 0; k < study.evaluations().size(); k++) {
                final int budget = study.evaluations().get(k);
                final List<SampleDistance> distances = images.get(contestant).get(k).stream()
                        .map(group -> SampleDistance.of(group, reference, 1))
                        .toList();
                final Estimate estimate = estimate(distances, SampleDistance::patches);
                patches.put(contestant.label() + budget, numbers(distances, SampleDistance::patches));
                points.add(new double[] {budget, estimate.mean(), estimate.error()});
                row(table, contestant.label(), String.valueOf(budget), distances);
            }
            plot.add(contestant.label(), points);
        }
        final int half = fine.size() / 2;
        final List<ColorProcessor> other = reference == fine ? fine.subList(half, fine.size()) : reference;
        row(table, "fine grid", "–", List.of(SampleDistance.of(fine.subList(0, half), other, 1)));
        report.table(name, table);
        report.figure(name, plot.toPlot());
        report.text(name + "-claims", claims(patches));
    }

    private String claims(final Map<String, double[]> patches) {
        final List<String> claims = new ArrayList<>();
        for (final Contestant better : List.of(Contestant.O_BELM, Contestant.BDIA_HALF, Contestant.BDIA_ONE))
            for (final int budget : study.evaluations())
                claims.add("- "
                        + Estimate.claim(
                                better.label() + " is nearer than DDIM at " + budget + " evaluations",
                                patches.get(better.label() + budget),
                                patches.get(Contestant.DDIM.label() + budget)));
        return String.join("\n", claims);
    }

    private static void row(
            final ResultsTable table, final String label, final String budget, final List<SampleDistance> distances) {
        table.incrementCounter();
        table.addValue("Sampler", label);
        table.addValue("Evaluations", budget);
        table.addValue("Patches", estimate(distances, SampleDistance::patches).toString());
        table.addValue(
                "Nuclei an image", estimate(distances, SampleDistance::counts).toString());
        table.addValue("Area (px)", estimate(distances, SampleDistance::areas).toString());
    }

    private static Estimate estimate(
            final List<SampleDistance> distances, final ToDoubleFunction<SampleDistance> number) {
        return Estimate.of(numbers(distances, number));
    }

    private static double[] numbers(
            final List<SampleDistance> distances, final ToDoubleFunction<SampleDistance> number) {
        return distances.stream().mapToDouble(number).toArray();
    }
}
