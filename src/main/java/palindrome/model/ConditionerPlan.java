package palindrome.model;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import palindrome.network.AdditionEmbedType;
import palindrome.network.ClassEmbedType;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConfig;
import palindrome.network.UNetArchitecture;

/**
 * How a model will be told what to show: what follows from its UNet and its
 * components, checked before any weights are read.
 */
interface ConditionerPlan {

    String TEXT_ENCODER = "text_encoder";
    String TEXT_ENCODER_2 = "text_encoder_2";
    String TOKENIZER = "tokenizer";
    String TOKENIZER_2 = "tokenizer_2";

    /** @return the components it takes, those with weights in the order of the model's hash */
    List<String> components();

    /**
     * @param manager owner of weights
     * @param resources owner of networks
     * @return the conditioner
     */
    Conditioner build(NDManager manager, OwnedResources resources) throws IOException;

    /**
     * @param resources owner of tokenizers
     * @throws ModelException if a component is missing or does not fit the UNet
     */
    static ConditionerPlan of(final Components components, final UNetArchitecture unet, final OwnedResources resources)
            throws IOException {
        if (unet instanceof UNet2DConfig config) return withoutText(components, config);
        final UNet2DConditionConfig config = (UNet2DConditionConfig) unet;
        if (!(config.classEmbedType() instanceof ClassEmbedType.None))
            throw new ModelException("The UNet of the model in " + components.checkpoint()
                    + " takes a class label (class_embed_type or num_class_embeds) besides text, as upscalers do; such"
                    + " models are not supported.");
        return config.additionEmbedType() instanceof AdditionEmbedType.TextTime added
                ? Xl.of(components, config, added, resources)
                : Text.of(components, config, resources);
    }

    private static ConditionerPlan withoutText(final Components components, final UNet2DConfig config)
            throws ModelException {
        if (components.has(TEXT_ENCODER))
            throw components.misfit("there is a text_encoder, but the UNet2DModel hears no text");
        final String model = components.checkpoint().name();
        if (config.classEmbedType() instanceof ClassEmbedType.None) return new Small(new Unconditional(model));
        if (config.classEmbedType() instanceof ClassEmbedType.Labels labels)
            return new Small(new ClassLabelPrompts(model, labels.count(), classNames(components)));
        throw new ModelException("The UNet of the model in " + components.checkpoint()
                + " takes class labels that are numbers or vectors (class_embed_type), which a prompt cannot give;"
                + " supported are class indices (num_class_embeds).");
    }

    private static Map<Integer, String> classNames(final Components components) throws ModelException {
        final Map<Integer, String> names = new TreeMap<>();
        final JsonElement given = components.checkpoint().option("id2label").orElseGet(JsonObject::new);
        if (!given.isJsonObject())
            throw new ModelException(
                    "The id2label of the model in " + components.checkpoint() + " should map class numbers to names.");
        for (final Map.Entry<String, JsonElement> one : given.getAsJsonObject().entrySet()) {
            if (!one.getKey().matches("\\d{1,9}")
                    || !(one.getValue() instanceof JsonPrimitive name)
                    || !name.isString())
                throw new ModelException("The id2label of the model in " + components.checkpoint() + " has \""
                        + one.getKey() + "\": " + one.getValue() + ", which is no class number with its name.");
            names.put(Integer.parseInt(one.getKey()), name.getAsString());
        }
        return names;
    }

    /** One without weights. */
    record Small(Conditioner conditioner) implements ConditionerPlan {

        @Override
        public List<String> components() {
            return List.of();
        }

        @Override
        public Conditioner build(final NDManager manager, final OwnedResources resources) {
            return conditioner;
        }
    }

    /** One text encoder. */
    record Text(TextEncoderPart part) implements ConditionerPlan {

        static Text of(final Components components, final UNet2DConditionConfig unet, final OwnedResources resources)
                throws IOException {
            if (components.has(TEXT_ENCODER_2))
                throw components.misfit("there is a text_encoder_2, but the UNet takes no pooled text"
                        + " (addition_embed_type is not text_time)");
            final TextEncoderPart part =
                    new TextEncoderPart(components, TEXT_ENCODER, TOKENIZER, "CLIPTextModel", resources);
            for (final int width : unet.crossAttentionDim())
                if (width != part.config().hiddenSize())
                    throw components.misfit(
                            "the UNet has cross_attention_dim = " + width + ", the text encoder hidden_size = "
                                    + part.config().hiddenSize());
            return new Text(part);
        }

        @Override
        public List<String> components() {
            return List.of(TEXT_ENCODER, TOKENIZER);
        }

        @Override
        public Conditioner build(final NDManager manager, final OwnedResources resources) throws IOException {
            return new TextPrompts(part.tokenizer(), resources.own(part.plain(manager)), manager);
        }
    }

    /**
     * Two text encoders, as in Stable Diffusion XL.
     *
     * @param forceZeros whether an empty negative prompt is all zeros
     */
    record Xl(TextEncoderPart first, TextEncoderPart second, boolean forceZeros) implements ConditionerPlan {

        private static final int TIME_IDS = 6;

        static Xl of(
                final Components components,
                final UNet2DConditionConfig unet,
                final AdditionEmbedType.TextTime added,
                final OwnedResources resources)
                throws IOException {
            if (!components.has(TEXT_ENCODER) || !components.has(TEXT_ENCODER_2))
                throw new ModelException("The model in " + components.checkpoint()
                        + " takes pooled text, as Stable Diffusion XL does, but lacks a text_encoder or text_encoder_2;"
                        + " refiners, which have only the second, are not supported.");
            final TextEncoderPart first =
                    new TextEncoderPart(components, TEXT_ENCODER, TOKENIZER, "CLIPTextModel", resources);
            final TextEncoderPart second = new TextEncoderPart(
                    components, TEXT_ENCODER_2, TOKENIZER_2, "CLIPTextModelWithProjection", resources);
            if (first.tokenizer().length() != second.tokenizer().length())
                throw components.misfit("the tokenizers have model_max_length = "
                        + first.tokenizer().length() + " and "
                        + second.tokenizer().length());
            final int states = first.config().hiddenSize() + second.config().hiddenSize();
            for (final int width : unet.crossAttentionDim())
                if (width != states)
                    throw components.misfit("the UNet has cross_attention_dim = " + width + ", the text encoders are "
                            + states + " wide together");
            final int pooled = second.config().projectionDim() + TIME_IDS * added.timeEmbedDim();
            if (pooled != added.inputDim())
                throw components.misfit("the UNet has projection_class_embeddings_input_dim = " + added.inputDim()
                        + ", but pooled text and six sizes are " + pooled + " wide");
            return new Xl(first, second, forceZeros(components));
        }

        private static boolean forceZeros(final Components components) throws ModelException {
            final String key = "force_zeros_for_empty_prompt";
            final JsonElement given = components.checkpoint().option(key).orElseGet(() -> new JsonPrimitive(true));
            if (given instanceof JsonPrimitive flag && flag.isBoolean()) return flag.getAsBoolean();
            throw new ModelException("The value " + key + " = " + given + " of the model in " + components.checkpoint()
                    + " should be true or false.");
        }

        @Override
        public List<String> components() {
            return List.of(TEXT_ENCODER, TEXT_ENCODER_2, TOKENIZER, TOKENIZER_2);
        }

        @Override
        public Conditioner build(final NDManager manager, final OwnedResources resources) throws IOException {
            return new TextPromptsXL(
                    first.tokenizer(),
                    resources.own(first.plain(manager)),
                    second.tokenizer(),
                    resources.own(second.projected(manager)),
                    forceZeros,
                    manager);
        }
    }
}
