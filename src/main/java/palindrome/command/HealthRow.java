package palindrome.command;

import ij.measure.ResultsTable;
import java.util.Optional;
import palindrome.edit.Inversion;
import palindrome.edit.RoundTripError;

/** An inversion as a row of the Results table. */
final class HealthRow {

    private HealthRow() {}

    /**
     * @param title of the latent
     * @param inversion what to report
     * @param seconds it took
     * @param error of the way back, if it was measured
     * @return ImageJ's Results table with the row added
     */
    static ResultsTable add(
            final String title, final Inversion inversion, final double seconds, final Optional<RoundTripError> error) {
        final ResultsTable results = ResultsTable.getResultsTable();
        // The commands' rows have columns of their own; zeros in the others' would read like measurements.
        results.setNaNEmptyCells(true);
        results.incrementCounter();
        results.addLabel(title);
        inversion.report().forEach((column, value) -> {
            if (value instanceof Double number) results.addValue(column, number);
            else results.addValue(column, value.toString());
        });
        results.addValue("Round-trip error", error.map(RoundTripError::max).orElse(Double.NaN));
        results.addValue("Seconds", seconds);
        return results;
    }
}
