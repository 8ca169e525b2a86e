package palindrome.ij1;

import ij.ImagePlus;
import ij.WindowManager;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import palindrome.command.CommandParameter;
import palindrome.command.CommandSignature;
import palindrome.command.Consent;
import palindrome.image.CommandRecord;

/**
 * <i>Diffusion Repeat...</i>: runs the command that made an image again, on the same image or on another one. From the
 * menu it shows how the image was made and opens that command's own dialog; in a macro the keys are those of that
 * command, and what they do not say is as it was.
 * <p>
 * NB: no SciJava command, since its keys are those of whatever made the image. The name needs the underscore, or ImageJ
 * says nothing when the class cannot be loaded.
 * </p>
 */
public final class Palindrome_Repeat extends MenuPlugIn {

    /** Label of the menu entry. */
    static final String LABEL = "Diffusion Repeat...";

    private static final String TITLE = "Diffusion Repeat";
    private static final String RESULT = "image";
    /** Macro key of the image to run the command on. */
    static final String ON = "on";

    @Override
    Optional<String> runOrExplain(final String argument) {
        try {
            final boolean recording = MacroLine.takeOver(LABEL);
            final MacroOptions options = isMacro() ? macroOptions() : MacroOptions.NONE;
            return repeat(result(options), options.without(RESULT), recording).map(error -> TITLE + ": " + error);
        } catch (final IOException | IllegalArgumentException | IllegalStateException exc) {
            return Optional.of(TITLE + ": " + exc.getMessage());
        }
    }

    private static ImagePlus result(final MacroOptions options) {
        final Optional<String> title = options.values().get(RESULT);
        final ImagePlus result = title == null ? WindowManager.getCurrentImage() : OpenImages.find(title.orElse(""));
        if (result == null)
            throw new IllegalArgumentException(
                    title == null
                            ? "No image is open: open a result first."
                            : "'image' names the image '" + title.orElse("") + "', but no such image is open.");
        return result;
    }

    private static Optional<String> repeat(final ImagePlus result, final MacroOptions options, final boolean recording)
            throws IOException {
        final CommandRecord record = CommandRecord.readFrom(result)
                .orElseThrow(() -> new IllegalArgumentException("'" + result.getTitle()
                        + "' does not say which command made it: choose an image that a command of Palindrome made."));
        final CommandCall recorded = CommandCall.parse(record.line());
        final CommandExecution command = recorded.execution();
        if (isMacro()) {
            try (RecordedImages images = new RecordedImages(record)) {
                return new CommandRun(command, Optional.empty()).run(inputs(recorded, images, options), used -> {});
            }
        }
        final Optional<MacroOptions> on = new RepeatDialog(TITLE, result, recorded.signature()).ask(() -> {
            try (RecordedImages images = new RecordedImages(record)) {
                return sameImage(recorded.signature(), images);
            }
        });
        if (on.isEmpty()) return Optional.empty();
        try (RecordedImages images = new RecordedImages(record)) {
            final Optional<Map<String, Object>> inputs = edited(recorded, inputs(recorded, images, on.get()));
            if (inputs.isEmpty()) return Optional.empty();
            final Consent consent = new ConsentDialog(command.signature().title());
            return new CommandRun(command, Optional.of(consent)).run(inputs.get(), used -> {
                if (recording)
                    new MacroLine(LABEL, on.get().with(changes(recorded, used)).toString()).record();
            });
        }
    }

    /** The recorded inputs, but for what the macro says. */
    private static Map<String, Object> inputs(
            final CommandCall recorded, final RecordedImages images, final MacroOptions options) {
        final MacroOptions others = options.without(ON);
        final Optional<String> on = options.values().get(ON);
        final CommandCall call = recorded.with(others);
        final CommandSignature signature = call.signature();
        final ImagePlus image = on == null ? sameImage(signature, images) : otherImage(signature, on.orElse(""));
        return call.inputs(image, others(others, images));
    }

    /** The image that the command worked on, null if it worked on none. */
    private static ImagePlus sameImage(final CommandSignature signature, final RecordedImages images) {
        return signature
                .mainImage()
                .map(CommandParameter::key)
                .filter(images::has)
                .map(key -> images.main(key, "name another one with on=title."))
                .orElse(null);
    }

    private static ImagePlus otherImage(final CommandSignature signature, final String title) {
        final CommandParameter main = signature
                .mainImage()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'on' is '" + title + "', but " + signature.title() + " takes no image: leave 'on' out."));
        if (title.isEmpty() && !main.required()) return null;
        final ImagePlus image = OpenImages.find(title);
        if (image == null)
            throw new IllegalArgumentException("'on' names the image '" + title + "', but no such image is open.");
        return image;
    }

    private static BiFunction<String, String, ImagePlus> others(final MacroOptions given, final RecordedImages images) {
        return (key, words) -> given.values().containsKey(key) || !images.has(key)
                ? OpenImages.find(words)
                : images.further(key, "give another one as " + key + "=title, or none as " + key + "=.");
    }

    /** Lets the user change inputs in the command's own dialog; empty if canceled. */
    private static Optional<Map<String, Object>> edited(final CommandCall recorded, final Map<String, Object> inputs) {
        final CommandSignature signature = recorded.signature();
        final ImagePlus image = signature
                .mainImage()
                .map(main -> (ImagePlus) inputs.get(main.key()))
                .orElse(null);
        return new CommandDialog(signature, new InputParser(signature, OpenImages::find), image)
                .ask(MacroLine.of(signature, inputs).parsed());
    }

    /** What is not as recorded. */
    private static MacroOptions changes(final CommandCall recorded, final Map<String, Object> used) {
        final Map<String, Optional<String>> before = recorded.options().values();
        final Map<String, Optional<String>> now =
                MacroLine.of(recorded.signature(), used).parsed().values();
        final Map<String, Optional<String>> changes = new LinkedHashMap<>();
        now.forEach((key, value) -> {
            if (!value.equals(before.get(key))) changes.put(key, value);
        });
        // an image that was given, and is not any more
        before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(key -> changes.put(key, Optional.of("")));
        return MacroOptions.of(changes);
    }
}
