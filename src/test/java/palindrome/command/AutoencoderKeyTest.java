package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.image.Provenance;
import palindrome.model.TinyModel;
import palindrome.model.TinyStableDiffusion;

/** The key {@code vae}: another autoencoder in place of the model's. */
class AutoencoderKeyTest {

    @TempDir
    private Path temp;

    private final ImagePlus image = TestImage.RGB.make(21, 18);

    /** As if the model had come with it: one that does not say how it scales takes that from the model. */
    @ParameterizedTest
    @CsvSource({"SD1, false", "XL, true"})
    void itTakesThePlaceOfTheModels(final TinyStableDiffusion version, final boolean oneFile) throws IOException {
        final String model = version.writeFolder(temp.resolve("model")).toString();
        final String whole =
                version.writeFolderWithOtherVae(temp.resolve("whole")).toString();
        final Path vae = oneFile
                ? TinyStableDiffusion.writeVaeFile(temp.resolve("vae.safetensors"))
                : TinyStableDiffusion.writeVaeFolder(temp.resolve("vae"));
        final int[] expected = TestImage.bits(generate(whole).image());
        assertArrayEquals(
                expected,
                TestImage.bits(generate(model).with("vae", vae.toString()).image()));
        assertFalse(
                Arrays.equals(expected, TestImage.bits(generate(model).image())), "the autoencoder changes nothing");
    }

    /** How a folder may come without one. */
    private enum Lacking {
        UNLISTED {
            @Override
            void in(final Path folder, final JsonObject index) throws IOException {
                index.remove("vae");
                delete(folder.resolve("vae"));
            }
        },
        NULL {
            @Override
            void in(final Path folder, final JsonObject index) throws IOException {
                index.add("vae", JsonParser.parseString("[null, null]"));
                delete(folder.resolve("vae"));
            }
        },
        MISSING {
            @Override
            void in(final Path folder, final JsonObject index) throws IOException {
                delete(folder.resolve("vae"));
            }
        };

        abstract void in(Path folder, JsonObject index) throws IOException;

        private static void delete(final Path folder) throws IOException {
            for (final String file : new String[] {"config.json", "diffusion_pytorch_model.safetensors"})
                Files.delete(folder.resolve(file));
            Files.delete(folder);
        }
    }

    /** As if it had come with it: where nothing says how to scale, the kind of the model does. */
    @ParameterizedTest
    @CsvSource({"SD1, UNLISTED, true", "SD2, MISSING, false", "XL, NULL, true"})
    void aFolderThatCameWithoutOneTakesIt(
            final TinyStableDiffusion version, final Lacking lacking, final boolean oneFile) throws IOException {
        final Path folder = version.writeFolder(temp.resolve("model"));
        final Path listed = folder.resolve("model_index.json");
        final JsonObject index =
                JsonParser.parseString(Files.readString(listed)).getAsJsonObject();
        lacking.in(folder, index);
        Files.writeString(listed, index.toString());
        assertTakesIt(version, folder, oneFile, "auto");
    }

    @ParameterizedTest
    @CsvSource({"SD1, false, auto", "SD2, true, v", "XL, false, auto"})
    void aFileThatCameWithoutOneTakesIt(
            final TinyStableDiffusion version, final boolean oneFile, final String prediction) throws IOException {
        assertTakesIt(version, version.writeFileWithoutVae(temp.resolve("model.safetensors")), oneFile, prediction);
    }

