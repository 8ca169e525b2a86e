package palindrome.batch;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The table of what was done, as CSV, in the output folder; a row is on the disk as soon as its file is finished. */
public final class BatchLog implements AutoCloseable {

    /** Its file. */
    public static final String NAME = "batch.csv";

    private final Writer out;

    private BatchLog(final Writer out) {
        this.out = out;
    }

    /**
     * Begins the table anew.
     *
     * @throws IOException if the folder cannot be written to
     */
    public static BatchLog open(final Path folder) throws IOException {
        final BatchLog log = new BatchLog(Files.newBufferedWriter(folder.resolve(NAME)));
        log.line(BatchRow.csv(BatchRow.COLUMNS));
        return log;
    }

    /** Adds a row. */
    public void add(final BatchRow row) throws IOException {
        line(row.csv());
    }

    private void line(final String text) throws IOException {
        out.write(text + "\r\n");
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
