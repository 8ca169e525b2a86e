package palindrome.batch;

import com.google.gson.JsonObject;
import ij.ImagePlus;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import palindrome.edit.Progress;
import palindrome.ij1.CommandCall;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;

/**
 * The unit of work: one command on one file. It needs nothing but the plugin and the two folders, so it may run in any
 * process on any computer that sees them, in any order, and again.
 *
 * @param line the macro statement
 * @param file path of the input
 * @param label what the table calls it
 * @param folder path of the output folder
 * @param name of the results, to which the operation is added: {@code cells} for {@code cells-edit.tif}
 * @param overwrite whether a file that is there, and was not made by this line, may be replaced
 */
public record BatchTask(String line, String file, String label, String folder, String name, boolean overwrite)
        implements Serializable {

    private static final String RECORD = "batch";
    private static final String NAME_IN_LINE = "{name}";

    /**
     * Does the work, unless it is done already. Whatever goes wrong with this file is in the row.
     *
     * @param progress hears notes, and may cancel
     * @throws CancellationException if it was canceled; nothing is left behind then
     */
    public BatchRow run(final Progress progress) {
        final long start = System.nanoTime();
        try {
            final CommandCall call = CommandCall.parse(line);
            final ResultFile result = new ResultFile(target(call, ""));
            final JsonObject origin = origin();
            if (result.exists()) {
                final Optional<JsonObject> before = record(result);
                if (before.filter(origin::equals).isPresent())
                    return row(BatchRow.Status.SKIPPED, start, result.path(), "");
                if (!overwrite
                        && before.map(BatchTask::line).filter(line::equals).isEmpty())
                    throw new IOException(result.path().getFileName()
                            + " is there already and was not made by this line: use another output folder, or"
                            + " overwrite=true.");
            }
            final CommandCall.Result made = call.run(ImageFile.open(Path.of(file)), this::further, progress);
            if (made.images().isEmpty()) throw new IOException(call.signature().title() + " made no image of it.");
            ResultFile.write(named(call, made.images(), origin));
            return row(BatchRow.Status.DONE, start, result.path(), made.notes());
        } catch (final CancellationException exc) {
            throw exc;
        } catch (final IOException exc) {
            // NB: Esc stops ImageJ's reading of a file as well
            progress.checkCanceled();
            return failed(start, new UncheckedIOException(exc));
        } catch (final RuntimeException | LinkageError | OutOfMemoryError exc) {
            return failed(start, exc);
        }
    }

    /** Whether there is nothing to do. */
    boolean isDone(final CommandCall call) {
        final ResultFile result = new ResultFile(target(call, ""));
        try {
            return result.exists() && record(result).filter(origin()::equals).isPresent();
        } catch (final IOException exc) {
            // the run will say it
            return false;
        }
    }

    /** Known before the run, whatever titles the results will have. */
    private Path target(final CommandCall call, final String output) {
        return Path.of(
                folder,
                Stream.of(name, call.signature().operation().replace(' ', '-'), output)
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("-", "", ".tif")));
    }

    /** Of what and by what a result was made; text only, so that it is equal when it is read again. */
    private JsonObject origin() throws IOException {
        final Path input = Path.of(file);
        if (!Files.isRegularFile(input)) throw new IOException("There is no file " + file + ".");
        final JsonObject origin = new JsonObject();
        origin.addProperty("line", line);
        origin.addProperty("file", input.getFileName().toString());
        origin.addProperty("bytes", Long.toString(Files.size(input)));
        origin.addProperty(
                "modified", Files.getLastModifiedTime(input).toInstant().toString());
        return origin;
    }

    private static String line(final JsonObject origin) {
        return origin.has("line") ? origin.get("line").getAsString() : "";
    }

    private static Optional<JsonObject> record(final ResultFile result) {
        return result.provenance()
                .flatMap(provenance -> provenance.get(RECORD))
                .filter(element -> element.isJsonObject())
                .map(element -> element.getAsJsonObject());
    }

    /** The main result, which is the last one, takes the plain name and comes first. */
    private Map<Path, ImagePlus> named(
            final CommandCall call, final Map<String, ImagePlus> images, final JsonObject origin) throws IOException {
        final List<String> outputs = new ArrayList<>(images.keySet());
        Collections.reverse(outputs);
        final Map<Path, ImagePlus> files = new LinkedHashMap<>();
        for (final String output : outputs) {
            final ImagePlus image = images.get(output);
            Provenance.readFrom(image).orElseThrow().with(RECORD, origin).attachTo(image);
            files.put(target(call, files.isEmpty() ? "" : output), image);
        }
        return files;
    }

    /** A further image of the line: a file, by its path from the input's folder, where {name} is the input's name. */
    private ImagePlus further(final String words) {
        final Path input = Path.of(file);
        final String stem = ResultTitle.withoutEnding(input.getFileName().toString());
        final Path further = input.resolveSibling(words.replace(NAME_IN_LINE, stem));
        try {
            if (!Files.isRegularFile(further))
                throw new IOException("No image '" + words + "' is open, and there is no file " + further + ".");
            return ImageFile.open(further);
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }

    private BatchRow failed(final long start, final Throwable failure) {
        return new BatchRow(label, BatchRow.Status.FAILED, since(start), "", CommandCall.explain(failure));
    }

    private BatchRow row(final BatchRow.Status status, final long start, final Path output, final String message) {
        return new BatchRow(
                label,
                status,
                status == BatchRow.Status.SKIPPED ? 0 : since(start),
                output.getFileName().toString(),
                message);
    }

    private static double since(final long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
