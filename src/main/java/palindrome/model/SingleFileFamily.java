package palindrome.model;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a single-file checkpoint leaves to convention: which components a family
 * of models has, under which prefixes their tensors lie, and how they are
 * configured. Kept as one JSON resource a family.
 *
 * @param description what the family is called
 * @param index components and classes, as in {@code model_index.json}
 * @param prefixes component to the prefix of its tensors
 * @param padding tokenizer to its padding token
 * @param configs component to configuration
 */
record SingleFileFamily(
        String description, JsonObject index, JsonObject prefixes, JsonObject padding, JsonObject configs) {

    private static final String UNET = "model.diffusion_model.";
    private static final String CONTROL = "control_model.";
    private static final String VAE = "first_stage_model.";
    private static final List<String> VAE_PREFIXES = List.of("", "vae.", VAE);
    private static final String BLOCKS = "input_blocks.";
    private static final String TEXT_STATES = ".1.transformer_blocks.0.attn2.to_k.weight";
    private static final int SD1_WIDTH = 768;
    private static final int SD2_WIDTH = 1024;
    private static final int XL_WIDTH = 2048;

    /**
     * @param origin the file, for messages
     * @param tensors its tensors
     * @return the family it belongs to
     * @throws ModelException if it is none that is supported; the message says what
     *           it is instead, where that can be told
     */
    static SingleFileFamily of(final String origin, final Map<String, StoredTensor> tensors) throws IOException {
        if (any(tensors, "conditioner.embedders.1.")) return read("sdxl");
        if (any(tensors, "conditioner.embedders.0.model."))
            throw new ModelException(
                    origin + " is the refiner of Stable Diffusion XL, which only improves images of the"
                            + " base model and is not supported. Use the base model.");
        final long width = textWidth(tensors, UNET);
        if (width == SD1_WIDTH) return read("sd1");
        if (width == SD2_WIDTH) return read("sd2");
        if (width == XL_WIDTH)
            throw new ModelException(origin + " has a UNet of Stable Diffusion XL, but no text encoders. Use the"
                    + " complete checkpoint.");
        // Of another width, as distilled models are: then the text encoder tells.
        if (width > 0 && any(tensors, "cond_stage_model.model.transformer.resblocks.")) return read("sd2");
        if (width > 0 && any(tensors, "cond_stage_model.transformer.text_model.")) return read("sd1");
        if (width > 0)
            throw new ModelException(origin + " has text states of width " + width
                    + ", of a kind of Stable Diffusion that is not supported; supported are 1.x (768), 2.x (1024)"
                    + " and XL.");
        if (textWidth(tensors, CONTROL) > 0) return ofControlNet(origin, tensors);
        if (holdsAutoencoder(tensors)) return ofAutoencoder(origin, tensors);
        throw unsupported(origin, tensors);
    }

    /**
     * @return the family of the ControlNet in a file, alone or beside its model
     * @throws ModelException if there is none that is supported
     */
    static SingleFileFamily ofControlNet(final String origin, final Map<String, StoredTensor> tensors)
            throws IOException {
        final String prefix = any(tensors, CONTROL) ? CONTROL : "";
        if (!any(tensors, prefix + "input_hint_block.")) throw noControlNet(origin, tensors);
        final long width = textWidth(tensors, prefix);
        // Pooled text and sizes are added to the time embedding of XL alone.
        if (width == XL_WIDTH || any(tensors, prefix + "label_emb."))
            return read("controlnet_sdxl").under("controlnet", prefix);
        final StoredTensor projection = tensors.get(prefix + "middle_block.1.proj_in.weight");
        final boolean linear = projection != null && projection.shape().length == 2;
        return read(width == SD1_WIDTH || width != SD2_WIDTH && !linear ? "controlnet_sd1" : "controlnet_sd2")
                .under("controlnet", prefix);
    }

    /**
     * @return the family of the autoencoder in a file, alone or in a whole model
     * @throws ModelException if there is none that is supported
     */
    static SingleFileFamily ofAutoencoder(final String origin, final Map<String, StoredTensor> tensors)
            throws IOException {
        for (final String prefix : VAE_PREFIXES)
            if (isAutoencoder(tensors, prefix)) return read("vae").under("vae", prefix);
        if (tensors.containsKey("encoder.down_blocks.0.resnets.0.norm1.weight"))
            throw new ModelException(origin + " is an autoencoder in diffusers' layout. Give the folder that it lies in"
                    + " with its config.json.");
        throw new ModelException(origin + " holds no autoencoder of Stable Diffusion: no tensor is called"
                + " encoder.down.0.block.0.norm1.weight, with or without vae. or first_stage_model. before it.");
    }

    private static boolean holdsAutoencoder(final Map<String, StoredTensor> tensors) {
        return VAE_PREFIXES.stream().anyMatch(prefix -> isAutoencoder(tensors, prefix));
    }

    private static boolean isAutoencoder(final Map<String, StoredTensor> tensors, final String prefix) {
        return tensors.containsKey(prefix + "decoder.conv_in.weight")
                && tensors.containsKey(prefix + "encoder.down.0.block.0.norm1.weight");
    }

    private static ModelException noControlNet(final String origin, final Map<String, StoredTensor> tensors) {
        return new ModelException(
                tensors.keySet().stream().anyMatch(name -> name.startsWith("controlnet_cond_embedding."))
                        ? origin + " is a ControlNet in diffusers' layout. Give the folder that it lies in with its"
                                + " config.json."
                        : origin
                                + " holds no ControlNet: no tensor is called input_hint_block.0.weight, with or without"
                                + " control_model. before it.");
    }

    private static ModelException unsupported(final String origin, final Map<String, StoredTensor> tensors) {
        final Set<String> names = tensors.keySet();
        if (names.stream().anyMatch(LoraFile::isPart))
            return new ModelException(origin + " is a LoRA, which changes a model but is none. Choose the model it was"
                    + " made for, and give this file as lora=" + origin + ".");
        if (names.stream().anyMatch(name -> name.contains("double_blocks.") || name.contains("joint_blocks.")))
            return new ModelException(origin + " is a transformer model (Flux or Stable Diffusion 3), which is not"
                    + " supported. Supported are Stable Diffusion 1.x, 2.x and XL.");
        if (names.stream().anyMatch(name -> name.startsWith("down_blocks.") || name.startsWith("text_model.")))
            return new ModelException(origin + " holds one component in diffusers' layout. Give the folder of the whole"
                    + " model, the one with model_index.json in it.");
        return new ModelException(origin + " is no checkpoint of Stable Diffusion 1.x, 2.x or XL, no ControlNet and no"
                + " autoencoder of them: none of their tensors is in it.");
    }

    /**
     * @param family name of its resource, such as {@code sd1}
     * @throws ModelException if this build lacks it
     */
    static SingleFileFamily read(final String family) throws IOException {
        final String resource = "single_file/" + family + ".json";
        try (InputStream in = SingleFileFamily.class.getResourceAsStream(resource)) {
            if (in == null)
                throw new ModelException("This build of Palindrome has no " + resource + ". Install it again.");
            final JsonObject json = StrictJson.parse(resource, ByteBuffer.wrap(in.readAllBytes()));
            return new SingleFileFamily(
                    json.get("description").getAsString(),
                    json.getAsJsonObject("index"),
                    json.getAsJsonObject("prefixes"),
                    json.getAsJsonObject("padding"),
                    json.getAsJsonObject("configs"));
        }
    }

    /** @return this without a component, for a file that lacks it */
    SingleFileFamily without(final String component) {
        final JsonObject parts = index.deepCopy();
        final JsonObject places = prefixes.deepCopy();
        parts.remove(component);
        places.remove(component);
        return new SingleFileFamily(description, parts, places, padding, configs);
    }

    /** The tensors of a part may be under one of several prefixes. */
    private SingleFileFamily under(final String component, final String prefix) {
        final JsonObject changed = new JsonObject();
        changed.addProperty(component, prefix);
        return new SingleFileFamily(description, index, changed, padding, configs);
    }

    private static boolean any(final Map<String, StoredTensor> tensors, final String prefix) {
        return tensors.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** @return width of the text states that the transformers of a UNet's way down hear, 0 if it has none */
    private static long textWidth(final Map<String, StoredTensor> tensors, final String prefix) {
        for (final Map.Entry<String, StoredTensor> one : tensors.entrySet()) {
            final long[] shape = one.getValue().shape();
            if (one.getKey().startsWith(prefix + BLOCKS) && one.getKey().endsWith(TEXT_STATES) && shape.length > 0)
                return shape[shape.length - 1];
        }
        return 0;
    }
}
