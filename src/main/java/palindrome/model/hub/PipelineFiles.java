package palindrome.model.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import palindrome.model.ModelException;
import palindrome.model.PickleRefusal;

/**
 * Which files make up a pipeline in diffusers' layout: {@code model_index.json},
 * and of each component the configuration, or the tokenizer's tables, and the
 * safetensors of one variant. The same rule says what to download and whether
 * what is here is complete.
 *
 * @param files all of them, as paths from the model's folder
 * @param weights those that are safetensors
 */
record PipelineFiles(List<String> files, List<String> weights) {

    /** The file that makes a folder a pipeline. */
    static final String INDEX = "model_index.json";

    /** Components of Stable Diffusion that look at finished images; nothing here does. */
    private static final Set<String> UNUSED = Set.of("safety_checker", "feature_extractor", "watermark", "watermarker");

    private static final String NETWORK = "unet";
    private static final Pattern TABLE = Pattern.compile(".*\\.(json|txt)");
    private static final Pattern SHARD_INDEX = Pattern.compile(".*\\.index(\\..*)?\\.json");
    private static final Pattern WITHOUT_WEIGHTS =
            Pattern.compile(".*(Scheduler|Tokenizer|TokenizerFast|FeatureExtractor|ImageProcessor|Discrete)");

    /**
     * @param model what the model is called, for messages
     * @param index its {@code model_index.json}
     * @param names all files there are
     * @param variant of the weights, such as {@code fp16}; empty for the plain ones.
     *          A component that lacks it is taken as it is
     * @return what is needed
     * @throws ModelException if something is missing or comes only as a pickle
     */
    static PipelineFiles choose(
            final String model, final JsonObject index, final Collection<String> names, final String variant)
            throws ModelException {
        final Set<String> files = new TreeSet<>(Set.of(INDEX));
        final Set<String> weights = new TreeSet<>();
        for (final Map.Entry<String, JsonElement> entry : index.entrySet()) {
            if (!(entry.getValue() instanceof JsonArray pair) || !isComponent(entry.getKey(), pair)) continue;
            final Component component = new Component(
                    model,
                    entry.getKey(),
                    pair.get(0).getAsString(),
                    pair.get(1).getAsString(),
                    names);
            files.addAll(component.tables());
            if (!WITHOUT_WEIGHTS.matcher(component.className()).matches()) weights.addAll(component.weights(variant));
        }
        if (weights.stream().noneMatch(file -> file.startsWith(NETWORK + "/")))
            throw new ModelException(model + " has no " + NETWORK + ": its kind ("
                    + (index.has("_class_name") ? index.get("_class_name").getAsString() : "unknown")
                    + ") is not one that Palindrome runs.");
        files.addAll(weights);
        return new PipelineFiles(
                List.copyOf(files),
                weights.stream().filter(file -> file.endsWith(".safetensors")).toList());
    }

    private static boolean isComponent(final String name, final JsonArray pair) {
        return !UNUSED.contains(name)
                && pair.size() == 2
                && pair.get(0).isJsonPrimitive()
                && pair.get(1).isJsonPrimitive();
    }

    /** One component and the files of its folder. */
    private record Component(String model, String name, String library, String className, List<String> files) {

        Component(
                final String model,
                final String name,
                final String library,
                final String className,
                final Collection<String> all) {
            this(
                    model,
                    name,
                    library,
                    className,
                    all.stream()
                            .filter(file -> file.startsWith(name + "/") && file.indexOf('/', name.length() + 1) < 0)
                            .map(file -> file.substring(name.length() + 1))
                            .sorted()
                            .toList());
        }

        /** Configurations and tokenizers' tables. */
        List<String> tables() throws ModelException {
            final List<String> tables = files.stream()
                    .filter(file -> TABLE.matcher(file).matches()
                            && !SHARD_INDEX.matcher(file).matches())
                    .toList();
            if (tables.isEmpty())
                throw new ModelException(model + " is incomplete: " + INDEX + " lists " + name
                        + ", but there is no configuration in it.");
            return paths(tables);
        }

        /** The safetensors of the variant, of no variant, or of the only one there is. */
        List<String> weights(final String variant) throws ModelException {
            final List<String> chosen = variant.isEmpty() ? List.of() : of(variant);
            if (!chosen.isEmpty()) return paths(chosen);
            final List<String> plain = of("");
            if (!plain.isEmpty()) return paths(plain);
            final Set<String> others = variants();
            if (others.size() == 1) return paths(of(others.iterator().next()));
            if (others.size() > 1)
                throw new ModelException("The " + name + " of " + model + " comes only in the variants "
                        + String.join(", ", others) + ": choose one with variant=.");
            throw refusal();
        }

        private String stem() {
            return library.equals("diffusers") ? "diffusion_pytorch_model" : "model";
        }

        /** Names such as {@code STEM.fp16.safetensors}, {@code STEM.fp16-00001-of-00002.safetensors} with index. */
        private List<String> of(final String variant) {
            final String dot = variant.isEmpty() ? "" : "." + Pattern.quote(variant);
            final String stem = Pattern.quote(stem());
            final List<String> shards = matching(
                    stem + dot + "-\\d+-of-\\d+\\.safetensors|" + stem + "-\\d+-of-\\d+" + dot + "\\.safetensors");
            if (!shards.isEmpty()) {
                final List<String> all = new ArrayList<>(shards);
                all.addAll(matching(stem + dot + "\\.safetensors\\.index\\.json|" + stem + "\\.safetensors\\.index"
                        + dot + "\\.json|" + stem + "\\.safetensors" + dot + "\\.index\\.json"));
                // without the index nobody knows which shard holds what
                if (all.size() > shards.size() && isComplete(shards)) return all;
            }
            return matching(stem + dot + "\\.safetensors");
        }

        private static boolean isComplete(final List<String> shards) {
            final Matcher count = Pattern.compile(".*-of-(\\d{1,6})\\..*").matcher(shards.get(0));
            return count.matches() && Integer.parseInt(count.group(1)) == shards.size();
        }

        private Set<String> variants() {
            final Pattern pattern =
                    Pattern.compile(Pattern.quote(stem()) + "\\.([A-Za-z0-9_]+)(-\\d+-of-\\d+)?\\.safetensors");
            return files.stream()
                    .map(pattern::matcher)
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(1))
                    .filter(variant -> !of(variant).isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private ModelException refusal() {
            for (final String file : files)
                if (PickleRefusal.isPickle(file))
                    return new ModelException("The " + name + " of " + model + " comes only as a pickle (" + file
                            + "), a format that can run any program when it is opened, so it is not read. Look for a"
                            + " revision with safetensors among the model's pull requests (as in owner/name@refs/pr/1), or"
                            + " convert it in Python with save_pretrained(folder, safe_serialization=True).");
            return new ModelException(model + " is incomplete: the " + name + " has no " + stem() + ".safetensors.");
        }

        private List<String> matching(final String regex) {
            final Pattern pattern = Pattern.compile(regex);
            return files.stream()
                    .filter(file -> pattern.matcher(file).matches())
                    .toList();
        }

        private List<String> paths(final List<String> own) {
            return own.stream().map(file -> name + "/" + file).toList();
        }
    }
}
