package palindrome.model;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model says about itself: {@code license} and {@code description} of
 * {@code model_index.json}, else the licence in the head of {@code README.md},
 * where model hubs keep it.
 *
 * @param licence an identifier such as {@code cc0-1.0}
 * @param description a sentence or two
 */
public record ModelCard(Optional<String> licence, Optional<String> description) {

    private static final String README = "README.md";
    private static final String RULE = "---";
    private static final String KEY = "license:";
    private static final String NAME_KEY = "license_name:";
    private static final String OTHER = "other";
    private static final long MAX_README_BYTES = 1 << 20;

    /**
     * @param root a model's folder, in diffusers' layout or not
     * @return its card, as far as it has one
     * @throws IOException if a file cannot be read
     */
    public static ModelCard of(final Path root) throws IOException {
        return Files.exists(root.resolve(DiffusersFolder.INDEX))
                ? of(DiffusersFolder.open(root))
                : new ModelCard(readmeLicence(root.resolve(README)), Optional.empty());
    }

    static ModelCard of(final DiffusersFolder folder) throws IOException {
        final Optional<String> licence = text(folder, "license");
        return new ModelCard(
                licence.isPresent() ? licence : readmeLicence(folder.root().resolve(README)),
                text(folder, "description"));
    }

    private static Optional<String> text(final DiffusersFolder folder, final String key) {
        return folder.option(key)
                .filter(value ->
                        value.isJsonPrimitive() && value.getAsJsonPrimitive().isString())
                .map(JsonElement::getAsString);
    }

    private static Optional<String> readmeLicence(final Path readme) throws IOException {
        if (!Files.isRegularFile(readme) || Files.size(readme) > MAX_README_BYTES) return Optional.empty();
        final List<String> lines;
        try {
            lines = Files.readAllLines(readme, StandardCharsets.UTF_8);
        } catch (final MalformedInputException exc) {
            // A readme in another encoding is no reason to refuse a model.
            return Optional.empty();
        }
        return licence(lines);
    }

    /**
     * @param lines of a model's {@code README.md}
     * @return the licence in its head; where that is "other", the name its authors gave it
     */
    public static Optional<String> licence(final List<String> lines) {
        final Optional<String> licence = head(lines, KEY);
        return licence.filter(OTHER::equals).isPresent() ? head(lines, NAME_KEY).or(() -> licence) : licence;
    }

    private static Optional<String> head(final List<String> lines, final String key) {
        if (lines.isEmpty() || !lines.get(0).strip().equals(RULE)) return Optional.empty();
        return lines.stream()
                .skip(1)
                .takeWhile(line -> !line.strip().equals(RULE))
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
