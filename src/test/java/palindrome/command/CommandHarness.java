package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.ImagePlus;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandModule;
import org.scijava.module.Module;
import org.scijava.plugin.Plugin;
import palindrome.edit.Progress;

/** Runs a command as the bridge does: module made, inputs set, run on this thread. */
final class CommandHarness {

    private final Class<? extends DiffusionCommand> type;
    private final Map<String, Object> inputs = new HashMap<>();
    private Progress progress = Progress.NONE;

    private CommandHarness(final Class<? extends DiffusionCommand> type) {
        this.type = type;
    }

    static CommandHarness invert(final ImagePlus image) {
        return new CommandHarness(InvertCommand.class).with("image", image);
    }

    static CommandHarness reconstruct(final ImagePlus latent) {
        return new CommandHarness(ReconstructCommand.class).with("image", latent);
    }

    static CommandHarness edit(final ImagePlus image) {
        return new CommandHarness(EditCommand.class).with("image", image);
    }

    static CommandHarness inpaint(final ImagePlus image) {
        return new CommandHarness(InpaintCommand.class).with("image", image);
    }

    static CommandHarness vary(final ImagePlus image) {
        return new CommandHarness(VaryCommand.class).with("image", image);
    }

    static CommandHarness mask(final ImagePlus image) {
        return new CommandHarness(MaskCommand.class).with("image", image);
    }

    static CommandHarness drag(final ImagePlus image) {
        return new CommandHarness(DragCommand.class).with("image", image);
    }

    static CommandHarness generate() {
        return new CommandHarness(GenerateCommand.class);
    }

    static CommandHarness interpolate(final ImagePlus latent, final ImagePlus other) {
        return new CommandHarness(InterpolateCommand.class)
                .with("image", latent)
                .with("other", other);
    }

    static CommandHarness compareSamplers() {
        return new CommandHarness(CompareSamplersCommand.class);
    }

    CommandHarness with(final String key, final Object value) {
        inputs.put(key, value);
        return this;
    }

    CommandHarness report(final Progress listener) {
        progress = listener;
        return this;
    }

    /** Runs the command. */
    Module run() {
        final CommandInfo info = new CommandInfo(type, type.getAnnotation(Plugin.class));
        final CommandModule module;
        try {
            module = new CommandModule(
                    info, (Command) type.getDeclaredConstructor().newInstance());
        } catch (final ReflectiveOperationException exc) {
            throw new AssertionError(exc);
        }
        inputs.forEach((key, value) -> module.setInput(key, asDeclared(info, key, value)));
        ((DiffusionCommand) module.getDelegateObject()).setProgress(progress);
        module.run();
        return module;
    }

    /** Some numbers may be words too, and are texts. */
    private static Object asDeclared(final CommandInfo info, final String key, final Object value) {
        return value instanceof Number && info.getInput(key).getType() == String.class ? value.toString() : value;
    }

    /** Runs the command and returns the image it makes. */
    ImagePlus image() {
        final Module module = run();
        for (final String name :
                new String[] {"latent", "reconstructed", "result", "generated", "interpolated", "mask"})
            if (module.getOutput(name) instanceof ImagePlus image) return image;
        throw new AssertionError(type.getSimpleName() + " made no image");
    }

    /** Runs a command that must fail, and returns its one sentence for the user. */
    String failure() {
        final RuntimeException exc = Assertions.assertThrows(RuntimeException.class, this::run);
        return exc instanceof UncheckedIOException io ? io.getCause().getMessage() : exc.getMessage();
    }

    /** Fails unless both images have the same type, size and pixels, bit for bit. */
    static void assertSamePixels(final ImagePlus expected, final ImagePlus actual) {
        assertEquals(expected.getType(), actual.getType());
        assertEquals(expected.getWidth(), actual.getWidth());
        assertEquals(expected.getHeight(), actual.getHeight());
        assertArrayEquals(TestImage.bits(expected), TestImage.bits(actual));
    }
}
