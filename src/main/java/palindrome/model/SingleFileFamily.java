package palindrome.model;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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

    private static final String SD_TEXT = "input_blocks.2.1.transformer_blocks.0.attn2.to_k.weight";
    private static final String XL_TEXT = "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight";
    private static final String UNET = "model.diffusion_model.";
    private static final String CONTROL = "control_model.";
    private static final String DECODER = "decoder.conv_in.weight";

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
        final long width = lastLength(tensors, UNET + SD_TEXT);
        if (width == 768) return read("sd1");
        if (width == 1024) return read("sd2");
        if (width > 0)
            throw new ModelException(origin + " has text states of width " + width
                    + ", of a kind of Stable Diffusion that is not supported; supported are 1.x (768), 2.x (1024)"
                    + " and XL.");
        final long control = lastLength(tensors, CONTROL + SD_TEXT);
        if (control == 768) return read("controlnet_sd1");
        if (control == 1024) return read("controlnet_sd2");
        for (final String prefix : new String[] {"", "vae.", "first_stage_model."})
            if (tensors.containsKey(prefix + DECODER)
                    && tensors.containsKey(prefix + "encoder.down.0.block.0.norm1.weight"))
                return read("vae").under(prefix);
        throw unsupported(origin, tensors);
    }

    private static ModelException unsupported(final String origin, final Map<String, StoredTensor> tensors) {
        final Set<String> names = tensors.keySet();
        if (names.stream().anyMatch(LoraFile::isPart))
            return new ModelException(origin + " is a LoRA, which changes a model but is none. Choose the model it was"
                    + " made for, and give this file as lora=" + origin + ".");
        if (names.stream().anyMatch(name -> name.contains("double_blocks.") || name.contains("joint_blocks.")))
            return new ModelException(origin + " is a transformer model (Flux or Stable Diffusion 3), which is not"
                    + " supported. Supported are Stable Diffusion 1.x, 2.x and XL.");
        if (tensors.containsKey(UNET + XL_TEXT))
            return new ModelException(origin + " has a UNet of Stable Diffusion XL, but no text encoders. Use the"
                    + " complete checkpoint.");
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

    /** The autoencoder's tensors may be under one of several prefixes. */
    private SingleFileFamily under(final String prefix) {
        final JsonObject changed = new JsonObject();
        changed.addProperty("vae", prefix);
        return new SingleFileFamily(description, index, changed, padding, configs);
    }

    private static boolean any(final Map<String, StoredTensor> tensors, final String prefix) {
        return tensors.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private static long lastLength(final Map<String, StoredTensor> tensors, final String name) {
        final StoredTensor tensor = tensors.get(name);
        if (tensor == null || tensor.shape().length == 0) return 0;
        return tensor.shape()[tensor.shape().length - 1];
    }
}
