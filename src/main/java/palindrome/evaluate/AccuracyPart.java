package palindrome.evaluate;

import ai.djl.ndarray.NDManager;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;

/** Order of accuracy: on normally distributed data, where the solution is known, and on the model. */
final class AccuracyPart {

    private static final int[] ANALYTIC_STEPS = {20, 80, 320, 1280};
    /** The model is asked beyond the usual budgets, to where its order shows. */
    private static final int[] BEYOND = {2, 4};

    private static final double TRUSTED = 4;
    private static final double MIXING = 0.93;

    private final Study study;

    AccuracyPart(final Study study) {
        this.study = study;
    }

    void run(final Report report) throws IOException {
        analytic(report);
        onTheModel(report);
    }

    private record Expected(Contestant contestant, int order) {}

    private void analytic(final Report report) throws IOException {
        final List<Expected> rows = List.of(
                new Expected(Contestant.DDIM, 1),
                new Expected(
                        new Contestant(
                                "EDICT p=0.93",
                                SamplerChoice.EDICT,
                                SamplerSettings.defaults().withMixing(MIXING),
                                2),
                        1),
                new Expected(Contestant.BDIA_HALF, 1),
                new Expected(Contestant.BDIA_ONE, 2),
                new Expected(Contestant.O_BELM, 2));
        final ResultsTable table = new ResultsTable();
        final LinePlot plot = new LinePlot("Normal data", "Steps", "Error", true, true);
        for (final Expected row : rows) {
            final Contestant contestant = row.contestant();
            final List<double[]> points = new ArrayList<>();
            for (final int steps : ANALYTIC_STEPS)
                points.add(new double[] {steps, AnalyticError.of(contestant.choice(), contestant.settings(), steps)});
            table.incrementCounter();
            table.addValue("Sampler", contestant.label());
            for (final double[] point : points) table.addValue((int) point[0] + " steps", Estimate.text(point[1]));
            table.addValue("Order", Estimate.text(order(points)));
            table.addValue("Claimed", String.valueOf(row.order()));
            plot.add(contestant.label(), points);
        }
        report.table("order-analytic", table);
        report.figure("order-analytic", plot.toPlot());
    }

    private void onTheModel(final Report report) throws IOException {
        final List<Integer> budgets = new ArrayList<>(study.evaluations());
        for (final int factor : BEYOND)
            budgets.add(factor * study.evaluations().get(study.evaluations().size() - 1));
        final ResultsTable table = new ResultsTable();
        final LinePlot overEvaluations =
                new LinePlot("Bundled model", "Network evaluations", "RMS distance to the ODE", true, true);
        final LinePlot overSeconds = new LinePlot("Bundled model", "Seconds", "RMS distance to the ODE", true, true);
        final Map<Integer, List<Distance>> distances = new LinkedHashMap<>();
        double uncertainty = 0;
        try (NDManager manager = study.subject().model().manager().newSubManager()) {
            final FineSolution reference = new FineSolution(study.noise(1, manager), study.fineSteps());
            for (final Contestant contestant : Contestant.GENERATING) {
                final List<double[]> points = new ArrayList<>();
                final List<double[]> times = new ArrayList<>();
                table.incrementCounter();
                table.addValue("Sampler", contestant.label());
                for (final int budget : budgets) {
                    final OdeError error = OdeError.measure(
                            study.subject(),
                            contestant.evaluations(budget, new FloatingPoint()),
                            study.noise(1, manager),
                            reference);
                    uncertainty = error.uncertainty();
                    distances
                            .computeIfAbsent(budget, key -> new ArrayList<>())
                            .add(new Distance(contestant.label(), error.rms()));
                    points.add(new double[] {error.evaluations(), error.rms()});
                    times.add(new double[] {error.seconds(), error.rms()});
                    table.addValue(budget + " evaluations", Estimate.text(error.rms()));
                }
                table.addValue("Order", Estimate.text(order(reliable(points, uncertainty))));
                overEvaluations.add(contestant.label(), points);
                overSeconds.add(contestant.label(), times);
            }
        }
        report.table("order-model", table);
        report.text(
                "order-model-uncertainty",
                "The fine solution (" + study.fineSteps() + " Heun steps) is " + Estimate.text(uncertainty)
                        + " from that of half as many steps.");
        report.text("order-model-nearest", ranking(distances));
        report.figure("order-model", overEvaluations.toPlot());
        report.figure("order-model-seconds", overSeconds.toPlot());
    }

    private record Distance(String label, double rms) {}

    private static String ranking(final Map<Integer, List<Distance>> distances) {
        return distances.entrySet().stream()
                .map(entry -> "- " + entry.getKey() + " evaluations, the nearest first: "
                        + entry.getValue().stream()
                                .sorted(Comparator.comparingDouble(Distance::rms))
                                .map(Distance::label)
                                .collect(Collectors.joining(", "))
                        + ".")
                .collect(Collectors.joining("\n"));
    }

    /** Points nearer to the solution than this many times its own uncertainty say nothing of the order. */
    private static List<double[]> reliable(final List<double[]> points, final double uncertainty) {
        return points.stream().filter(point -> point[1] > TRUSTED * uncertainty).toList();
    }

    /** From the last two points; NaN of fewer. */
    private static double order(final List<double[]> points) {
        if (points.size() < 2) return Double.NaN;
        final double[] coarse = points.get(points.size() - 2);
        final double[] fine = points.get(points.size() - 1);
        return Math.log(coarse[1] / fine[1]) / Math.log(fine[0] / coarse[0]);
    }
}
