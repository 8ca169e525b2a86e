package palindrome.model;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import palindrome.network.CLIPTextConfig;
import palindrome.network.CLIPTextModelWithProjection;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;
import palindrome.network.UNet2DConfig;
import palindrome.network.UNet2DModel;
import palindrome.network.VQModel;
import palindrome.network.VQModelConfig;

/** Small models of every family, made of the reference's files where it has them, else of random weights. */
public final class TinyFamilies {

    private static final Path REFERENCE = Path.of("src/test/resources/reference");
    private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
    private static final String DDPM =
            "{\"_class_name\": \"DDPMScheduler\", \"beta_start\": 0.0001, \"beta_end\": 0.02, \"clip_sample\": true}";

    private TinyFamilies() {}

    /** DDPMPipeline: pixels, told nothing. */
    public static Path unconditional(final Path folder) throws IOException {
        return pixels(folder, "unet2d_cifar10", new JsonObject());
    }

    /** The same with its files at the root, as the first such models were published. */
    public static Path unconditionalAtRoot(final Path folder) throws IOException {
        copy(REFERENCE.resolve("unet2d_cifar10"), folder);
        Files.writeString(folder.resolve("scheduler_config.json"), DDPM);
        return folder;
    }

    /** Pixels, told one of ten classes, three of which have names. */
    public static Path ofClasses(final Path folder) throws IOException {
        final JsonObject options = new JsonObject();
        options.add(
                "id2label", JsonParser.parseString("{'0': 'airplane, aeroplane', '1': 'Automobile', '9': 'truck'}"));
        return pixels(folder, "unet2d_class", options);
    }

    /** LDMPipeline: latents of a VQModel, told nothing. */
    public static Path latent(final Path folder) throws IOException {
        Files.createDirectories(folder);
        final JsonObject index = index("LDMPipeline");
        index.add("vqvae", pair("diffusers", "VQModel"));
        index.add("unet", pair("diffusers", "UNet2DModel"));
        finish(folder, index);
        final JsonObject unet = json("{'block_out_channels': [8, 16], 'norm_num_groups': 4, 'layers_per_block': 1,"
                + "'in_channels': 3, 'out_channels': 3, 'attention_head_dim': 8, 'sample_size': 16,"
                + "'down_block_types': ['DownBlock2D', 'AttnDownBlock2D'],"
                + "'up_block_types': ['AttnUpBlock2D', 'UpBlock2D']}");
        write(folder, "unet", unet, UNet2DModel.parameterShapes(UNet2DConfig.fromJson(unet)), WEIGHTS);
        final JsonObject vqvae = json("{'block_out_channels': [8, 16], 'norm_num_groups': 4, 'layers_per_block': 1,"
                + "'latent_channels': 3, 'sample_size': 32, 'num_vq_embeddings': 16,"
                + "'down_block_types': ['DownEncoderBlock2D', 'DownEncoderBlock2D'],"
                + "'up_block_types': ['UpDecoderBlock2D', 'UpDecoderBlock2D']}");
        write(folder, "vqvae", vqvae, VQModel.parameterShapes(VQModelConfig.fromJson(vqvae)), WEIGHTS);
        return folder;
    }

    /** What StableDiffusionXLPipeline is, but on pixels: two encoders, pooled text and sizes. */
    public static Path xl(final Path folder) throws IOException {
        addSecondEncoder(TinyModel.write(folder));
        final JsonObject unet = json("{'in_channels': 12, 'out_channels': 12, 'sample_size': 4,"
                + "'down_block_types': ['DownBlock2D', 'CrossAttnDownBlock2D'],"
                + "'up_block_types': ['CrossAttnUpBlock2D', 'UpBlock2D'], 'transformer_layers_per_block': [1, 2],"
                + "'block_out_channels': [8, 16], 'layers_per_block': 1, 'cross_attention_dim': 56,"
                + "'attention_head_dim': [1, 2], 'norm_num_groups': 4, 'use_linear_projection': true,"
                + "'addition_embed_type': 'text_time', 'addition_time_embed_dim': 8,"
                + "'projection_class_embeddings_input_dim': 68}");
        write(
                folder,
                "unet",
                unet,
                UNet2DConditionModel.parameterShapes(UNet2DConditionConfig.fromJson(unet)),
                WEIGHTS);
        return folder;
    }

    /** StableDiffusionXLPipeline on latents of 8 × 8 pixels. */
    public static Path latentXl(final Path folder) throws IOException {
        addSecondEncoder(TinyModel.writeLatent(folder));
        configureAutoencoder(folder, "scaling_factor", 0.13025);
        generateUnet(
                folder,
                json("{'in_channels': 4, 'out_channels': 4, 'sample_size': 8,"
                        + "'down_block_types': ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],"
                        + "'up_block_types': ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],"
                        + "'block_out_channels': [16, 32, 32], 'transformer_layers_per_block': [1, 2, 3],"
                        + "'layers_per_block': 2, 'cross_attention_dim': 56, 'attention_head_dim': [2, 4, 4],"
                        + "'norm_num_groups': 8, 'use_linear_projection': true,"
                        + "'addition_embed_type': 'text_time', 'addition_time_embed_dim': 8,"
                        + "'projection_class_embeddings_input_dim': 68}"));
        return folder;
    }

