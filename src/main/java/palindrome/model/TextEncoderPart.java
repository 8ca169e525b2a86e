package palindrome.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import palindrome.network.CLIPTextConfig;
import palindrome.network.CLIPTextModel;
import palindrome.network.CLIPTextModelWithProjection;
import palindrome.network.Weights;

/** A text encoder and its tokenizer, checked to fit together, before the encoder's weights are read. */
final class TextEncoderPart {

    private static final String NAME = "text encoder";

    private final Components components;
    private final String component;
    private final CLIPTextConfig config;
    private final ClipTokenizer tokenizer;

    /**
     * @param component name of the encoder
     * @param tokenizerComponent name of its tokenizer
     * @param className class that the encoder has to be of
     * @param resources owner of the tokenizer
     */
    TextEncoderPart(
            final Components components,
            final String component,
            final String tokenizerComponent,
            final String className,
            final OwnedResources resources)
            throws IOException {
        this.components = components;
        this.component = component;
        components.requireClass(component, className);
        components.requireClass(tokenizerComponent, "CLIPTokenizer", "CLIPTokenizerFast");
        config = components.config(component, CLIPTextConfig::fromJson);
        tokenizer = resources.own(ClipTokenizer.of(components.checkpoint().tokenizer(tokenizerComponent)));
        if (tokenizer.vocabularySize() > config.vocabSize())
            throw components.misfit("the " + tokenizerComponent + " has " + tokenizer.vocabularySize() + " tokens, the "
                    + component + " vocab_size = " + config.vocabSize());
        if (tokenizer.length() > config.maxPositionEmbeddings())
            throw components.misfit("the " + tokenizerComponent + " has model_max_length = " + tokenizer.length()
                    + ", the " + component + " max_position_embeddings = " + config.maxPositionEmbeddings());
    }

    CLIPTextConfig config() {
        return config;
    }

    ClipTokenizer tokenizer() {
        return tokenizer;
    }

    CLIPTextModel plain(final NDManager manager) throws IOException {
        return built(manager, () -> CLIPTextModel.parameterShapes(config), CLIPTextModel::new);
    }

    CLIPTextModelWithProjection projected(final NDManager manager) throws IOException {
        return built(
                manager, () -> CLIPTextModelWithProjection.parameterShapes(config), CLIPTextModelWithProjection::new);
    }

    private <T> T built(
            final NDManager manager,
            final Supplier<Map<String, Shape>> shapes,
            final BiFunction<CLIPTextConfig, Weights, T> network)
            throws IOException {
        return components.network(component, NAME, shapes, manager, weights -> network.apply(config, weights));
    }
}
