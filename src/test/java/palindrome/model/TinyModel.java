package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import palindrome.network.CaptionClassifier;
import palindrome.network.CaptionClassifierConfig;
import palindrome.network.Conditioning;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;
import palindrome.network.VQModel;
import palindrome.network.VQModelConfig;

/**
 * A complete pixel model small enough for a test: tokenizer, text encoder and
 * scheduler of the {@code pipeline} fixture, and a UNet of random weights on
 * 2×2-unshuffled RGB.
 */
public final class TinyModel {

    static final Path FIXTURE = Path.of("src/test/resources/reference/pipeline");

    private TinyModel() {}

    public static Path write(final Path folder) throws IOException {
        for (final String component : new String[] {"tokenizer", "text_encoder", "scheduler"})
            copy(FIXTURE.resolve(component), folder.resolve(component));
        final JsonObject index = StrictJson.read(FIXTURE.resolve("model_index.json"), 1 << 20);
        index.remove("vae");
        index.addProperty("pixel_unshuffle", 2);
        Files.writeString(folder.resolve("model_index.json"), index.toString());
        final Path unet = Files.createDirectories(folder.resolve("unet"));
        Files.writeString(unet.resolve("config.json"), unetConfig().toString());
        final Random random = new Random(5);
        final SafetensorsWriter writer = new SafetensorsWriter();
        unetShapes().forEach((name, shape) -> writer.tensor(name, drawn(shape, random), shape.getShape()));
        writer.write(unet.resolve("diffusion_pytorch_model.safetensors"));
        return folder;
    }

    /** The pipeline of the fixture: a tiny Stable Diffusion, on latents of 8×8 pixels. */
    public static Path writeLatent(final Path folder) throws IOException {
        for (final String component : new String[] {"tokenizer", "text_encoder", "scheduler", "unet", "vae"})
            copy(FIXTURE.resolve(component), folder.resolve(component));
        Files.copy(FIXTURE.resolve("model_index.json"), folder.resolve("model_index.json"));
        return folder;
    }

    /** The same with the UNet of the {@code unet_sd1} fixture, for which the ControlNet of the reference was made. */
    public static Path writeControllable(final Path folder) throws IOException {
        writeLatent(folder);
        for (final String file : new String[] {"config.json", "diffusion_pytorch_model.safetensors"})
            Files.copy(
                    FIXTURE.resolveSibling("unet_sd1").resolve(file),
                    folder.resolve("unet").resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        return folder;
    }

    /** The same as {@link #writeLatent} with a VQModel of random weights in place of its autoencoder. */
    public static Path writeQuantized(final Path folder) throws IOException {
        writeLatent(folder);
        final JsonObject index = StrictJson.read(folder.resolve("model_index.json"), 1 << 20);
        index.remove("vae");
        index.add("vqvae", JsonParser.parseString("['diffusers', 'VQModel']"));
        Files.writeString(folder.resolve("model_index.json"), index.toString());
        final Path vqvae = Files.createDirectories(folder.resolve("vqvae"));
        final JsonObject config = JsonParser.parseString("{'block_out_channels': [8, 8, 16], 'norm_num_groups': 4,"
                        + "'down_block_types': ['DownEncoderBlock2D', 'DownEncoderBlock2D', 'DownEncoderBlock2D'],"
                        + "'up_block_types': ['UpDecoderBlock2D', 'UpDecoderBlock2D', 'UpDecoderBlock2D'],"
                        + "'latent_channels': 4, 'num_vq_embeddings': 64}")
                .getAsJsonObject();
        Files.writeString(vqvae.resolve("config.json"), config.toString());
        final Random random = new Random(8);
        final SafetensorsWriter writer = new SafetensorsWriter();
        VQModel.parameterShapes(VQModelConfig.fromJson(config))
                .forEach((name, shape) -> writer.tensor(name, drawn(shape, random), shape.getShape()));
        writer.write(vqvae.resolve("diffusion_pytorch_model.safetensors"));
        return folder;
    }

    /** A tiny model with a classifier of random weights that knows a cat from a dog, one from many. */
    public static Path writeWithClassifier(final Path folder) throws IOException {
        write(folder);
        final JsonObject index = StrictJson.read(folder.resolve("model_index.json"), 1 << 20);
        index.add("classifier", JsonParser.parseString("['palindrome', 'CaptionClassifier']"));
        Files.writeString(folder.resolve("model_index.json"), index.toString());
        final Path classifier = Files.createDirectories(folder.resolve("classifier"));
        final JsonObject config = JsonParser.parseString("{'in_channels': 12, 'block_out_channels': [8, 16],"
                        + "'norm_num_groups': 4, 'attributes': {'animal': ['cat', 'dog'], 'number': ['one', 'many']}}")
                .getAsJsonObject();
        Files.writeString(classifier.resolve("config.json"), config.toString());
        final Random random = new Random(6);
        final SafetensorsWriter writer = new SafetensorsWriter();
        CaptionClassifier.parameterShapes(CaptionClassifierConfig.fromJson(config))
                .forEach((name, shape) -> writer.tensor(name, drawn(shape, random), shape.getShape()));
        writer.write(classifier.resolve("model.safetensors"));
        return folder;
    }

    /** The states that a model with one text encoder is told. */
    public static NDArray textStates(final DiffusionModel model, final String prompt, final NDManager owner) {
        return ((Conditioning.Text) model.towards(prompt, model.nativeSize(), owner)).encoderHiddenStates();
    }

    public static Map<String, Shape> unetShapes() {
        return UNet2DConditionModel.parameterShapes(UNet2DConditionConfig.fromJson(unetConfig()));
    }

    /** Rewrites the UNet's weights with some tensors of other shapes; null leaves one out. */
    public static void writeUnet(final Path folder, final Map<String, Shape> changes) throws IOException {
        final Map<String, Shape> shapes = new LinkedHashMap<>(unetShapes());
        shapes.putAll(changes);
        final SafetensorsWriter writer = new SafetensorsWriter();
        shapes.forEach((name, shape) -> {
            if (shape != null) writer.tensor(name, new float[(int) shape.size()], shape.getShape());
        });
        writer.write(folder.resolve("unet/diffusion_pytorch_model.safetensors"));
    }

    static float[] drawn(final Shape shape, final Random random) {
        final float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) values[i] = (float) (random.nextGaussian() * 0.2);
        return values;
    }

    public static Path copy(final Path from, final Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (final Path file : files.toList())
                Files.copy(file, to.resolve(file.getFileName().toString()));
        }
        return to;
    }

    private static JsonObject unetConfig() {
        return JsonParser.parseString(
                        """
                {"_class_name": "UNet2DConditionModel", "in_channels": 12, "out_channels": 12,
                 "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"],
                 "up_block_types": ["CrossAttnUpBlock2D", "UpBlock2D"],
                 "block_out_channels": [8, 16], "layers_per_block": 1, "cross_attention_dim": 32,
                 "attention_head_dim": 2, "norm_num_groups": 4}""")
                .getAsJsonObject();
    }
}