    /** StableDiffusionInpaintPipeline with a network of 9 channels, on latents of 8 × 8 pixels. */
    public static Path latentInpainting(final Path folder) throws IOException {
        TinyModel.writeLatent(folder);
        // A grey image has no variance in groups of one channel, and rounding would be all that they are divided by.
        configureAutoencoder(folder, "norm_num_groups", 4);
        final JsonObject unet = StrictJson.read(folder.resolve("unet/config.json"), 1 << 20);
        unet.addProperty("in_channels", 9);
        generateUnet(folder, unet);
        return folder;
    }

    private static void configureAutoencoder(final Path folder, final String key, final Number value)
            throws IOException {
        final Path file = folder.resolve("vae/config.json");
        final JsonObject config = StrictJson.read(file, 1 << 20);
        config.addProperty(key, value);
        Files.writeString(file, config.toString());
    }

    /** A wider text encoder with a projection, whose tokenizer fills up with another token. */
    private static void addSecondEncoder(final Path folder) throws IOException {
        final Path tokenizer = folder.resolve("tokenizer_2");
        TinyModel.copy(folder.resolve("tokenizer"), tokenizer);
        for (final String file : new String[] {"tokenizer_config.json", "special_tokens_map.json"}) {
            final JsonObject padded = StrictJson.read(tokenizer.resolve(file), 1 << 20);
            padded.addProperty("pad_token", "!");
            Files.writeString(tokenizer.resolve(file), padded.toString());
        }
        final JsonObject index = StrictJson.read(folder.resolve("model_index.json"), 1 << 20);
        index.add("text_encoder_2", pair("transformers", "CLIPTextModelWithProjection"));
        index.add("tokenizer_2", pair("transformers", "CLIPTokenizer"));
        index.addProperty("force_zeros_for_empty_prompt", true);
        Files.writeString(folder.resolve("model_index.json"), index.toString());
        final JsonObject encoder = json("{'vocab_size': 850, 'hidden_size': 24, 'intermediate_size': 32,"
                + "'num_hidden_layers': 3, 'num_attention_heads': 3, 'hidden_act': 'gelu', 'eos_token_id': 849,"
                + "'projection_dim': 20}");
        write(
                folder,
                "text_encoder_2",
                encoder,
                CLIPTextModelWithProjection.parameterShapes(CLIPTextConfig.fromJson(encoder)),
                "model.safetensors");
    }

    /** Activations of weights from the generator stay near one, so that the reference can be compared closely. */
    private static void generateUnet(final Path folder, final JsonObject config) throws IOException {
        Files.writeString(folder.resolve("unet/config.json"), config.toString());
        final Map<String, long[]> shapes = new LinkedHashMap<>();
        UNet2DConditionModel.parameterShapes(UNet2DConditionConfig.fromJson(config))
                .forEach((name, shape) -> shapes.put(name, shape.getShape()));
        new CheckpointGenerator(4, SafetensorsType.F32)
                .write(folder.resolve("unet").resolve(WEIGHTS), shapes);
    }

    /** The tiny text-conditional model with other keys in its UNet's configuration, and weights to match. */
    public static Path withUnet(final Path folder, final Map<String, Object> keys) throws IOException {
        TinyModel.write(folder);
        final JsonObject unet = StrictJson.read(folder.resolve("unet/config.json"), 1 << 20);
        keys.forEach((key, value) -> unet.addProperty(key, (Number) value));
        write(
                folder,
                "unet",
                unet,
                UNet2DConditionModel.parameterShapes(UNet2DConditionConfig.fromJson(unet)),
                WEIGHTS);
        return folder;
    }

    private static Path pixels(final Path folder, final String reference, final JsonObject options) throws IOException {
        Files.createDirectories(folder);
        final JsonObject index = index("DDPMPipeline");
        index.add("unet", pair("diffusers", "UNet2DModel"));
        options.entrySet().forEach(option -> index.add(option.getKey(), option.getValue()));
        finish(folder, index);
        copy(REFERENCE.resolve(reference), folder.resolve("unet"));
        return folder;
    }

    private static void finish(final Path folder, final JsonObject index) throws IOException {
        index.add("scheduler", pair("diffusers", "DDPMScheduler"));
        Files.writeString(folder.resolve("model_index.json"), index.toString());
        Files.writeString(Files.createDirectories(folder.resolve("scheduler")).resolve("scheduler_config.json"), DDPM);
    }

    private static void copy(final Path reference, final Path to) throws IOException {
        Files.createDirectories(to);
        for (final String file : new String[] {"config.json", WEIGHTS})
            Files.copy(reference.resolve(file), to.resolve(file));
    }

    private static void write(
            final Path folder,
            final String component,
            final JsonObject config,
            final Map<String, Shape> shapes,
            final String file)
            throws IOException {
        final Path to = Files.createDirectories(folder.resolve(component));
        Files.writeString(to.resolve("config.json"), config.toString());
        final Random random = new Random(9);
        final SafetensorsWriter writer = new SafetensorsWriter();
        shapes.forEach((name, shape) -> writer.tensor(name, TinyModel.drawn(shape, random), shape.getShape()));
        writer.write(to.resolve(file));
    }

    private static JsonObject index(final String pipeline) {
        final JsonObject index = new JsonObject();
        index.addProperty("_class_name", pipeline);
        return index;
    }

    private static JsonArray pair(final String library, final String name) {
        final JsonArray pair = new JsonArray();
        pair.add(library);
        pair.add(name);
        return pair;
    }

    private static JsonObject json(final String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
