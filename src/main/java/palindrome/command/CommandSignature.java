package palindrome.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandModuleItem;
import org.scijava.module.ModuleItem;
import org.scijava.service.Service;
import org.scijava.util.ClassUtils;

/**
 * The declared inputs and outputs of a command: the single source of its
 * dialog, macro grammar, recorder lines and checks.
 *
 * @param label menu label, such as {@code "Diffusion Invert..."}
 * @param description one sentence on what the command does
 * @param inputs without services: the image that is worked on first, then in declaration order, inherited ones first
 * @param outputs names of the outputs in declaration order
 */
public record CommandSignature(String label, String description, List<CommandParameter> inputs, List<String> outputs) {

    public CommandSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** Reads the signature from a command's annotations. */
    public static CommandSignature of(final CommandInfo info) {
        final List<CommandParameter> inputs = new ArrayList<>();
        for (final ModuleItem<?> item : info.inputs()) {
            if (!isInfrastructure(item)) inputs.add(CommandParameter.of(item));
        }
        inputs.sort(Comparator.comparing(input -> !input.isCurrentImage()));
        final List<String> outputs = new ArrayList<>();
        info.outputs().forEach(item -> outputs.add(item.getName()));
        return new CommandSignature(info.getLabel(), info.getDescription(), inputs, outputs);
    }

    /** The label without the dots: the title of dialogs and messages. */
    public String title() {
        return label.endsWith("...") ? label.substring(0, label.length() - 3) : label;
    }

    /** What the command does, in lower case: {@code edit}, {@code compare samplers}. */
    public String operation() {
        return title().replaceFirst("^Diffusion ", "").toLowerCase(Locale.ROOT);
    }

    /**
     * Finds an input by its macro key.
     *
     * @throws IllegalArgumentException if there is none; lists the legal keys
     */
    public CommandParameter input(final String key) {
        return inputs.stream()
                .filter(p -> p.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + key + "' is not a parameter of " + title() + ": it " + keys() + "."));
    }

    /**
     * The image that the command works on: the required one, or else the one called {@code image}, or else the first.
     *
     * @return empty if the command takes no image at all
     */
    public Optional<CommandParameter> mainImage() {
        return inputs.stream()
                .filter(CommandParameter::isImage)
                .min(Comparator.comparing(p -> p.required() ? 0 : p.key().equals("image") ? 1 : 2));
    }

    /** What macro keys there are, for an error message. */
    public String keys() {
        return inputs.isEmpty()
                ? "takes none"
                : inputs.stream().map(CommandParameter::key).collect(Collectors.joining(", ", "knows ", ""));
    }

    /**
     * Checks all inputs of a command instance.
     *
     * @throws IllegalArgumentException naming the first illegal input
     */
    void check(final DiffusionCommand command) {
        final CommandInfo info = new CommandInfo(command.getClass());
        for (final CommandParameter parameter : inputs) {
            final CommandModuleItem<?> item = info.getInput(parameter.key());
            parameter.check(ClassUtils.getValue(item.getField(), command));
        }
    }

    private static boolean isInfrastructure(final ModuleItem<?> item) {
        return Service.class.isAssignableFrom(item.getType()) || Context.class.isAssignableFrom(item.getType());
    }
}
