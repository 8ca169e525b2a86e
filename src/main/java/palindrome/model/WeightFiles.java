package palindrome.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** What an index of shards says: in which file each tensor lies. */
    private record Shards(Path index, Map<String, String> fileOf) {}

    private static final int MAX_INDEX_BYTES = 64 << 20;
    private static final String ENDING = ".safetensors";

    /**
     * @param variant such as {@code fp16}, or empty for none
     * @return the files, at least one, in a fixed order
     * @throws ModelException if there are none, several without an index, or only
     *           pickles
     */
    List<Path> find(final String variant) throws IOException {
        final Optional<Shards> shards = shards(variant);
        return shards.isPresent() ? files(shards.get()) : single(variant);
    }

    /**
     * @param variant such as {@code fp16}, or empty for none
     * @return the tensors of the files, under the names they have there
     * @throws ModelException as {@link #find}, and if a file is damaged or the index
     *           says other things than the shards
     */
    StoredTensors open(final String variant) throws IOException {
        final Optional<Shards> shards = shards(variant);
        final StoredTensors tensors = StoredTensors.open(shards.isPresent() ? files(shards.get()) : single(variant));
        try {
            if (shards.isPresent()) requireSame(shards.get(), tensors);
            return tensors;
        } catch (final ModelException exc) {
            tensors.close();
            throw exc;
        }
    }

    private Optional<Shards> shards(final String variant) throws IOException {
        if (!variant.isEmpty()) {
            for (final String name : List.of(
                    stem + ENDING + ".index." + variant + ".json",
                    stem + ENDING + "." + variant + ".index.json",
                    stem + "." + variant + ENDING + ".index.json"))
                if (Files.exists(folder.resolve(name))) return Optional.of(read(folder.resolve(name)));
            if (Files.exists(variantFile(variant))) return Optional.empty();
        }
        final Path index = folder.resolve(stem + ENDING + ".index.json");
        if (Files.exists(index)) return Optional.of(read(index));
        return Files.exists(folder.resolve(stem + ENDING)) ? Optional.empty() : onlyIndex();
    }

    /** The index of the one variant there is, where there are no plain files. */
    private Optional<Shards> onlyIndex() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            final List<Path> indices = files.filter(file -> {
                        final String name = file.getFileName().toString();
                        return name.startsWith(stem + ".") && name.contains(ENDING) && name.endsWith(".json");
                    })
                    .toList();
            return indices.size() == 1 ? Optional.of(read(indices.get(0))) : Optional.empty();
        }
    }

    private List<Path> single(final String variant) throws IOException {
        if (!variant.isEmpty() && Files.exists(variantFile(variant))) return List.of(variantFile(variant));
        final Path plain = folder.resolve(stem + ENDING);
        return Files.exists(plain) ? List.of(plain) : only();
    }

    private Path variantFile(final String variant) {
        return folder.resolve(stem + "." + variant + ENDING);
    }

    private static Shards read(final Path index) throws IOException {
        final JsonObject json = StrictJson.read(index, MAX_INDEX_BYTES);
        final JsonElement map = json.get("weight_map");
        if (map == null || !map.isJsonObject() || map.getAsJsonObject().isEmpty())
            throw new ModelException(index + " has no weight_map, so it does not say where the weights are.");
        final Map<String, String> fileOf = new LinkedHashMap<>();
        for (final Map.Entry<String, JsonElement> one : map.getAsJsonObject().entrySet())
            fileOf.put(one.getKey(), shardName(index, one.getValue()));
        return new Shards(index, fileOf);
    }

    private List<Path> files(final Shards shards) throws ModelException {
        final List<Path> files = new ArrayList<>();
        for (final String name : new TreeSet<>(shards.fileOf().values())) {
            final Path shard = folder.resolve(name);
            if (!Files.exists(shard))
                throw new ModelException("The model folder is incomplete: "
                        + shards.index().getFileName() + " names " + name + ", but it is not in " + folder
                        + ". Copy or download it again.");
            files.add(shard);
        }
        return files;
    }

    private void requireSame(final Shards shards, final StoredTensors tensors) throws ModelException {
        for (final Map.Entry<String, String> one : shards.fileOf().entrySet()) {
            final StoredTensor tensor = tensors.byName().get(one.getKey());
            final String stated = folder.resolve(one.getValue()).toString();
            if (tensor == null || !tensor.origin().equals(stated))
                throw new ModelException(shards.index() + " says that " + one.getValue() + " has the tensor '"
                        + one.getKey() + "', but it has not: index and shards are of different models. Copy or"
                        + " download the folder again.");
        }
        for (final Map.Entry<String, StoredTensor> one : tensors.byName().entrySet())
            if (!shards.fileOf().containsKey(one.getKey()))
                throw new ModelException(one.getValue().origin() + " has the tensor '" + one.getKey() + "', which "
                        + shards.index().getFileName() + " does not list: index and shards are of different models."
                        + " Copy or download the folder again.");
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
                    + "), but none is called " + stem + ENDING
                    + ". Rename the right one, or name its variant after the model, as in"
                    + " model=folder#fp16.");
        if (!pickles.isEmpty()) PickleRefusal.check(pickles.get(0));
        throw new ModelException("The model folder is incomplete: there is no " + stem + ENDING + " in " + folder
                + ". Copy or download it again.");
    }

    private static String names(final List<Path> files) {
        return String.join(
                ", ", files.stream().map(f -> f.getFileName().toString()).toList());
    }
}
