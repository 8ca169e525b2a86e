package palindrome.evaluate;

import ij.measure.ResultsTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A comparison as rows of a Results table; NaN and blank where a column means nothing to a measurement. */
public final class ComparisonTable {

    private static final List<String> TEXTS = List.of("Measurement", "Sampler", "States");

    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final double guidance;

    ComparisonTable(final Comparison comparison, final double guidance) {
        this.guidance = guidance;
        comparison.roundTrips().forEach(this::add);
        comparison.odeErrors().forEach(this::add);
        comparison.overGamma().forEach(health -> add("health over gamma", health));
        comparison.overGuidance().forEach(health -> add("health over guidance", health));
    }

    /** Adds all rows to those the table has. */
    public void addTo(final ResultsTable table) {
        final Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.keySet()));
        for (final Map<String, Object> row : rows) {
            table.incrementCounter();
            for (final String column : columns) {
                if (TEXTS.contains(column)) table.addValue(column, (String) row.getOrDefault(column, ""));
                else table.addValue(column, ((Number) row.getOrDefault(column, Double.NaN)).doubleValue());
            }
        }
        // NB: with ImageJ's usual three decimals most errors would read 0.000.
        for (final String column : columns)
            if (!TEXTS.contains(column)) table.setDecimalPlaces(table.getColumnIndex(column), ResultsTable.AUTO_FORMAT);
    }

    private void add(final RoundTripRun trip) {
        final Map<String, Object> row = row("round trip", trip.setup(), guidance);
        row.put("Evaluations", trip.evaluations());
        row.put("Seconds", trip.seconds());
        row.put("Max error", trip.error().max());
        row.put("RMS error", trip.error().rms());
    }

    private void add(final OdeError error) {
        final Map<String, Object> row = row("distance to ODE", error.setup(), guidance);
        row.put("Evaluations", error.evaluations());
        row.put("Seconds", error.seconds());
        row.put("Max error", error.max());
        row.put("RMS error", error.rms());
        row.put("Uncertainty", error.uncertainty());
    }

    private void add(final String measurement, final HealthAt health) {
        final Map<String, Object> row = row(measurement, health.setup(), health.guidance());
        row.put("Gamma", health.gamma());
        health.numbers().forEach((name, value) -> row.put("Latent " + name, value));
    }

    private Map<String, Object> row(final String measurement, final Setup setup, final double scale) {
        final Map<String, Object> row = new LinkedHashMap<>();
        row.put("Measurement", measurement);
        row.put("Sampler", setup.choice().label());
        row.put("States", setup.arithmetic().name());
        row.put("Steps", setup.steps());
        row.put("Guidance", scale);
        rows.add(row);
        return row;
    }
}
