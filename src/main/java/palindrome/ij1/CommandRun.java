package palindrome.ij1;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.scijava.task.TaskService;
import palindrome.command.CommandSignature;
import palindrome.command.Consent;
import palindrome.command.HistoryEntry;
import palindrome.command.HistoryService;
import palindrome.command.TaskProgress;
import palindrome.command.TextReport;
import palindrome.edit.Progress;
import palindrome.image.Provenance;

/**
 * One run of a command in front of the user, with its input images locked: what
 * it makes is shown and entered in the history, what stops it becomes a sentence.
 */
final class CommandRun {

    private final CommandExecution command;
    private final CommandSignature signature;
    private final Optional<Consent> consent;
    private final RunDisplay display = RunDisplay.ofHost();
    private final LocalDateTime time = LocalDateTime.now();

    /** @param consent asks the user; empty in a macro, where nobody is asked */
    CommandRun(final CommandExecution command, final Optional<Consent> consent) {
        this.command = command;
        signature = command.signature();
        this.consent = consent;
    }

    /**
     * Runs the command and shows its outputs.
     *
     * @param inputs checked inputs by name
     * @param finished given the inputs when the command has done its work, before its
     *          outputs are shown; to what the user consented is among them
     * @return one sentence for the user if the command failed
     */
    Optional<String> run(final Map<String, Object> inputs, final Consumer<Map<String, Object>> finished) {
        final Deque<ImagePlus> locked = new ArrayDeque<>();
        try {
            for (final Object input : inputs.values()) if (input instanceof ImagePlus imp) lock(imp, locked);
            final CommandExecution.Outcome outcome = execute(inputs);
            finished.accept(outcome.inputs());
            outcome.outputs().forEach(this::show);
            // NB: only now have the images the titles that they keep
            outcome.images().values().forEach(image -> remember(image, outcome));
            return Optional.empty();
        } catch (final CancellationException exc) {
            display.kept().ifPresent(this::showEstimate);
            // outside a macro the status line says it, and nothing is to be stopped
            return IJ.isMacro() ? Optional.of("canceled by the user.") : Optional.empty();
        } catch (final RuntimeException | LinkageError | OutOfMemoryError exc) {
            if (!UserMessage.isForeseen(exc)) command.host().log().error(signature.title(), exc);
            return Optional.of(UserMessage.of(exc));
        } finally {
            locked.forEach(ImagePlus::unlock);
        }
    }

    private CommandExecution.Outcome execute(final Map<String, Object> inputs) {
        try (TaskProgress task = task();
                ImageJProgress progress = new ImageJProgress(
                        signature.title(), display, task == null ? Progress.NONE : task, System::nanoTime)) {
            return command.run(inputs, progress, consent);
        }
    }

    /** In Fiji the run is listed as a task; plain ImageJ shows none. */
    private TaskProgress task() {
        return SciJavaHost.isFiji()
                ? new TaskProgress(command.host().context().service(TaskService.class), null, signature.title())
                : null;
    }

    private void show(final String name, final Object output) {
        if (output instanceof ImagePlus imp) OpenImages.show(imp);
        else if (output instanceof ResultsTable table)
            ResultTables.show(table, command.info().getOutput(name).getLabel());
        else if (output instanceof TextReport report) display.report(report.title(), report.text());
        else if (output instanceof String note && !note.isBlank()) display.note(signature.title() + ": " + note);
    }

    /** Enters a result in the history. */
    private void remember(final ImagePlus result, final CommandExecution.Outcome outcome) {
        final HistoryEntry entry = new HistoryEntry(
                time,
                result.getTitle(),
                signature.title(),
                signature
                        .mainImage()
                        .map(parameter -> outcome.inputs().get(parameter.key()))
                        .map(MacroLine::text)
                        .orElse(""),
                known("model", result, outcome),
                known("sampler", result, outcome),
                known("steps", result, outcome),
                known("seed", result, outcome),
                outcome.seconds(),
                MacroLine.of(signature, outcome.inputs()).statementForTables());
        command.host().context().service(HistoryService.class).add(entry);
        HistoryWindow.append(entry);
    }

    /** What the command was told or, where it was not, what the result's record says. */
    private static String known(final String key, final ImagePlus result, final CommandExecution.Outcome outcome) {
        final Object told = outcome.inputs().get(key);
        if (told != null) return MacroLine.text(told);
        try {
            return Provenance.readFrom(result)
                    .flatMap(provenance -> provenance.text(key))
                    .orElse("");
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }

    /** Shows what the user stopped a run to keep; it is no result, and says so. */
    private void showEstimate(final ImageProcessor picture) {
        final ImagePlus image = new ImagePlus("estimate", picture);
        Provenance.of("estimate")
                .with("of", signature.title())
                .synthetic(Provenance.Synthetic.GENERATED)
                .attachTo(image);
        OpenImages.show(image);
    }

    private static void lock(final ImagePlus imp, final Deque<ImagePlus> locked) {
        // one image may be given twice, as in comparing it with itself
        if (locked.contains(imp)) return;
        if (!imp.lockSilently())
            throw new IllegalStateException(
                    "The image '" + imp.getTitle() + "' is in use by another command: wait for it to finish.");
        locked.push(imp);
    }
}
