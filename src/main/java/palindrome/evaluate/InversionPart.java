package palindrome.evaluate;

import ai.djl.ndarray.NDManager;
import ij.measure.ResultsTable;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import palindrome.sampler.Arithmetic;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.Lattice;
import palindrome.sampler.SamplingException;
import palindrome.sampler.SinglePrecision;

/**
 * Exact inversion: images to noise and back with every invertible sampler, in the shape of BELM's table of
 * reconstruction errors; and what it costs.
 */
final class InversionPart {

    private static final List<Arithmetic> ARITHMETICS =
            List.of(new SinglePrecision(), new FloatingPoint(), new Lattice());
    /** Where the figure shows an error of exactly zero. */
    private static final double ZERO = 1e-36;
    /** Null-text takes up to 14 evaluations a step, so its cost is measured on short grids only. */
    private static final int NULL_TEXT_STEPS = 20;
    /** Of its paper; at guidance 1 there is nothing for it to do. */
    private static final double NULL_TEXT_GUIDANCE = 7.5;

    private final Study study;
    private final List<ColorProcessor> images;
    private final Map<String, List<RoundTripRun>> trips = new LinkedHashMap<>();

    /** @param images of the study's size */
    InversionPart(final Study study, final List<ColorProcessor> images) {
        this.study = study;
        this.images = images;
    }

    void run(final Report report) throws IOException {
        for (final Contestant contestant : Contestant.INVERTIBLE)
            for (final Arithmetic arithmetic : ARITHMETICS)
                if (contestant.choice().isExact() || arithmetic instanceof FloatingPoint)
                    for (final int steps : study.evaluations()) measure(contestant, steps, arithmetic);
        report.table("exact-inversion", errors());
        report.figure("exact-inversion", figure().toPlot());
        report.table("cost", cost());
    }

    private void measure(final Contestant contestant, final int steps, final Arithmetic arithmetic) {
        final List<RoundTripRun> runs = new ArrayList<>();
        try (NDManager manager = study.subject().model().manager().newSubManager()) {
            for (final ColorProcessor image : images)
                runs.add(RoundTripRun.measure(
                        study.subject(), contestant.steps(steps, arithmetic), study.state(image, manager)));
            trips.put(key(contestant, arithmetic, steps), runs);
        } catch (final SamplingException exc) {
            // NB: states that outgrow their arithmetic are a result; the table says so by a dash.
            trips.put(key(contestant, arithmetic, steps), List.of());
        }
    }

    private static String key(final Contestant contestant, final Arithmetic arithmetic, final int steps) {
        return contestant.label() + ", " + states(arithmetic) + ", " + steps;
    }

    private static String states(final Arithmetic arithmetic) {
        return arithmetic instanceof Lattice ? "exact" : arithmetic.name();
    }

    private ResultsTable errors() {
        final ResultsTable table = new ResultsTable();
        for (final Contestant contestant : Contestant.INVERTIBLE)
            for (final Arithmetic arithmetic : ARITHMETICS) {
                if (!trips.containsKey(
                        key(contestant, arithmetic, study.evaluations().get(0)))) continue;
                table.incrementCounter();
                table.addValue("Sampler", contestant.label());
                table.addValue("States", states(arithmetic));
                for (final int steps : study.evaluations()) {
                    final List<RoundTripRun> runs = trips.get(key(contestant, arithmetic, steps));
                    table.addValue(steps + " steps", runs.isEmpty() ? "–" : Estimate.text(meanSquare(runs)));
                }
            }
        return table;
    }

    private LinePlot figure() {
        final LinePlot plot =
                new LinePlot("Reconstruction", "Steps", "Mean squared error (0 drawn at " + ZERO + ")", true, true);
        for (final Contestant contestant : Contestant.INVERTIBLE)
            for (final Arithmetic arithmetic : ARITHMETICS) {
                final List<double[]> points = new ArrayList<>();
                for (final int steps : study.evaluations()) {
                    final List<RoundTripRun> runs = trips.getOrDefault(key(contestant, arithmetic, steps), List.of());
                    if (!runs.isEmpty()) points.add(new double[] {steps, Math.max(ZERO, meanSquare(runs))});
                }
                plot.add(contestant.label() + ", " + states(arithmetic), points);
            }
        return plot;
    }

    private ResultsTable cost() {
        final ResultsTable table = new ResultsTable();
        for (final Contestant contestant : Contestant.INVERTIBLE)
            for (final int steps : study.evaluations()) {
                final Arithmetic arithmetic = contestant.choice().isExact() ? new Lattice() : new FloatingPoint();
                final List<RoundTripRun> runs = trips.get(key(contestant, arithmetic, steps));
                if (runs.isEmpty()) continue;
                final int evaluations =
                        runs.get(0).evaluations() * study.subject().networkCalls();
                cost(table, contestant.label(), steps, evaluations, 0, Median.of(runs, RoundTripRun::seconds));
            }
        for (final int steps : study.evaluations()) {
            if (steps > NULL_TEXT_STEPS) continue;
            final List<NullTextRun> runs = nullText(steps);
            cost(
                    table,
                    "Null-text, guidance " + NULL_TEXT_GUIDANCE,
                    steps,
                    (int) Math.round(Median.of(runs, NullTextRun::evaluations)),
                    (int) Math.round(Median.of(runs, NullTextRun::gradients)),
                    Median.of(runs, NullTextRun::seconds));
        }
        return table;
    }

    private static void cost(
            final ResultsTable table,
            final String label,
            final int steps,
            final int evaluations,
            final int gradients,
            final double seconds) {
        table.incrementCounter();
        table.addValue("Sampler", label);
        table.addValue("Steps", String.valueOf(steps));
        table.addValue("Evaluations", String.valueOf(evaluations));
        table.addValue("Of these with gradient", String.valueOf(gradients));
        table.addValue("Seconds", Estimate.text(seconds));
        table.addValue("Seconds an evaluation", Estimate.text(seconds / evaluations));
    }

    private List<NullTextRun> nullText(final int steps) {
        final List<NullTextRun> runs = new ArrayList<>();
        try (NDManager manager = study.subject().model().manager().newSubManager()) {
            for (final ColorProcessor image : images)
                runs.add(NullTextRun.measure(study.subject(), steps, NULL_TEXT_GUIDANCE, study.state(image, manager)));
        }
        return runs;
    }

    private static double meanSquare(final List<RoundTripRun> runs) {
        return runs.stream()
                .mapToDouble(run -> run.error().rms() * run.error().rms())
                .average()
                .orElseThrow();
    }
}
