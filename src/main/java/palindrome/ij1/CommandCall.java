package palindrome.ij1;

import ij.ImagePlus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.scijava.command.CommandInfo;
import palindrome.command.CommandParameter;
import palindrome.command.CommandSignature;
import palindrome.edit.Progress;

/**
 * One of Palindrome's commands with the options of a macro line, to be run on any image. All values but the images are
 * checked when it is made.
 */
public final class CommandCall {

    private static final String PREFIX = "Diffusion ";

    private final CommandExecution execution;
    private final MacroOptions options;
    private final InputParser parser;

    /** What the options say, images as the words that name them; a required image is missing. */
    private final Map<String, Object> values = new LinkedHashMap<>();

    private CommandCall(final CommandExecution execution, final MacroOptions options) {
        this.execution = execution;
        this.options = options;
        parser = new InputParser(signature(), OpenImages::find);
        parser.requireKnown(options);
        for (final CommandParameter parameter : signature().inputs()) {
            final Optional<String> given = options.values().get(parameter.key());
            if (parameter.isImage()) values.put(parameter.key(), given == null ? null : given.orElse(""));
            else if (given == null) values.put(parameter.key(), parameter.check(parameter.defaultValue()));
            else values.put(parameter.key(), parser.parse(parameter, given.orElse(null)));
        }
    }

    /**
     * Reads a macro statement, {@code run("Diffusion Edit...", "steps=20");}.
     *
     * @throws IllegalArgumentException one sentence, if it is anything else, or has a value that is not legal
     */
    public static CommandCall parse(final String statement) {
        final MacroLine line = MacroLine.parse(statement);
        // NB: to ImageJ, Invert alone is another command
        return of(info -> info.getLabel().equals(line.label()), line.label(), line.options());
    }

    /**
     * @param command its label, such as {@code Diffusion Edit...}, which may lack the word and the dots: {@code Edit}
     * @param options as in a macro
     * @throws IllegalArgumentException one sentence, if there is no such command, or a value is not legal
     */
    public static CommandCall of(final String command, final String options) {
        return of(info -> names(info).contains(command), command, options);
    }

    private static CommandCall of(final Predicate<CommandInfo> choice, final String command, final String options) {
        return PluginLoader.call(() -> {
            final SciJavaHost host = SciJavaHost.get();
            final CommandInfo info = host.commands().stream()
                    .filter(choice)
                    .findFirst()
                    .orElseThrow(() -> unknown(command, host.commands()));
            return new CommandCall(CommandExecution.of(host, info), MacroOptions.parse(options));
        });
    }

    private static List<String> names(final CommandInfo info) {
        final String title = CommandSignature.of(info).title();
        return List.of(info.getLabel(), title, title.replaceFirst("^" + PREFIX, ""));
    }

    private static IllegalArgumentException unknown(final String command, final List<CommandInfo> known) {
        return new IllegalArgumentException("'" + command + "' is no command of Palindrome's: it knows "
                + known.stream().map(CommandInfo::getLabel).collect(Collectors.joining(", ")) + ".");
    }

    /** The same call with other values; they win over its own. */
    CommandCall with(final MacroOptions others) {
        return new CommandCall(execution, options.with(others));
    }

    /** The same call without the image that it names, to be run on others. */
    public CommandCall forAnyImage() {
        return signature()
                .mainImage()
                .map(main -> new CommandCall(execution, options.without(main.key())))
                .orElse(this);
    }

    CommandExecution execution() {
        return execution;
    }

    /** The command's inputs and outputs. */
    public CommandSignature signature() {
        return execution.signature();
    }

    /** The options as given. */
    MacroOptions options() {
        return options;
    }

    /** The whole statement, with the values of all inputs but the required image: equal calls have equal lines. */
    public String line() {
        return MacroLine.of(signature(), values).statement();
    }

    /** Whether the command makes images. */
    public boolean makesImages() {
        return signature().outputs().stream()
                .anyMatch(name -> execution.info().getOutput(name).getType() == ImagePlus.class);
    }

    /**
     * Runs the command; nothing is shown.
     *
     * @param image what the command works on
     * @param files finds further images where none of that title is open, by the text given for them; null if there is
     *     none
     * @return its images, each with the record of this call, and its notes
     * @throws RuntimeException whatever the command throws; {@link #explain} makes a sentence of it
     */
    public Result run(final ImagePlus image, final Function<String, ImagePlus> files, final Progress progress) {
        return PluginLoader.call(() -> {
            final Map<String, Object> inputs = inputs(image, (key, words) -> {
                final ImagePlus open = OpenImages.find(words);
                return open == null ? files.apply(words) : open;
            });
            final CommandExecution.Outcome outcome = execution.run(inputs, progress, Optional.empty());
            return new Result(outcome.images(), notes(outcome));
        });
    }

    /**
     * What a call made.
     *
     * @param images by the names of the outputs, or by key if an input was changed in place; the last one is what matters
     *     most, and what a macro would have as its current image
     * @param notes what there is to say about them; may be empty
     */
    public record Result(Map<String, ImagePlus> images, String notes) {}

    /** One sentence for the user on a failure; one that was not foreseen goes into the log as well. */
    public static String explain(final Throwable failure) {
        if (!UserMessage.isForeseen(failure))
            PluginLoader.call(SciJavaHost::get).log().error(failure);
        return UserMessage.of(failure);
    }

    private static String notes(final CommandExecution.Outcome outcome) {
        return outcome.outputs().values().stream()
                .filter(output -> output instanceof String note && !note.isBlank())
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
    }

    /** All inputs, with the images in place of the words that name them. */
    Map<String, Object> inputs(final ImagePlus image, final BiFunction<String, String, ImagePlus> others) {
        final Map<String, Object> inputs = new LinkedHashMap<>(values);
        final Optional<CommandParameter> main = signature().mainImage();
        for (final CommandParameter parameter : signature().inputs()) {
            if (!parameter.isImage()) continue;
            final boolean isMain = main.filter(parameter::equals).isPresent();
            final String words = (String) values.get(parameter.key());
            inputs.put(
                    parameter.key(),
                    isMain
                            ? parameter.check(image)
                            : words == null || words.isEmpty() ? null : other(parameter, words, others));
        }
        return inputs;
    }

    private static Object other(
            final CommandParameter parameter, final String words, final BiFunction<String, String, ImagePlus> others) {
        final ImagePlus found = others.apply(parameter.key(), words);
        if (found == null)
            throw new IllegalArgumentException(
                    "'" + parameter.key() + "' names the image '" + words + "', but there is no such image.");
        return parameter.check(found);
    }
}
