package palindrome.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds the safetensors files of one component, as diffusers and transformers
 * name them.
 * <p>
 * The variant that was asked for comes before the plain files, an index of
 * shards before a single file, and where no name fits, the only safetensors file
 * of the folder is taken. Pickles are refused.
 *
 * @param folder the component's folder
 * @param stem {@code diffusion_pytorch_model} or {@code model}
 */
record WeightFiles(Path folder, String stem) {

    private static final int MAX_INDEX_BYTES = 64 << 20;
    private static final String ENDING = ".safetensors";

    /**
     * @param variant such as {@code fp16}, or empty for none
     * @return the files, at least one, in a fixed order
     * @throws ModelException if there are none, several without an index, or only
     *           pickles
     */
    List<Path> find(final String variant) throws IOException {
        if (!variant.isEmpty()) {
            final List<Path> found = named(
                    List.of(
                            stem + ENDING + ".index." + variant + ".json",
                            stem + ENDING + "." + variant + ".index.json",
                            stem + "." + variant + ENDING + ".index.json"),
                    stem + "." + variant + ENDING);
            if (!found.isEmpty()) return found;
        }
        final List<Path> plain = named(List.of(stem + ENDING + ".index.json"), stem + ENDING);
        return plain.isEmpty() ? only() : plain;
    }

    private List<Path> named(final List<String> indices, final String single) throws IOException {
        for (final String index : indices)
            if (Files.exists(folder.resolve(index))) return shards(folder.resolve(index));
        final Path file = folder.resolve(single);
        return Files.exists(file) ? List.of(file) : List.of();
    }

    private List<Path> shards(final Path index) throws IOException {
        final JsonObject json = StrictJson.read(index, MAX_INDEX_BYTES);
        final JsonElement map = json.get("weight_map");
        if (map == null || !map.isJsonObject() || map.getAsJsonObject().isEmpty())
            throw new ModelException(index + " has no weight_map, so it does not say where the weights are.");
        final TreeSet<String> names = new TreeSet<>();
        for (final JsonElement file : map.getAsJsonObject().asMap().values()) names.add(shardName(index, file));
        final List<Path> shards = new ArrayList<>();
        for (final String name : names) {
            final Path shard = folder.resolve(name);
            if (!Files.exists(shard))
                throw new ModelException("The model folder is incomplete: " + index.getFileName() + " names " + name
                        + ", but it is not in " + folder + ". Copy or download it again.");
            shards.add(shard);
        }
        return shards;
    }

    /** NB: an index must not lead out of its own folder. */
    private static String shardName(final Path index, final JsonElement file) throws ModelException {
        final String name = file.isJsonPrimitive() ? file.getAsString() : "";
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.\\-]*"))
            throw new ModelException(index + " names the file " + file + ", which is no plain file name.");
        return name;
    }

    private List<Path> only() throws IOException {
        final List<Path> safe = new ArrayList<>();
        final List<Path> pickles = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : files.sorted().toList()) {
                if (file.toString().endsWith(ENDING)) safe.add(file);
                else if (PickleRefusal.isPickle(file)) pickles.add(file);
            }
        }
        if (safe.size() == 1) return safe;
        if (safe.size() > 1)
            throw new ModelException(folder + " has " + safe.size() + " safetensors files (" + names(safe)
                    + "), but none is called " + stem + ENDING + ". Rename the right one.");
        if (!pickles.isEmpty()) PickleRefusal.check(pickles.get(0));
        throw new ModelException("The model folder is incomplete: there is no " + stem + ENDING + " in " + folder
                + ". Copy or download it again.");
    }

    private static String names(final List<Path> files) {
        return String.join(
                ", ", files.stream().map(f -> f.getFileName().toString()).toList());
    }
}
