package palindrome.command;

import ij.measure.ResultsTable;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * One result of this session, in words only: it keeps no image alive.
 *
 * @param time when the command was started
 * @param title of the result
 * @param command title of the command
 * @param image title of the image it worked on; empty if it needs none
 * @param model what opened the model; empty where there is none
 * @param sampler name of the method; empty where there is none
 * @param steps between image and noise, as text; empty where there are none
 * @param seed as text; empty where there is none
 * @param seconds that the command ran
 * @param line the macro statement that runs it again, without a double quote, which ImageJ's tables do not escape where
 *     they write CSV
 */
public record HistoryEntry(
        LocalDateTime time,
        String title,
        String command,
        String image,
        String model,
        String sampler,
        String steps,
        String seed,
        double seconds,
        String line) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final int SECONDS_DECIMALS = 2;

    /** Adds this as the last row of a table. */
    public void addTo(final ResultsTable table) {
        table.incrementCounter();
        table.addValue("Time", TIME.format(time));
        table.addValue("Title", cell(title));
        table.addValue("Command", command);
        table.addValue("Image", cell(image));
        table.addValue("Model", cell(model));
        table.addValue("Sampler", sampler);
        table.addValue("Steps", steps);
        table.addValue("Seed", seed);
        table.addValue("Seconds", seconds);
        table.setDecimalPlaces(table.getColumnIndex("Seconds"), SECONDS_DECIMALS);
        table.addValue("Macro line", line);
    }

    /** Titles and paths may hold anything; a cell must hold neither what ends it nor what ImageJ does not escape. */
    private static String cell(final String text) {
        return text.replace('"', '\'').replaceAll("\\s", " ");
    }
}
