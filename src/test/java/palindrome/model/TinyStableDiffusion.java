package palindrome.model;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import palindrome.network.AutoencoderKL;
import palindrome.network.AutoencoderKLConfig;
import palindrome.network.CLIPTextConfig;
import palindrome.network.CLIPTextModelWithProjection;
import palindrome.network.ControlNetConfig;
import palindrome.network.ControlNetModel;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;

/**
 * Stable Diffusion of each version with the conventions of the real ones and a small part of their size, the same
 * weights in both layouts: as a folder of diffusers, and as one file of the original training code.
 */
public enum TinyStableDiffusion {
    /** The UNet of the reference; eight heads whatever the width. */
    SD1(
            """
            {"_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4, "sample_size": 64, "block_out_channels": [32, 32, 64],
             "layers_per_block": 2, "cross_attention_dim": 32, "attention_head_dim": 8,
             "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
             "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]}""",
            "epsilon",
            0.18215,
            new Text("text_encoder", false, "cond_stage_model.transformer.", 32, 2)),
    /** Linear projections, heads of 64, a text encoder whose last layer files have and nobody computes. */
    SD2(
            """
            {"_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4, "sample_size": 64, "block_out_channels": [32, 64, 128],
             "layers_per_block": 2, "cross_attention_dim": 64, "attention_head_dim": [1, 1, 2],
             "use_linear_projection": true,
             "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
             "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]}""",
            "v_prediction",
            0.18215,
            new Text("text_encoder", true, "cond_stage_model.model.", 64, 3)),
    /** Two text encoders, pooled text and sizes, transformers of several blocks, an autoencoder of its own scale. */
    XL(
            """
            {"_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4, "sample_size": 128, "block_out_channels": [32, 64, 128],
             "layers_per_block": 1, "cross_attention_dim": 96, "attention_head_dim": [1, 1, 2],
             "use_linear_projection": true, "transformer_layers_per_block": [1, 1, 2],
             "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
             "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
             "addition_embed_type": "text_time", "addition_time_embed_dim": 256,
             "projection_class_embeddings_input_dim": 1600}""",
            "epsilon",
            0.13025,
            new Text("text_encoder", false, "conditioner.embedders.0.transformer.", 32, 2),
            new Text("text_encoder_2", true, "conditioner.embedders.1.model.", 64, 2));

    /**
     * A text encoder.
     *
     * @param component what diffusers calls it
     * @param openClip whether files have it as OpenCLIP does
     * @param prefix of its tensors there
     * @param width of its states
     * @param layers that files have
     */
    private record Text(String component, boolean openClip, String prefix, int width, int layers) {

        boolean projects() {
            return component.endsWith("_2");
        }

        /** Layers that are computed: OpenCLIP's states for the UNet are those before the last one. */
        int computed() {
            return openClip && !projects() ? layers - 1 : layers;
        }

        JsonObject config(final int hiddenLayers) {
            final JsonObject config = json("{'vocab_size': 49408, 'num_attention_heads': 1, 'eos_token_id': 2}");
            config.addProperty("hidden_size", width);
            config.addProperty("intermediate_size", 2 * width);
            config.addProperty("projection_dim", width);
            config.addProperty("num_hidden_layers", hiddenLayers);
            config.addProperty("hidden_act", openClip ? "gelu" : "quick_gelu");
            return config;
        }

        /** All that files have; those without a projection lack the last tensor. */
        Map<String, LdmLayout.Values> drawn() {
            final Map<String, LdmLayout.Values> drawn = TinyStableDiffusion.drawn(
                    CLIPTextModelWithProjection.parameterShapes(CLIPTextConfig.fromJson(config(layers))), 3);
            if (!openClip) drawn.remove("text_projection.weight");
            return drawn;
        }
    }

    private static final Path UNET = Path.of("src/test/resources/reference/unet_sd1");
    private static final Path CONTROL_NET = UNET.resolveSibling("controlnet");
    private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
    private static final String VAE =
            "{'block_out_channels': [32, 32, 64], 'layers_per_block': 2, 'latent_channels': 4,"
                    + "'down_block_types': ['DownEncoderBlock2D', 'DownEncoderBlock2D', 'DownEncoderBlock2D'],"
                    + "'up_block_types': ['UpDecoderBlock2D', 'UpDecoderBlock2D', 'UpDecoderBlock2D']}";
    private static final long OWN_VAE = 1;
    private static final long OTHER_VAE = 2;
    private static final int LEVELS = 3;

