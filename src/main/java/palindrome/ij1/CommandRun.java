package palindrome.ij1;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;
import ij.process.ImageProcessor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.scijava.command.CommandInfo;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import palindrome.command.CommandParameter;
import palindrome.command.CommandSignature;
import palindrome.command.Consent;
import palindrome.command.DiffusionCommand;
import palindrome.command.NeedsConsent;
import palindrome.command.TaskProgress;
import palindrome.command.TextReport;
import palindrome.edit.Progress;
import palindrome.image.Provenance;

/**
 * One run of a command on the calling thread, with its input images locked.
 * <p>
 * NB: the module is run directly and not through SciJava's module service. That
 * would move it to a pool thread, where ImageJ's current image is another one,
 * open Fiji's dialogs for inputs, and print a stack trace for every mistake of
 * the user.
 * </p>
 */
final class CommandRun {

    private final SciJavaHost host;
    private final CommandInfo info;
    private final CommandSignature signature;
    private final Optional<Consent> consent;
    private final RunDisplay display = RunDisplay.ofHost();

    /** @param consent asks the user; empty in a macro, where nobody is asked */
    CommandRun(
            final SciJavaHost host,
            final CommandInfo info,
            final CommandSignature signature,
            final Optional<Consent> consent) {
        this.host = host;
        this.info = info;
        this.signature = signature;
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
            final Module module = execute(inputs);
            finished.accept(inputsOf(module));
            showOutputs(module);
            return Optional.empty();
        } catch (final CancellationException exc) {
            display.kept().ifPresent(this::showEstimate);
            // outside a macro the status line says it, and nothing is to be stopped
            return IJ.isMacro() ? Optional.of("canceled by the user.") : Optional.empty();
        } catch (final RuntimeException | LinkageError | OutOfMemoryError exc) {
            if (!UserMessage.isForeseen(exc)) host.log().error(signature.title(), exc);
            return Optional.of(UserMessage.of(exc));
        } finally {
            locked.forEach(ImagePlus::unlock);
        }
    }

    private Map<String, Object> inputsOf(final Module module) {
        final Map<String, Object> inputs = new LinkedHashMap<>();
        for (final CommandParameter parameter : signature.inputs())
            inputs.put(parameter.key(), module.getInput(parameter.key()));
        return inputs;
    }

    private Module execute(final Map<String, Object> inputs) {
        final Module module = host.context().service(ModuleService.class).createModule(info);
        inputs.forEach(module::setInput);
        try (TaskProgress task = task();
                ImageJProgress progress = new ImageJProgress(
                        signature.title(), display, task == null ? Progress.NONE : task, System::nanoTime)) {
            if (module.getDelegateObject() instanceof DiffusionCommand command) command.setProgress(progress);
            if (module.getDelegateObject() instanceof NeedsConsent command) consent.ifPresent(command::setConsent);
            module.run();
        }
        return module;
    }

    /** In Fiji the run is listed as a task; plain ImageJ shows none. */
    private TaskProgress task() {
        return SciJavaHost.isFiji()
                ? new TaskProgress(host.context().service(TaskService.class), null, signature.title())
                : null;
    }

    private void showOutputs(final Module module) {
        for (final String name : signature.outputs()) {
            final Object output = module.getOutput(name);
            if (output instanceof ImagePlus imp) OpenImages.show(imp);
            else if (output instanceof ResultsTable table)
                ResultTables.show(table, info.getOutput(name).getLabel());
            else if (output instanceof TextReport report) display.report(report.title(), report.text());
            else if (output instanceof String note && !note.isBlank()) display.note(signature.title() + ": " + note);
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
