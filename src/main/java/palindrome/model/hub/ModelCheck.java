package palindrome.model.hub;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import palindrome.model.ModelCard;
import palindrome.model.ModelException;
import palindrome.model.PickleRefusal;
import palindrome.model.SafetensorsFile;
import palindrome.model.StrictJson;

/**
 * A model as its files show it, without opening it: what it is, how large, under
 * which licence, and whether all is there. Of the weights only the headers are
 * read.
 *
 * @param contents class of the pipeline or network, or {@code checkpoint}
 * @param bytes size of the files that make it up
 * @param licence as its card has it
 * @param problem one sentence on what is wrong, if something is
 */
record ModelCheck(String contents, long bytes, Optional<String> licence, Optional<String> problem) {

    private static final int MAX_JSON = 4 << 20;

    /**
     * @param name what the model is called, for messages
     * @param place its folder or file
     * @throws IOException if the disk fails
     */
    static ModelCheck of(final String name, final Path place) throws IOException {
        try {
            if (Files.isDirectory(place)) return folder(name, place);
            if (!Files.exists(place)) return problem("missing", place + " is not there any more.");
            PickleRefusal.check(place);
            requireTensors(place);
            return new ModelCheck("checkpoint", Files.size(place), Optional.empty(), Optional.empty());
        } catch (final ModelException exc) {
            return problem("unknown", exc.getMessage());
        }
    }

    boolean isReady() {
        return problem.isEmpty();
    }

    private static ModelCheck folder(final String name, final Path place) throws IOException {
        final List<String> names = Folders.files(place);
        final Optional<JsonObject> index = json(place, PipelineFiles.INDEX);
        final String contents = className(index.isPresent() ? index : json(place, RepoFiles.CONFIG));
        final Optional<String> licence = ModelCard.of(place).licence();
        List<String> files = names;
        try {
            files = RepoFiles.choose(name, index, names, "");
            for (final String file : files) if (file.endsWith(".safetensors")) requireTensors(place.resolve(file));
            return new ModelCheck(contents, bytes(place, files), licence, Optional.empty());
        } catch (final ModelException exc) {
            return new ModelCheck(contents, bytes(place, files), licence, Optional.of(exc.getMessage()));
        }
    }

    /** The files that make up a model, or all of them if they make up none. */
    static List<String> files(final String name, final Path folder) throws IOException {
        final List<String> names = Folders.files(folder);
        try {
            return RepoFiles.choose(name, json(folder, PipelineFiles.INDEX), names, "");
        } catch (final ModelException exc) {
            return names;
        }
    }

    private static ModelCheck problem(final String contents, final String sentence) {
        return new ModelCheck(contents, 0, Optional.empty(), Optional.of(sentence));
    }

    private static String className(final Optional<JsonObject> json) {
        return json.filter(
                        one -> one.has("_class_name") && one.get("_class_name").isJsonPrimitive())
                .map(one -> one.get("_class_name").getAsString())
                .orElse("unknown");
    }

    private static Optional<JsonObject> json(final Path folder, final String name) throws IOException {
        final Path file = folder.resolve(name);
        return Files.exists(file) ? Optional.of(StrictJson.read(file, MAX_JSON)) : Optional.empty();
    }

    static void requireTensors(final Path file) throws IOException {
        SafetensorsFile.open(file).close();
    }

    private static long bytes(final Path folder, final List<String> files) throws IOException {
        long bytes = 0;
        for (final String file : files) {
            try {
                bytes += Files.size(folder.resolve(file));
            } catch (final NoSuchFileException exc) {
                // a link whose file is gone has no size
            }
        }
        return bytes;
    }
}