    private final JsonObject unet;
    private final String prediction;
    private final double scalingFactor;
    private final Text[] texts;

    TinyStableDiffusion(final String unet, final String prediction, final double scalingFactor, final Text... texts) {
        this.unet = json(unet);
        this.prediction = prediction;
        this.scalingFactor = scalingFactor;
        this.texts = texts;
    }

    /** Writes it in diffusers' layout. */
    public Path writeFolder(final Path folder) throws IOException {
        return writeFolder(folder, OWN_VAE);
    }

    /** As above, with the autoencoder of {@link #writeVaeFile} in place of its own. */
    public Path writeFolderWithOtherVae(final Path folder) throws IOException {
        return writeFolder(folder, OTHER_VAE);
    }

    private Path writeFolder(final Path folder, final long seedOfVae) throws IOException {
        final JsonObject index =
                json("{'scheduler': ['diffusers', 'DDIMScheduler'], 'vae': ['diffusers', 'AutoencoderKL'],"
                        + "'unet': ['diffusers', 'UNet2DConditionModel']}");
        write(folder.resolve("unet"), unet, WEIGHTS, unetWeights());
        final JsonObject vae = json(VAE);
        vae.addProperty("scaling_factor", scalingFactor);
        write(folder.resolve("vae"), vae, WEIGHTS, vaeWeights(seedOfVae));
        for (final Text text : texts) {
            index.add(
                    text.component(),
                    json("{'of': ['transformers', 'CLIPTextModel" + (text.projects() ? "WithProjection" : "") + "']}")
                            .get("of"));
            final Map<String, LdmLayout.Values> weights = text.drawn();
            weights.keySet().removeIf(name -> name.contains(".layers." + text.computed() + "."));
            write(folder.resolve(text.component()), text.config(text.computed()), "model.safetensors", weights);
            final String tokenizer = text.component().replace("text_encoder", "tokenizer");
            index.add(
                    tokenizer, json("{'of': ['transformers', 'CLIPTokenizer']}").get("of"));
            writeTokenizer(folder.resolve(tokenizer), text.openClip() ? "!" : "<|endoftext|>");
        }
        final JsonObject scheduler = json("{'beta_start': 0.00085, 'beta_end': 0.012, 'beta_schedule': 'scaled_linear',"
                + "'clip_sample': false, 'set_alpha_to_one': false, 'steps_offset': 1}");
        scheduler.addProperty("prediction_type", prediction);
        Files.writeString(
                Files.createDirectories(folder.resolve("scheduler")).resolve("scheduler_config.json"),
                scheduler.toString());
        Files.writeString(folder.resolve("model_index.json"), index.toString());
        return folder;
    }

    /** Writes it in the original layout. */
    public Path writeFile(final Path file) throws IOException {
        return write(
                file,
                withoutVae()
                        .vae(vaeWeights(OWN_VAE), LEVELS, "first_stage_model.")
                        .tensors());
    }

    /** As above, without its autoencoder. */
    public Path writeFileWithoutVae(final Path file) throws IOException {
        return write(file, withoutVae().tensors());
    }

    private LdmLayout withoutVae() throws IOException {
        final LdmLayout layout = new LdmLayout()
                .unet(unetWeights(), unet.get("layers_per_block").getAsInt())
                // Another value in every run, which nobody reads, so that nothing is remembered of the file's hash.
                .put("betas", new LdmLayout.Values(new long[] {1}, new float[] {System.nanoTime() % 9_999_991}));
        for (final Text text : texts)
            if (text.openClip()) layout.openClip(text.drawn(), text.prefix());
            else layout.clip(text.drawn(), text.prefix());
        return layout;
    }

    /** Writes another autoencoder for it, in the original layout, without a prefix. */
    public static Path writeVaeFile(final Path file) throws IOException {
        return write(
                file, new LdmLayout().vae(vaeWeights(OTHER_VAE), LEVELS, "").tensors());
    }

