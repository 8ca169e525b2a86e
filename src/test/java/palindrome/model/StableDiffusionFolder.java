package palindrome.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import palindrome.model.ArchitectureShapes.UNet;

/**
 * Models of the sizes of Stable Diffusion in diffusers' layout, random float32 weights under the configurations that
 * one-file checkpoints get. Components of the same shape have the same weights in all of them.
 *
 * <pre>
 * mvn test-compile exec:java@generate-sd -Dexec.args="FOLDER [sd1|sd1-inpainting|sd2|xl]"
 * </pre>
 */
public enum StableDiffusionFolder {
    SD1("sd1", UNet.sd1(4), Map.of("text_encoder", ArchitectureShapes.clipText(768, 12))),
    SD1_INPAINTING("sd1", UNet.sd1(9), Map.of("text_encoder", ArchitectureShapes.clipText(768, 12))) {
        @Override
        void adapt(final JsonObject configs) {
            configs.getAsJsonObject("unet").addProperty("in_channels", 9);
        }
    },
    /** 2.1 for 768 pixels. */
    SD2("sd2", UNet.sd2(4), Map.of("text_encoder", ArchitectureShapes.clipText(1024, 23))) {
        @Override
        void adapt(final JsonObject configs) {
            configs.getAsJsonObject("unet").addProperty("sample_size", 96);
            configs.getAsJsonObject("unet").addProperty("upcast_attention", true);
            configs.getAsJsonObject("scheduler").addProperty("prediction_type", "v_prediction");
        }
    },
    XL(
            "sdxl",
            UNet.sdxl(),
            Map.of(
                    "text_encoder",
                    ArchitectureShapes.clipText(768, 12),
                    "text_encoder_2",
                    ArchitectureShapes.clipTextWithProjection(1280, 32)));

    private static final CheckpointGenerator GENERATOR = new CheckpointGenerator(1, SafetensorsType.F32);
    private static final String NETWORK = "diffusion_pytorch_model.safetensors";

    private final String family;
    private final Map<String, Map<String, long[]>> shapes = new LinkedHashMap<>();

    StableDiffusionFolder(final String family, final UNet unet, final Map<String, Map<String, long[]>> textEncoders) {
        this.family = family;
        shapes.put("unet", ArchitectureShapes.unet(unet));
        shapes.put("vae", ArchitectureShapes.vae());
        shapes.putAll(textEncoders);
    }

    /** @param args the folder to write, and which model; Stable Diffusion 1.5 if that is left out */
    public static void main(final String... args) throws IOException {
        if (args.length < 1 || args.length > 2)
            throw new IllegalArgumentException("Give the folder to write, and behind it one of "
                    + Arrays.stream(values())
                            .map(StableDiffusionFolder::toString)
                            .collect(Collectors.joining(", "))
                    + ".");
        final String kind = args.length == 1 ? SD1.toString() : args[1];
        valueOf(kind.toUpperCase(Locale.ROOT).replace('-', '_')).write(Path.of(args[0]));
    }

    /** Writes a ControlNet for {@link #SD1}, which lies in a folder of its own. */
    public static void writeControlNet(final Path folder) throws IOException {
        final JsonObject config = SingleFileFamily.read("controlnet_sd1").configs();
        put(folder.resolve("config.json"), config.get("controlnet"));
        GENERATOR.write(folder.resolve(NETWORK), ArchitectureShapes.controlNet(UNet.sd1(4)));
    }

    /** @return bytes of all weights, and so of the folder but for a few megabytes */
    public long bytes() {
        return Float.BYTES
                * shapes.values().stream()
                        .mapToLong(ArchitectureShapes::parameters)
                        .sum();
    }

    /** @param folder made if it is missing */
    public void write(final Path folder) throws IOException {
        final SingleFileFamily convention = SingleFileFamily.read(family);
        final JsonObject configs = convention.configs();
        adapt(configs);
        put(folder.resolve("model_index.json"), convention.index());
        put(folder.resolve("scheduler/scheduler_config.json"), configs.get("scheduler"));
        for (final String tokenizer : convention.padding().keySet())
            writeTokenizer(
                    folder.resolve(tokenizer),
                    convention.padding().get(tokenizer).getAsString());
        for (final Map.Entry<String, Map<String, long[]>> component : shapes.entrySet()) {
            final Path to = folder.resolve(component.getKey());
            put(to.resolve("config.json"), configs.get(component.getKey()));
            final boolean text = component.getKey().startsWith("text_encoder");
            GENERATOR.write(to.resolve(text ? "model.safetensors" : NETWORK), component.getValue());
        }
    }

    /** What this model has otherwise than its family. */
    void adapt(final JsonObject configs) {}

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void writeTokenizer(final Path folder, final String padding) throws IOException {
        final TokenizerFiles files = ClipVocabulary.files(padding);
        put(folder.resolve("vocab.json"), files.vocabulary());
        final List<String> merges = new ArrayList<>(List.of("#version: 0.2"));
        merges.addAll(files.merges());
        Files.writeString(folder.resolve("merges.txt"), String.join("\n", merges));
        final JsonObject config = new JsonObject();
        config.addProperty("tokenizer_class", "CLIPTokenizer");
        config.addProperty("model_max_length", files.maxLength());
        config.addProperty("bos_token", files.start());
        config.addProperty("eos_token", files.end());
        config.addProperty("unk_token", files.end());
        config.addProperty("pad_token", files.pad());
        put(folder.resolve("tokenizer_config.json"), config);
    }

    private static void put(final Path file, final JsonElement json) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, json.toString());
    }
}
