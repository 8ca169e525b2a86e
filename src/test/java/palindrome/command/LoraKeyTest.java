package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.image.Provenance;
import palindrome.model.SafetensorsWriter;
import palindrome.model.TinyStableDiffusion;

/** The key {@code lora}, on Stable Diffusion XL: the UNet and both text encoders are changed. */
class LoraKeyTest {

    private static final int RANK = 2;
    private static final String ATTENTION = "transformer_blocks_0_attn2_to_k";

    @TempDir
    private static Path temp;

    private static String folder;

    @BeforeAll
    static void write() throws IOException {
        folder = TinyStableDiffusion.XL.writeFolder(temp.resolve("xl")).toString();
    }

    /** As kohya's scripts write them for XL, with the UNet under its original names. */
    private Path kohya(final long seed) throws IOException {
        final SafetensorsWriter writer = new SafetensorsWriter();
        final Random random = new Random(seed);
        pair(writer, "lora_unet_input_blocks_3_1_" + ATTENTION + ".lora_down", ".lora_up", 96, 64, random);
        pair(writer, "lora_te1_text_model_encoder_layers_0_self_attn_v_proj.lora_down", ".lora_up", 32, 32, random);
        pair(writer, "lora_te2_text_model_encoder_layers_0_self_attn_q_proj.lora_down", ".lora_up", 64, 64, random);
        writer.tensor("lora_unet_input_blocks_3_1_" + ATTENTION + ".alpha", new float[] {RANK});
        final Path file = temp.resolve("kohya.safetensors");
        writer.write(file);
        return file;
    }

    /** The same as PEFT writes it. */
    private Path peft(final long seed) throws IOException {
        final SafetensorsWriter writer = new SafetensorsWriter();
        final Random random = new Random(seed);
        final String encoder = "text_model.encoder.layers.0.self_attn.";
        pair(
                writer,
                "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.lora_A",
                ".lora_B",
                96,
                64,
                random);
        pair(writer, "text_encoder." + encoder + "v_proj.lora_A", ".lora_B", 32, 32, random);
        pair(writer, "text_encoder_2." + encoder + "q_proj.lora_A", ".lora_B", 64, 64, random);
        final Path file = temp.resolve("peft.safetensors");
        writer.write(file);
        return file;
    }

    private static void pair(
            final SafetensorsWriter writer,
            final String down,
            final String up,
            final int in,
            final int out,
            final Random random) {
        writer.tensor(down + ".weight", drawn(random, RANK * in), RANK, in);
        writer.tensor(down.substring(0, down.lastIndexOf('.')) + up + ".weight", drawn(random, out * RANK), out, RANK);
    }

    private static float[] drawn(final Random random, final int length) {
        final float[] drawn = new float[length];
        for (int i = 0; i < length; i++) drawn[i] = (float) random.nextGaussian() / 4;
        return drawn;
    }

    @Test
    void everyNamingInEveryLayoutMakesTheSameImage() throws IOException {
        final String file =
                TinyStableDiffusion.XL.writeFile(temp.resolve("xl.safetensors")).toString();
        final int[] plain = generate(folder, "");
        final int[] changed = generate(folder, kohya(1) + ":0.7");
        assertFalse(Arrays.equals(plain, changed), "it changes nothing");
        assertArrayEquals(changed, generate(file, kohya(1) + ":0.7"));
        assertArrayEquals(changed, generate(folder, peft(1) + ":0.7"));
        assertFalse(Arrays.equals(changed, generate(folder, kohya(1).toString())), "the scale does not count");
        assertArrayEquals(plain, generate(folder, kohya(1) + ":0"));
        assertFalse(Arrays.equals(changed, generate(folder, kohya(1) + ":0.7;" + peft(2) + ":0.2")), "nor another one");
    }

    @Test
    void aLatentLeadsBackWithItsLoraOnly() throws IOException {
        final ImagePlus image = TestImage.RGB.make(21, 18);
        final Path lora = kohya(1);
        final ImagePlus latent = CommandHarness.invert(image)
                .with("model", folder)
                .with("lora", lora + ":0.7")
                .with("steps", 3)
                .with("prompt", "a cat")
                .image();
        final String recorded = Provenance.readFrom(latent).orElseThrow().toString();
        assertTrue(recorded.contains(lora + ":0.7"), recorded);
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(latent).image());
        kohya(2);
        final String failure = CommandHarness.reconstruct(latent).failure();
        assertTrue(failure.contains("Use the model it was made with."), failure);
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        final Path lora = kohya(1);
        assertRefused("the model lacks 2 (", "bundled", lora.toString());
        assertRefused("is missing", folder, temp.resolve("nowhere.safetensors").toString());
        assertRefused("which is no part of a LoRA", folder, folder + "/vae/diffusion_pytorch_model.safetensors");
    }

    private static void assertRefused(final String part, final String model, final String lora) {
        final String failure = command(model, lora).failure();
        assertTrue(failure.contains(part), failure);
        assertEquals(1, failure.lines().count(), failure);
    }

    private static int[] generate(final String model, final String lora) {
        return TestImage.bits(command(model, lora).image());
    }

    private static CommandHarness command(final String model, final String lora) {
        return CommandHarness.generate()
                .with("model", model)
                .with("lora", lora)
                .with("steps", 2)
                .with("width", 24)
                .with("height", 16)
                .with("prompt", "a photo of a cat");
    }
}