    /** Writes the same autoencoder in diffusers' layout, which does not say how it scales. */
    public static Path writeVaeFolder(final Path folder) throws IOException {
        final JsonObject config = json(VAE);
        config.addProperty("_class_name", "AutoencoderKL");
        write(folder, config, WEIGHTS, vaeWeights(OTHER_VAE));
        return folder;
    }

    /** Writes a ControlNet for it in the original layout; that of {@link #SD1} is the reference's. */
    public Path writeControlNetFile(final Path file, final String prefix) throws IOException {
        return write(
                file,
                new LdmLayout()
                        .controlNet(
                                controlNetWeights(),
                                unet.get("layers_per_block").getAsInt(),
                                prefix)
                        .tensors());
    }

    /** Writes the same ControlNet in diffusers' layout. */
    public Path writeControlNetFolder(final Path folder) throws IOException {
        write(folder, controlNetConfig(), WEIGHTS, controlNetWeights());
        return folder;
    }

    private Map<String, LdmLayout.Values> controlNetWeights() throws IOException {
        return this == SD1
                ? read(CONTROL_NET.resolve(WEIGHTS))
                : drawn(ControlNetModel.parameterShapes(ControlNetConfig.fromJson(controlNetConfig())), 4);
    }

    /** The UNet's without its way up, and for control images of as many pixels as the autoencoder's. */
    private JsonObject controlNetConfig() throws IOException {
        if (this == SD1) return StrictJson.read(CONTROL_NET.resolve("config.json"), 1 << 20);
        final JsonObject config = unet.deepCopy();
        config.remove("up_block_types");
        config.remove("out_channels");
        config.addProperty("_class_name", "ControlNetModel");
        config.add(
                "conditioning_embedding_out_channels",
                json("{'of': [8, 16, 24]}").get("of"));
        return config;
    }

    private Map<String, LdmLayout.Values> unetWeights() throws IOException {
        return this == SD1
                ? read(UNET.resolve(WEIGHTS))
                : drawn(UNet2DConditionModel.parameterShapes(UNet2DConditionConfig.fromJson(unet)), 1);
    }

    private static Map<String, LdmLayout.Values> vaeWeights(final long seed) {
        return drawn(AutoencoderKL.parameterShapes(AutoencoderKLConfig.fromJson(json(VAE))), seed);
    }

    /** Norms around one, the rest so that values keep their size. */
    private static Map<String, LdmLayout.Values> drawn(final Map<String, Shape> shapes, final long seed) {
        final Random random = new Random(seed);
        final Map<String, LdmLayout.Values> drawn = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            final long[] lengths = shape.getShape();
            final boolean vector = lengths.length == 1;
            final double mean = vector && name.endsWith(".weight") ? 1 : 0;
            final double deviation = vector ? 0.1 : Math.sqrt((double) lengths[0] / shape.size());
            final float[] values = new float[(int) shape.size()];
            for (int i = 0; i < values.length; i++) values[i] = (float) (mean + deviation * random.nextGaussian());
            drawn.put(name, new LdmLayout.Values(lengths, values));
        });
        return drawn;
    }

    private static Map<String, LdmLayout.Values> read(final Path file) throws IOException {
        final Map<String, LdmLayout.Values> read = new LinkedHashMap<>();
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            for (final String name : tensors.names())
                read.put(name, new LdmLayout.Values(tensors.shape(name), tensors.floats(name)));
        }
        return read;
    }

    private static void writeTokenizer(final Path folder, final String pad) throws IOException {
        final TokenizerFiles files = ClipVocabulary.files(pad);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("vocab.json"), files.vocabulary().toString());
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", files.merges()) + "\n");
        final JsonObject special = new JsonObject();
        special.addProperty("pad_token", pad);
        Files.writeString(folder.resolve("special_tokens_map.json"), special.toString());
    }

    private static void write(
            final Path folder, final JsonObject config, final String file, final Map<String, LdmLayout.Values> weights)
            throws IOException {
        Files.writeString(Files.createDirectories(folder).resolve("config.json"), config.toString());
        write(folder.resolve(file), weights);
    }

    private static Path write(final Path file, final Map<String, LdmLayout.Values> weights) throws IOException {
        final SafetensorsWriter writer = new SafetensorsWriter();
        weights.forEach((name, values) -> writer.tensor(name, values.values(), values.shape()));
        writer.write(file);
        return file;
    }

    private static JsonObject json(final String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
