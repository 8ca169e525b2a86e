package palindrome.image;

import com.google.gson.JsonElement;
import com.google.gson.reflect.TypeToken;
import ij.ImagePlus;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The command that made an image, part of its {@link Provenance}: enough to run it again.
 *
 * @param line the macro statement, such as {@code run("Diffusion Edit...", "steps=50");}, with every input but the image
 *     that it worked on
 * @param images all images that went in, by macro key
 */
public record CommandRecord(String line, Map<String, InputImage> images) {

    private static final String LINE = "macro";
    private static final String IMAGES = "inputs";

    public CommandRecord {
        images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
    }

    /**
     * Adds this to an image's provenance.
     *
     * @param operation what a new provenance is called if the image has none
     */
    public void attachTo(ImagePlus image, String operation) throws IOException {
        Provenance.readFrom(image)
                .orElseGet(() -> Provenance.of(operation))
                .with(LINE, line)
                .with(IMAGES, AsciiJson.GSON.toJsonTree(images))
                .attachTo(image);
    }

    /**
     * Reads the command that made an image.
     *
     * @return empty if the image does not say
     * @throws IOException if its record is damaged
     */
    public static Optional<CommandRecord> readFrom(ImagePlus image) throws IOException {
        Optional<Provenance> provenance = Provenance.readFrom(image);
        Optional<String> line = provenance.flatMap(record -> record.text(LINE));
        if (line.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new CommandRecord(
                line.get(), images(provenance.get().get(IMAGES).orElse(null))));
    }

    private static Map<String, InputImage> images(JsonElement json) throws IOException {
        try {
            Map<String, InputImage> images =
                    AsciiJson.GSON.fromJson(json, new TypeToken<LinkedHashMap<String, InputImage>>() {}.getType());
            return images == null ? Map.of() : images;
        } catch (RuntimeException e) {
            // NB: Gson wraps what the constructor of a record throws in a plain RuntimeException.
            throw new IOException(
                    "The record of the command that made the image is damaged: " + e.getMessage() + ".", e);
        }
    }
}
