package palindrome.evaluate;

import ij.ImagePlus;
import ij.gui.Plot;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * The document an evaluation fills: {@code evaluation.md}, in which the program writes between the lines
 * {@code <!-- begin NAME -->} and {@code <!-- end NAME -->} and nowhere else, with tables as CSV in {@code evaluation/}
 * and figures as PNG in {@code images/evaluation/}.
 */
final class Report {

    private final Path document;
    private final Path tables;
    private final Path figures;

    /**
     * @param folder of the document; made if it is not there
     * @throws IOException if it cannot be made
     */
    Report(final Path folder) throws IOException {
        document = folder.resolve("evaluation.md");
        tables = Files.createDirectories(folder.resolve("evaluation"));
        figures = Files.createDirectories(folder.resolve("images/evaluation"));
    }

    /** Writes a table as CSV and into the document. */
    void table(final String name, final ResultsTable table) throws IOException {
        table.saveAs(tables.resolve(name + ".csv").toString());
        text(name, markdown(table));
    }

    /** Writes a figure, which the document shows by its name. */
    void figure(final String name, final Plot plot) throws IOException {
        final ImagePlus image = plot.getImagePlus();
        final Path file = figures.resolve(name + ".png");
        if (!ImageIO.write(image.getBufferedImage(), "png", file.toFile()))
            throw new IOException("This Java cannot write PNG files such as " + file + ".");
    }

    /**
     * Replaces what stands between the marks of that name; where there are none, they are added at the end.
     *
     * @param name lower-case letters and hyphens
     * @param markdown new text, without the marks
     */
    void text(final String name, final String markdown) throws IOException {
        final String begin = "<!-- begin " + name + " -->\n";
        final String end = "\n<!-- end " + name + " -->\n";
        final String before = Files.exists(document) ? Files.readString(document) : "";
        final int from = before.indexOf(begin);
        final int to = before.indexOf(end, Math.max(0, from));
        Files.writeString(
                document,
                from < 0 || to < 0
                        ? before + "\n" + begin + markdown.strip() + end
                        : before.substring(0, from + begin.length()) + markdown.strip() + before.substring(to));
    }

    private static String markdown(final ResultsTable table) {
        final String[] columns = table.getHeadings();
        final List<String> lines = new ArrayList<>();
        lines.add("| " + String.join(" | ", columns) + " |");
        lines.add("|" + "---|".repeat(columns.length));
        for (int row = 0; row < table.size(); row++) {
            final List<String> cells = new ArrayList<>();
            for (final String column : columns) cells.add(table.getStringValue(column, row));
            lines.add("| " + String.join(" | ", cells) + " |");
        }
        return String.join("\n", lines);
    }
}
