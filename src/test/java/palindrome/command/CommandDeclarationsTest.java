package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleItem;
import org.scijava.plugin.Plugin;
import org.scijava.service.Service;
import palindrome.sampler.SamplerChoice;

/**
 * Holds the parameter declarations to what macros, recorder and Fiji need; each
 * rule stands for a trap.
 */
class CommandDeclarationsTest {

    static Stream<CommandInfo> commands() {
        return Stream.of(
                        InvertCommand.class,
                        ReconstructCommand.class,
                        EditCommand.class,
                        InpaintCommand.class,
                        DragCommand.class,
                        VaryCommand.class,
                        MaskCommand.class,
                        GenerateCommand.class,
                        InterpolateCommand.class,
                        CompareSamplersCommand.class,
                        HistoryCommand.class,
                        ModelsCommand.class,
                        SetupCommand.class)
                .map(type -> new CommandInfo(type, type.getAnnotation(Plugin.class)));
    }

    private static List<ModuleItem<?>> inputs(final CommandInfo info) {
        final List<ModuleItem<?>> inputs = new ArrayList<>();
        info.inputs().forEach(item -> {
            if (!Service.class.isAssignableFrom(item.getType())) inputs.add(item);
        });
        return inputs;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void menuBelongsToTheBridge(final CommandInfo info) {
        assertTrue(info.getMenuPath().isEmpty(), "a menuPath would make Fiji take the menu entry over");
        // as in all of ImageJ, dots say that a dialog follows
        final String dots = CommandSignature.of(info).inputs().isEmpty() ? "" : "\\.\\.\\.";
        assertTrue(info.getLabel().matches("Diffusion [A-Z][a-z]+( [A-Z][a-z]+)*" + dots), info.getLabel());
        assertTrue(info.canRunHeadless());
        assertNotNull(info.getDescription());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void nothingIsPersisted(final CommandInfo info) {
        inputs(info)
                .forEach(item ->
                        assertFalse(item.isPersisted(), item.getName() + " would come back in a later headless macro"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void keysAreLowerCaseWords(final CommandInfo info) {
        inputs(info).forEach(item -> assertTrue(item.getName().matches("[a-z]+"), item.getName()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noKeyIsTheTailOfAnotherOne(final CommandInfo info) {
        final List<String> keys = inputs(info).stream().map(ModuleItem::getName).collect(Collectors.toList());
        for (final String key : keys)
            for (final String other : keys)
                assertFalse(!other.equals(key) && other.endsWith(key), other + " ends with " + key);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void imagesFirstAndPromptsLast(final CommandInfo info) {
        final List<CommandParameter> parameters = CommandSignature.of(info).inputs();
        final long images =
                parameters.stream().filter(CommandParameter::isCurrentImage).count();
        final List<String> texts = List.of("negative", "source", "target", "prompt");
        int firstText = parameters.size();
        for (int i = 0; i < parameters.size(); i++) {
            final CommandParameter parameter = parameters.get(i);
            if (parameter.isCurrentImage()) assertTrue(i < images, parameter.key());
            if (texts.contains(parameter.key())) firstText = Math.min(firstText, i);
            else assertTrue(i < firstText, parameter.key() + " stands after free text");
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyParameterIsExplainedAndItsDefaultLegal(final CommandInfo info) {
        for (final CommandParameter parameter : CommandSignature.of(info).inputs()) {
            assertFalse(parameter.label().isEmpty(), parameter.key());
            assertTrue(parameter.description().endsWith("."), parameter.key());
            if (!parameter.isImage()) parameter.check(parameter.defaultValue());
            // a colon or underscore would change ImageJ's label
            assertFalse(parameter.label().matches(".*[:_].*"), parameter.label());
        }
    }

    /** Java wants the choices of an annotation spelled out; here is where they are held to the samplers there are. */
    @ParameterizedTest
    @MethodSource("commands")
    void samplersAreThoseThereAre(final CommandInfo info) {
        final List<String> all = Stream.of(SamplerChoice.values())
                .filter(choice -> isFor(info, choice))
                .map(SamplerChoice::label)
                .toList();
        for (final CommandParameter parameter : CommandSignature.of(info).inputs())
            if (parameter.key().equals("sampler")) assertEquals(all, parameter.choices());
    }

    private static boolean isFor(final CommandInfo info, final SamplerChoice choice) {
        if (info.getTitle().contains("Generate")) return choice.generates();
        return info.getTitle().contains("Interpolate") ? choice.isExact() : choice.isInvertible();
    }

    @Test
    void scriptsGetTheSameChecksFromCommandService() throws InterruptedException {
        try (Context context = new Context(CommandService.class)) {
            final CommandService commands = context.service(CommandService.class);
            final ImagePlus image = new ImagePlus("x", new ByteProcessor(8, 8));
            final ExecutionException failure = assertThrows(ExecutionException.class, () -> commands.run(
                            InvertCommand.class, false, "image", image, "steps", 100000)
                    .get());
            Throwable cause = failure;
            while (cause.getCause() != null) cause = cause.getCause();
            assertEquals("'steps' is '100000', but must be a whole number from 2 to 1000.", cause.getMessage());
        }
    }
}
