package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.model.SafetensorsWriter;
import palindrome.model.TinyModel;
import palindrome.sampler.SamplerChoice;

/** Models that are not there, not whole or not the right ones, as the commands report them. */
class BadModelTest {

    private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";

    @TempDir
    private Path temp;

    private Path folder;
    private final ImagePlus image = TestImage.RGB.make(9, 6);

    @BeforeEach
    void write() throws IOException {
        folder = TinyModel.write(Files.createDirectory(temp.resolve("tiny")));
    }

    private CommandHarness invert() {
        return CommandHarness.invert(image).with("model", folder.toString()).with("steps", 4);
    }

    private void assertRefused(final String part) {
        assertRefused(part, invert());
        assertRefused(part, CommandHarness.edit(image).with("model", folder.toString()));
        assertRefused(part, CommandHarness.generate().with("model", folder.toString()));
    }

    private void assertRefused(final String part, final CommandHarness command) {
        final int[] before = TestImage.bits(image);
        final String message = command.failure();
        assertTrue(message.contains(part), message);
        assertArrayEquals(before, TestImage.bits(image));
    }

    @Test
    void missingFoldersAndFilesAreNamed() throws IOException {
        Files.delete(folder.resolve(WEIGHTS));
        assertRefused("The model folder is incomplete: there is no diffusion_pytorch_model.safetensors in ");
        folder = temp.resolve("nowhere");
        assertRefused("There is no model folder " + folder + ". Check the path, or use model=bundled.");
        folder = Files.createDirectory(temp.resolve("empty"));
        assertRefused("is not a model in diffusers' layout: it has no model_index.json");
        folder = Path.of("");
        assertRefused("No model was given.");
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        final byte[] bytes = Files.readAllBytes(folder.resolve(WEIGHTS));
        Files.write(folder.resolve(WEIGHTS), Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused("it was cut off");
        Files.write(folder.resolve(WEIGHTS), Arrays.copyOf(bytes, 3));
        assertRefused("diffusion_pytorch_model.safetensors");
        Files.write(folder.resolve(WEIGHTS), new byte[0]);
        assertRefused("diffusion_pytorch_model.safetensors");
        TinyModel.writeUnet(folder, Map.of("conv_in.weight", new Shape(8, 4, 3, 3)));
        assertRefused("conv_in.weight is (8, 4, 3, 3) but should be (8, 12, 3, 3)");
        Files.writeString(folder.resolve("unet/config.json"), "{\"in_channels\": ");
        assertRefused("not valid JSON");
    }

    @Test
    void picklesAreRefusedWithTheRemedy() throws IOException {
        Files.delete(folder.resolve(WEIGHTS));
        Files.writeString(folder.resolve("unet/diffusion_pytorch_model.bin"), "x");
        assertRefused("safe_serialization=True");
        folder = Files.writeString(temp.resolve("sd-v1-4.ckpt"), "x");
        assertRefused("is a pickle");
    }

    @Test
    void aNetworkThatReturnsNoNumbersIsNamedWithTheStep() throws IOException {
        final SafetensorsWriter writer = new SafetensorsWriter();
        TinyModel.unetShapes().forEach((name, shape) -> {
            final float[] values = new float[(int) shape.size()];
            if (name.equals("conv_out.bias")) Arrays.fill(values, Float.NaN);
            writer.tensor(name, values, shape.getShape());
        });
        writer.write(folder.resolve(WEIGHTS));
        assertRefused("The network returned numbers that are not finite at step 1 of ");
        for (final SamplerChoice choice : SamplerChoice.values()) {
            final String part = "The network returned numbers that are not finite at step 1 of ";
            if (choice.isInvertible())
                assertRefused(part, invert().with("sampler", choice.label()).with("guidance", 3.0));
            if (choice.generates())
                assertRefused(
                        part,
                        CommandHarness.generate()
                                .with("model", folder.toString())
                                .with("sampler", choice.label())
                                .with("steps", 4));
        }
    }

    /** Its latent of a constant image is constant too. */
    @Test
    void aNetworkOfZerosIsInvertedLikeAnyOther() throws IOException {
        TinyModel.writeUnet(folder, Map.of());
        image.getProcessor().setColor(0x808080);
        image.getProcessor().fill();
        final ImagePlus latent = invert().image();
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(latent).image());
    }

    @Test
    void latentsOfAnotherModelAreRefused() throws IOException {
        final ImagePlus latent = invert().image();
        final Path other = TinyModel.write(Files.createDirectory(temp.resolve("other")));
        TinyModel.writeUnet(other, Map.of());
        assertRefused(
                "The latent was made by the model '" + folder + "' with weights ",
                CommandHarness.generate().with("noise", latent).with("model", other.toString()));
        assertRefused(
                "Use the model it was made with.", CommandHarness.generate().with("noise", latent));
        // the same folder, another model in it by now
        TinyModel.writeUnet(folder, Map.of());
        assertRefused("The latent was made by the model '" + folder, CommandHarness.reconstruct(latent));
        Files.delete(folder.resolve("model_index.json"));
        assertRefused("it has no model_index.json", CommandHarness.reconstruct(latent));
    }

    @Test
    void aModelMovedElsewhereStillGenerates() throws IOException {
        final ImagePlus latent = invert().with("guidance", 3.0).image();
        final Path moved = Files.move(folder, temp.resolve("moved"));
        CommandHarness.assertSamePixels(
                image,
                CommandHarness.generate()
                        .with("noise", latent)
                        .with("model", moved.toString())
                        .with("guidance", 3.0)
                        .image());
    }
}
