package palindrome.batch;

import ij.measure.ResultsTable;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of one file.
 *
 * @param file the input
 * @param status what was done
 * @param seconds it took; 0 if nothing was to be done
 * @param output the file that was made, or is there already; empty if there is none
 * @param message why it failed, in one sentence, or what there is to say about the result; may be empty
 */
public record BatchRow(String file, Status status, double seconds, String output, String message)
        implements Serializable {

    /** What was done with a file. */
    public enum Status {
        /** The result was made. */
        DONE,
        /** The result is there already, made by the same line of the same file. */
        SKIPPED,
        /** There is no result. */
        FAILED;

        /** As the table says it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String SECONDS = "Seconds";
    private static final int DECIMALS = 2;

    /** The columns of the table. */
    static final List<String> COLUMNS = List.of("File", "Status", SECONDS, "Output", "Message");

    /** How many files were done, skipped and failed, as a sentence. */
    public static String summary(final List<BatchRow> rows) {
        return rows.size() + (rows.size() == 1 ? " file: " : " files: ")
                + Stream.of(Status.values())
                        .map(status -> rows.stream()
                                        .filter(row -> row.status() == status)
                                        .count() + " " + status)
                        .collect(Collectors.joining(", "))
                + ".";
    }

    /** NB: a row is one line, for whoever reads it with simple tools. */
    private List<String> cells() {
        return Stream.of(
                        file,
                        status.toString(),
                        String.format(Locale.ROOT, "%." + DECIMALS + "f", seconds),
                        output,
                        message)
                .map(cell -> cell.replaceAll("\\s+", " "))
                .toList();
    }

    /** A line of CSV (RFC 4180), without its end. */
    static String csv(final List<String> cells) {
        return cells.stream()
                .map(cell -> cell.matches(".*[\",].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell)
                .collect(Collectors.joining(","));
    }

    String csv() {
        return csv(cells());
    }

    /** NB: ImageJ's tables write small numbers in powers of ten, whatever their decimals. */
    private double rounded() {
        final double unit = Math.pow(10, DECIMALS);
        return Math.rint(seconds * unit) / unit;
    }

    /** Adds this as the last row of a table. */
    void addTo(final ResultsTable table) {
        table.incrementCounter();
        final List<String> cells = cells();
        for (int i = 0; i < cells.size(); i++)
            if (COLUMNS.get(i).equals(SECONDS)) table.addValue(SECONDS, rounded());
            // ImageJ does not escape quotes where it writes CSV
            else table.addValue(COLUMNS.get(i), cells.get(i).replace('"', '\''));
        table.setDecimalPlaces(table.getColumnIndex(SECONDS), DECIMALS);
    }
}
