package palindrome.ij1;

import ij.ImagePlus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.scijava.command.CommandInfo;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import palindrome.command.CommandParameter;
import palindrome.command.CommandSignature;
import palindrome.command.Consent;
import palindrome.command.DiffusionCommand;
import palindrome.command.NeedsConsent;
import palindrome.edit.Progress;
import palindrome.image.CommandRecord;
import palindrome.image.InputImage;
import palindrome.image.PlaneChoice;
import palindrome.image.Provenance;

/**
 * Runs a command on checked inputs, and writes into every image that it makes
 * how: the macro line and the images that went in.
 * <p>
 * NB: the module is run directly and not through SciJava's module service. That
 * would move it to a pool thread, where ImageJ's current image is another one,
 * open Fiji's dialogs for inputs, and print a stack trace for every mistake of
 * the user.
 * </p>
 */
record CommandExecution(SciJavaHost host, CommandInfo info, CommandSignature signature) {

    private static final String PLANES = "planes";
    private static final String CHANNELS = "channels";

    /**
     * @param className full name of the command's class
     * @throws IllegalStateException if no such command is installed
     */
    static CommandExecution of(final String className) {
        final SciJavaHost host = SciJavaHost.get();
        return of(host, host.command(className));
    }

    static CommandExecution of(final SciJavaHost host, final CommandInfo info) {
        return new CommandExecution(host, info, CommandSignature.of(info));
    }

    /**
     * What a run left.
     *
     * @param inputs as the command used them; to what the user consented is among them
     * @param outputs those it set, by name, in the order of declaration
     * @param images all images that it made, by name, and those of the inputs that it changed, by key, in the order in
     *     which they are shown: the last one is the current image then
     * @param seconds it took
     */
    record Outcome(
            Map<String, Object> inputs, Map<String, Object> outputs, Map<String, ImagePlus> images, double seconds) {}

    /**
     * @param inputs checked inputs by name
     * @param consent asks the user; empty where nobody can be asked
     * @throws RuntimeException whatever the command throws
     */
    Outcome run(final Map<String, Object> inputs, final Progress progress, final Optional<Consent> consent) {
        // the user may move on to another plane or selection while the command runs
        final Map<String, InputImage> images = describe(inputs);
        final Map<String, String> records = records(inputs);
        final Module module = host.context().service(ModuleService.class).createModule(info);
        inputs.forEach(module::setInput);
        if (module.getDelegateObject() instanceof DiffusionCommand command) command.setProgress(progress);
        if (module.getDelegateObject() instanceof NeedsConsent command) consent.ifPresent(command::setConsent);
        final long start = System.nanoTime();
        module.run();
        final double seconds = (System.nanoTime() - start) / 1e9;
        final Map<String, Object> used = inputsOf(module);
        final Map<String, Object> outputs = outputsOf(module);
        final Map<String, ImagePlus> made = new LinkedHashMap<>();
        outputs.forEach((name, output) -> {
            if (output instanceof ImagePlus image) made.put(name, image);
        });
        // what has another record now has other pixels too
        final Map<String, String> now = records(used);
        now.forEach((key, record) -> {
            if (!record.equals(records.get(key))) made.put(key, (ImagePlus) used.get(key));
        });
        record(made, used, images);
        return new Outcome(used, outputs, made, seconds);
    }

    private Map<String, InputImage> describe(final Map<String, Object> inputs) {
        final Map<String, InputImage> images = new LinkedHashMap<>();
        inputs.forEach((key, value) -> {
            if (value instanceof ImagePlus image) images.put(key, InputImage.of(image, planes(image, inputs)));
        });
        return images;
    }

    /**
     * The planes of an image that a command reads. Where it lets choose, they are those of the image that it works on; a
     * further image of the same dimensions may have one for each, or the one that it shows for all, as any other has.
     */
    private List<Integer> planes(final ImagePlus image, final Map<String, Object> inputs) {
        final Object main = signature
                .mainImage()
                .map(CommandParameter::key)
                .map(inputs::get)
                .orElse(null);
        if (!(main instanceof ImagePlus worked
                && inputs.get(PLANES) instanceof String planes
                && inputs.get(CHANNELS) instanceof String channels
                && Arrays.equals(worked.getDimensions(), image.getDimensions())))
            return List.of(image.getCurrentSlice());
        final SortedSet<Integer> read =
                new TreeSet<>(PlaneChoice.of(worked, planes, channels).indicesIn(image));
        if (image != worked) read.add(image.getCurrentSlice());
        return List.copyOf(read);
    }

    /** The records that images have. */
    private static Map<String, String> records(final Map<String, Object> inputs) {
        final Map<String, String> records = new LinkedHashMap<>();
        inputs.forEach((key, value) -> {
            if (value instanceof ImagePlus image && image.getProp(Provenance.PROPERTY) != null)
                records.put(key, image.getProp(Provenance.PROPERTY));
        });
        return records;
    }

    private Map<String, Object> inputsOf(final Module module) {
        final Map<String, Object> inputs = new LinkedHashMap<>();
        for (final CommandParameter parameter : signature.inputs())
            inputs.put(parameter.key(), module.getInput(parameter.key()));
        return inputs;
    }

    private Map<String, Object> outputsOf(final Module module) {
        final Map<String, Object> outputs = new LinkedHashMap<>();
        for (final String name : signature.outputs()) {
            final Object output = module.getOutput(name);
            if (output != null) outputs.put(name, output);
        }
        return outputs;
    }

    private void record(
            final Map<String, ImagePlus> made, final Map<String, Object> used, final Map<String, InputImage> images) {
        final CommandRecord how =
                new CommandRecord(MacroLine.of(signature, used).statement(), images);
        try {
            for (final ImagePlus image : made.values()) how.attachTo(image, signature.operation());
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }
}
