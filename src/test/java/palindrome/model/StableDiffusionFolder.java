package palindrome.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a model of the size of Stable Diffusion 1.5 in diffusers' layout, 4.3 GB of
 * random float32 weights, for benchmarks:
 *
 * <pre>
 * mvn test-compile exec:java@generate-sd -Dexec.args=FOLDER
 * </pre>
 */
public final class StableDiffusionFolder {

    private static final Map<String, String> TEXTS = Map.of(
            "model_index.json",
            """
			{"_class_name": "StableDiffusionPipeline",
			 "scheduler": ["diffusers", "DDIMScheduler"],
			 "text_encoder": ["transformers", "CLIPTextModel"],
			 "tokenizer": ["transformers", "CLIPTokenizer"],
			 "unet": ["diffusers", "UNet2DConditionModel"],
			 "vae": ["diffusers", "AutoencoderKL"]}
			""",
            "scheduler/scheduler_config.json",
            """
			{"_class_name": "DDIMScheduler", "num_train_timesteps": 1000, "beta_schedule": "scaled_linear",
			 "beta_start": 0.00085, "beta_end": 0.012, "prediction_type": "epsilon", "steps_offset": 1,
			 "clip_sample": false, "set_alpha_to_one": false}
			""",
            "unet/config.json",
            """
			{"_class_name": "UNet2DConditionModel", "cross_attention_dim": 768, "sample_size": 64}
			""",
            "vae/config.json",
            """
			{"_class_name": "AutoencoderKL", "block_out_channels": [128, 256, 512, 512], "layers_per_block": 2,
			 "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D",
			  "DownEncoderBlock2D"],
			 "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"],
			 "sample_size": 512}
			""",
            "text_encoder/config.json",
            """
			{"architectures": ["CLIPTextModel"], "vocab_size": 49408, "hidden_size": 768,
			 "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12,
			 "max_position_embeddings": 77, "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5,
			 "eos_token_id": 2}
			""",
            "tokenizer/tokenizer_config.json",
            """
			{"tokenizer_class": "CLIPTokenizer", "model_max_length": 77}
			""");

    private StableDiffusionFolder() {}

    /** @param args the folder to write */
    public static void main(final String... args) throws IOException {
        if (args.length != 1) throw new IllegalArgumentException("Give the folder to write.");
        write(Path.of(args[0]));
    }

    /**
     * @param folder made if it is missing
     */
    public static void write(final Path folder) throws IOException {
        for (final Map.Entry<String, String> text : TEXTS.entrySet())
            put(folder.resolve(text.getKey()), text.getValue());
        final TokenizerFiles tokenizer = ClipVocabulary.files("<|endoftext|>");
        put(folder.resolve("tokenizer/vocab.json"), tokenizer.vocabulary().toString());
        final List<String> merges = new ArrayList<>(List.of("#version: 0.2"));
        merges.addAll(tokenizer.merges());
        put(folder.resolve("tokenizer/merges.txt"), String.join("\n", merges));
        final CheckpointGenerator generator = new CheckpointGenerator(1, SafetensorsType.F32);
        final String stem = "diffusion_pytorch_model.safetensors";
        generator.write(folder.resolve("unet").resolve(stem), ArchitectureShapes.unet(ArchitectureShapes.UNet.sd1(4)));
        generator.write(folder.resolve("vae").resolve(stem), ArchitectureShapes.vae());
        generator.write(
                folder.resolve("text_encoder").resolve("model.safetensors"), ArchitectureShapes.clipText(768, 12));
    }

    private static void put(final Path file, final String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
