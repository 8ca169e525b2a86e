package palindrome.network;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a {@link CaptionClassifier} is built from: its {@code config.json}.
 *
 * @param inChannels channels of the state
 * @param blockOutChannels channels of each resolution level, the finest first
 * @param layersPerBlock resnet blocks of each level
 * @param normNumGroups groups of every group norm
 * @param normEps epsilon of every group norm
 * @param attributes the classes it tells apart, as words of a caption: such as
 *          {@code number} of {@code few}, {@code some} and {@code many}. A word belongs to
 *          one attribute only; the order is that of the network's outputs
 */
public record CaptionClassifierConfig(
        int inChannels,
        List<Integer> blockOutChannels,
        int layersPerBlock,
        int normNumGroups,
        double normEps,
        Map<String, List<String>> attributes)
        implements TimeConditionedConfig {

    private static final String ATTRIBUTES = "attributes";

    /** @throws IllegalArgumentException naming what does not fit */
    public CaptionClassifierConfig {
        blockOutChannels = List.copyOf(blockOutChannels);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        require(inChannels > 0, "in_channels = " + inChannels + " should be positive");
        require(layersPerBlock > 0, "layers_per_block = " + layersPerBlock + " should be positive");
        require(!blockOutChannels.isEmpty(), "block_out_channels should have an entry for each level");
        for (final int channels : blockOutChannels)
            require(
                    normNumGroups > 0 && channels > 0 && channels % normNumGroups == 0,
                    "block_out_channels has " + channels + ", which is no multiple of norm_num_groups = "
                            + normNumGroups);
        require(
                blockOutChannels.get(0) % 2 == 0,
                "block_out_channels starts with " + blockOutChannels.get(0) + ", which should be even");
        requireClasses(attributes);
    }

    /**
     * @param json a classifier's {@code config.json}; unknown keys are left alone
     * @return the configuration
     * @throws IllegalArgumentException if a value is illegal, named in the message
     */
    public static CaptionClassifierConfig fromJson(final JsonObject json) {
        final ConfigReader reader = new ConfigReader("CaptionClassifier", json);
        return new CaptionClassifierConfig(
                reader.integer("in_channels", 3),
                reader.integers("block_out_channels", List.of(32, 48, 64, 96)),
                reader.integer("layers_per_block", 1),
                reader.integer("norm_num_groups", 8),
                reader.number("norm_eps", 1e-5),
                attributes(reader));
    }

    @Override
    public int timeEmbeddingDim() {
        return 4 * blockOutChannels.get(0);
    }

    @Override
    public TimeScaleShift resnetTimeScaleShift() {
        return TimeScaleShift.DEFAULT;
    }

    private static Map<String, List<String>> attributes(final ConfigReader reader) {
        final JsonElement value = reader.raw(ATTRIBUTES);
        if (!value.isJsonObject()) throw reader.wrong(ATTRIBUTES, value, "lists of words by attribute");
        final ConfigReader words = new ConfigReader("CaptionClassifier", value.getAsJsonObject());
        final Map<String, List<String>> attributes = new LinkedHashMap<>();
        for (final String attribute : value.getAsJsonObject().keySet())
            attributes.put(attribute, words.texts(attribute, List.of()));
        return attributes;
    }

    private static void requireClasses(final Map<String, List<String>> attributes) {
        require(!attributes.isEmpty(), "attributes should name at least one attribute");
        final Set<String> seen = new HashSet<>();
        attributes.forEach((attribute, words) -> {
            require(attribute.matches("[a-z]+"), "the attribute '" + attribute + "' should be a lower-case word");
            require(words.size() > 1, "the attribute " + attribute + " should have at least two words");
            for (final String word : words) {
                require(word.matches("[a-z]+"), "'" + word + "' should be a lower-case word");
                require(seen.add(word), "'" + word + "' stands for two classes");
            }
        });
    }

    private static void require(final boolean condition, final String message) {
        if (!condition) throw new IllegalArgumentException("This classifier cannot be built: " + message + ".");
    }
}