    private void assertTakesIt(
            final TinyStableDiffusion version, final Path model, final boolean oneFile, final String prediction)
            throws IOException {
        final String without =
                generate(model.toString()).with("prediction", prediction).failure();
        assertTrue(without.contains("as vae=path") || without.contains(model.resolve("vae") + " is missing"), without);
        final String vae = (oneFile
                        ? TinyStableDiffusion.writeVaeFile(temp.resolve("vae.safetensors"))
                        : TinyStableDiffusion.writeVaeFolder(temp.resolve("vae")))
                .toString();
        final String whole =
                version.writeFolderWithOtherVae(temp.resolve("whole")).toString();
        assertArrayEquals(
                TestImage.bits(generate(whole).image()),
                TestImage.bits(generate(model.toString())
                        .with("prediction", prediction)
                        .with("vae", vae)
                        .image()));
        final ImagePlus latent = CommandHarness.invert(image)
                .with("model", model.toString())
                .with("prediction", prediction)
                .with("vae", vae)
                .with("steps", 2)
                .image();
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(latent).image());
    }

    @Test
    void aWholeCheckpointLendsItsOwn() throws IOException {
        final TinyStableDiffusion version = TinyStableDiffusion.SD1;
        final String own = version.writeFolder(temp.resolve("own")).toString();
        final String other =
                version.writeFolderWithOtherVae(temp.resolve("other")).toString();
        final String file = version.writeFile(temp.resolve("own.safetensors")).toString();
        assertArrayEquals(
                TestImage.bits(generate(own).image()),
                TestImage.bits(generate(other).with("vae", file).image()));
    }

    @Test
    void aLatentIsReconstructedWithItsAutoencoder() throws IOException {
        final String model =
                TinyStableDiffusion.SD1.writeFolder(temp.resolve("model")).toString();
        final Path vae = TinyStableDiffusion.writeVaeFile(temp.resolve("vae.safetensors"));
        final ImagePlus latent = CommandHarness.invert(image)
                .with("model", model)
                .with("vae", vae.toString())
                .with("steps", 3)
                .image();
        final String recorded = Provenance.readFrom(latent).orElseThrow().toString();
        assertTrue(recorded.contains(vae.toString()), recorded);
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(latent).image());
        Files.delete(vae);
        assertRefused("There is no file or folder " + vae, CommandHarness.reconstruct(latent));
    }

    @Test
    void whatIsNoneOrDoesNotFitIsRefused() throws IOException {
        final String model =
                TinyStableDiffusion.SD1.writeFolder(temp.resolve("model")).toString();
        final Path wide = TinyStableDiffusion.writeVaeFolder(temp.resolve("wide"));
        final JsonObject config = JsonParser.parseString(Files.readString(wide.resolve("config.json")))
                .getAsJsonObject();
        config.addProperty("latent_channels", 16);
        Files.writeString(wide.resolve("config.json"), config.toString());
        assertRefused(
                "The autoencoder " + wide
                        + " makes latents of 16 channels, but the model 'model' works on 4. Use one that"
                        + " was made for this kind of model.",
                generate(model).with("vae", wide.toString()));
        assertRefused(
                "The model 'nuclei' has no AutoencoderKL", generate("bundled").with("vae", wide.toString()));
        assertRefused(
                "There is no file or folder",
                generate(model).with("vae", temp.resolve("nowhere").toString()));
        assertRefused("is a UNet2DConditionModel", generate(model).with("vae", model + "/unet"));
        assertRefused(
                "is an autoencoder in diffusers' layout. Give the folder",
                generate(model).with("vae", wide + "/diffusion_pytorch_model.safetensors"));
        final Path pickle = Files.writeString(temp.resolve("vae.pt"), "x");
        assertRefused("is a pickle", generate(model).with("vae", pickle.toString()));
        final String quantized = TinyModel.writeQuantized(temp.resolve("ldm")).toString();
        assertRefused("has no AutoencoderKL", generate(quantized).with("vae", wide.toString()));
    }

    private static CommandHarness generate(final String model) {
        return CommandHarness.generate()
                .with("model", model)
                .with("steps", 2)
                .with("width", 16)
                .with("height", 24)
                .with("prompt", "a cat");
    }

    private static void assertRefused(final String part, final CommandHarness command) {
        final String message = command.failure();
        assertTrue(message.contains(part), message);
        assertEquals(1, message.lines().count(), message);
    }
}
