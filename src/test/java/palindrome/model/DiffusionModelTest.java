package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.Placement;
import palindrome.engine.Tensors;
import palindrome.sampler.PredictionType;

/** Tests {@link DiffusionModel}, {@link DiffusersFolder} and {@link ModelCatalog}. */
class DiffusionModelTest {

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void write() throws IOException {
        folder = TinyModel.write(Files.createDirectory(temp.resolve("tiny")));
    }

    @Test
    void aPixelModelRuns() throws Exception {
        final NDManager manager;
        try (DiffusionModel model = open()) {
            manager = model.manager();
            assertEquals("tiny", model.name());
            assertEquals(12, model.stateChannels());
            assertEquals(3, model.imageChannels());
            assertEquals(2, model.factor());
            assertEquals(4, model.sizeMultiple());
            assertEquals(PredictionType.EPSILON, model.scheduler().predictionType());
            assertEquals(expectedHash(), model.sha256());
            try (NDManager scope = manager.newSubManager()) {
                final NDArray pixels = Tensors.of(scope, new float[3 * 8 * 12], 1, 3, 8, 12);
                final NDArray output = model.network()
                        .forward(
                                model.imageSpace(TilePlan.whole(4, 6), () -> {}).toState(pixels),
                                Tensors.of(scope, new float[] {500}, 1),
                                model.towards("a cat", new ImageSize(12, 8), scope));
                assertEquals(new Shape(1, 12, 4, 6), output.getShape());
                for (final float value : output.toFloatArray()) assertTrue(Float.isFinite(value));
            }
        }
        assertFalse(manager.isOpen());
    }

    @Test
    void textStatesEqualThoseOfDiffusers() throws IOException {
        final JsonObject fixture = StrictJson.read(TinyModel.FIXTURE.resolve("case.json"), 1 << 20);
        try (DiffusionModel model = open();
                NDManager scope = model.manager().newSubManager();
                SafetensorsFile expected = SafetensorsFile.open(TinyModel.FIXTURE.resolve("case.safetensors"))) {
            for (final String which : new String[] {"prompt", "negative_prompt"}) {
                final NDArray states =
                        TinyModel.textStates(model, fixture.get(which).getAsString(), scope);
                final float[] reference = expected.floats("txt2img.out." + which + "_embeds");
                assertEquals(new Shape(1, 77, 32), states.getShape());
                assertArrayEquals(reference, states.toFloatArray(), 2e-5f);
                final float[] again = TinyModel.textStates(
                                model, fixture.get(which).getAsString(), scope)
                        .toFloatArray();
                assertArrayEquals(states.toFloatArray(), again);
            }
        }
    }

    @Test
    void manyPromptsLeaveNoArraysBehind() throws IOException {
        try (DiffusionModel model = open()) {
            final int before = model.manager().getManagedArrays().size();
            for (int i = 0; i < 10; i++) {
                try (NDManager scope = model.manager().newSubManager()) {
                    TinyModel.textStates(model, "cat " + i, scope);
                }
            }
            assertEquals(before, model.manager().getManagedArrays().size());
        }
    }

    @Test
    void theTextEncodersPrefixMayBeMissing() throws IOException {
        final Path file = folder.resolve("text_encoder/model.safetensors");
        final SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile old = SafetensorsFile.open(file)) {
            for (final String name : old.names())
                writer.tensor(name.replace("text_model.", ""), old.floats(name), old.shape(name));
        }
        final float[] before = encoded();
        writer.write(file);
        assertArrayEquals(before, encoded());
    }

    @Test
    void licenceAndDescriptionAreFound() throws IOException {
        try (DiffusionModel model = open()) {
            assertEquals(Optional.empty(), model.licence());
            assertEquals(Optional.empty(), model.description());
        }
        Files.writeString(folder.resolve("README.md"), "---\ntags: [x]\nlicense: openrail\n---\nlicense: other\n");
        edit("model_index.json", json -> json.addProperty("description", "Small."));
        try (DiffusionModel model = open()) {
            assertEquals(Optional.of("openrail"), model.licence());
            assertEquals(Optional.of("Small."), model.description());
        }
        edit("model_index.json", json -> json.addProperty("license", "cc0-1.0"));
        try (DiffusionModel model = open()) {
            assertEquals(Optional.of("cc0-1.0"), model.licence());
        }
    }

    @Test
    void theBundledModelIsReadInsideTheJar() throws Exception {
        final Path jar = temp.resolve("Palindrome_ \u00fc.jar");
        try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
            for (final String component : List.of("unet", "text_encoder", "tokenizer", "scheduler"))
                TinyModel.copy(folder.resolve(component), zip.getPath("palindrome/models/nuclei", component));
            Files.copy(folder.resolve("model_index.json"), zip.getPath("palindrome/models/nuclei/model_index.json"));
        }
        final URL inside = new URL("jar:" + jar.toUri().toURL() + "!/palindrome/models/nuclei/model_index.json");
        final float[] expected = encoded();
        try (DiffusionModel model = BundledModel.open(inside, Placement.on(Device.cpu()), checkpoint -> checkpoint);
                NDManager scope = model.manager().newSubManager()) {
            assertEquals("nuclei", model.name());
            assertEquals(expectedHash(), model.sha256());
            assertArrayEquals(
                    expected, TinyModel.textStates(model, "a cat", scope).toFloatArray());
        }
        Files.delete(jar);
        try (DiffusionModel model = BundledModel.open(
                folder.resolve("model_index.json").toUri().toURL(),
                Placement.on(Device.cpu()),
                checkpoint -> checkpoint)) {
            assertEquals("tiny", model.name());
        }
    }

    @Test
    void modelsThatAreNotThereAreNamed() throws IOException {
        assertRefused("There is no model folder " + temp.resolve("nowhere"), temp.resolve("nowhere"));
        assertRefused("it has no model_index.json", Files.createDirectory(temp.resolve("empty")));
        final Path file = Files.writeString(temp.resolve("model.safetensors"), "x");
        assertRefused("not a safetensors file", file);
        assertRefused("is GGUF", Files.writeString(temp.resolve("sd.gguf"), "GGUF"));
        assertRefused("is GGUF", Files.writeString(temp.resolve("renamed.safetensors"), "GGUF\3\0\0\0"));
        assertRefused("is ONNX", Files.writeString(temp.resolve("unet.onnx"), "x"));
        assertRefused("a zip archive", Files.writeString(temp.resolve("zip.safetensors"), "PK\3\4"));
        assertRefused("no .safetensors file", Files.writeString(temp.resolve("notes.txt"), "x"));
        assertRefused("is a pickle", Files.writeString(temp.resolve("sd-v1-4.ckpt"), "x"));
        final ModelException none = assertThrows(ModelException.class, () -> ModelCatalog.open(" ", Device.cpu()));
        assertTrue(none.getMessage().contains("model=bundled"));
    }

    @Test
    void incompleteFoldersAreNamed() throws IOException {
        Files.delete(folder.resolve("unet/config.json"));
        assertRefused("config.json is missing");
        Files.delete(folder.resolve("unet/diffusion_pytorch_model.safetensors"));
        TinyModel.write(recreated());
        Files.delete(folder.resolve("unet/diffusion_pytorch_model.safetensors"));
        assertRefused("there is no diffusion_pytorch_model.safetensors");
        Files.writeString(folder.resolve("unet/diffusion_pytorch_model.bin"), "x");
        assertRefused("safe_serialization=True");
        Files.delete(folder.resolve("scheduler/scheduler_config.json"));
        assertRefused("scheduler_config.json is missing");
        Files.delete(folder.resolve("scheduler"));
        assertRefused("scheduler is missing");
        Files.writeString(folder.resolve("model_index.json"), "{\"unet\": [");
        assertRefused("not valid JSON");
    }

    @Test
    void damagedWeightsAreNamed() throws IOException {
        final Path weights = folder.resolve("unet/diffusion_pytorch_model.safetensors");
        final byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 100));
        assertRefused("it was cut off");
        TinyModel.writeUnet(folder, Map.of("conv_in.weight", new Shape(8, 4, 3, 3)));
        assertRefused("conv_in.weight is (8, 4, 3, 3) but should be (8, 12, 3, 3)");
        TinyModel.writeUnet(folder, Collections.singletonMap("conv_out.bias", null));
        assertRefused("1 missing (conv_out.bias)");
        TinyModel.writeUnet(folder, Map.of("adapter.weight", new Shape(2)));
        assertRefused("1 unexpected (adapter.weight)");
        TinyModel.writeUnet(folder, Map.of("position_ids", new Shape(2)));
        open().close();
    }

    @Test
    void whatIsNotSupportedIsNamed() throws IOException {
        edit("model_index.json", json -> json.add("vae", pair("diffusers", "AutoencoderTiny")));
        assertRefused("is a AutoencoderTiny");
        edit("model_index.json", json -> {
            json.remove("vae");
            json.add("text_encoder_2", pair("transformers", "CLIPTextModelWithProjection"));
        });
        assertRefused("there is a text_encoder_2, but the UNet takes no pooled text");
        edit("model_index.json", json -> {
            json.remove("text_encoder_2");
            json.add("unet", pair("diffusers", "UNet2DModel"));
        });
        assertRefused("down_block_types has CrossAttnDownBlock2D");
        edit("model_index.json", json -> json.remove("unet"));
        assertRefused("has no unet");
    }

    @Test
    void partsThatDoNotFitTogetherAreNamed() throws IOException {
        edit("model_index.json", json -> json.addProperty("pixel_unshuffle", 1));
        assertRefused("12 to 12 channels, and it comes without an autoencoder; at pixel_unshuffle = 1");
        edit("model_index.json", json -> json.addProperty("pixel_unshuffle", 0));
        assertRefused("pixel_unshuffle is 0");
        edit("model_index.json", json -> json.addProperty("pixel_unshuffle", "two"));
        assertRefused("pixel_unshuffle = \"two\"");
        edit("model_index.json", json -> json.addProperty("pixel_unshuffle", 2));
        edit("unet/config.json", json -> json.addProperty("cross_attention_dim", 16));
        assertRefused("cross_attention_dim = 16");
        edit("unet/config.json", json -> json.addProperty("act_fn", "mish"));
        assertRefused("act_fn");
        edit("unet/config.json", json -> {
            json.addProperty("act_fn", "silu");
            json.addProperty("cross_attention_dim", 32);
        });
        edit("text_encoder/config.json", json -> json.addProperty("vocab_size", 849));
        assertRefused("the tokenizer has 850 tokens");
        edit("text_encoder/config.json", json -> json.addProperty("vocab_size", 850));
        edit("tokenizer/tokenizer_config.json", json -> json.addProperty("model_max_length", 78));
        assertRefused("model_max_length = 78");
        edit("scheduler/scheduler_config.json", json -> json.addProperty("beta_start", 2));
        assertRefused("beta_start = 2");
    }

    @Test
    void unshufflingFollowsPyTorchsOrder() throws IOException {
        final int height = 4;
        final int width = 6;
        final long[] values = new long[2 * 3 * height * width];
        for (int i = 0; i < values.length; i++) values[i] = i;
        final PixelUnshuffle unshuffle = new PixelUnshuffle(2);
        try (DiffusionModel model = open();
                NDManager scope = model.manager().newSubManager()) {
            final NDArray pixels = Tensors.of(scope, values, 2, 3, height, width);
            final NDArray state = unshuffle.toState(pixels);
            assertEquals(new Shape(2, 12, 2, 3), state.getShape());
            final long[] moved = state.toLongArray();
            for (int b = 0; b < 2; b++)
                for (int c = 0; c < 12; c++)
                    for (int y = 0; y < 2; y++)
                        for (int x = 0; x < 3; x++) {
                            final int row = 2 * y + c % 4 / 2;
                            final int column = 2 * x + c % 2;
                            assertEquals(
                                    ((b * 3L + c / 4) * height + row) * width + column,
                                    moved[((b * 12 + c) * 2 + y) * 3 + x]);
                        }
            assertArrayEquals(values, unshuffle.toPixels(state).toLongArray());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> unshuffle.toState(Tensors.of(scope, new float[3], 1, 1, 1, 3)));
        }
    }

    private DiffusionModel open() throws IOException {
        return ModelCatalog.open(folder.toString(), Device.cpu());
    }

    private float[] encoded() throws IOException {
        try (DiffusionModel model = open();
                NDManager scope = model.manager().newSubManager()) {
            return TinyModel.textStates(model, "a cat", scope).toFloatArray();
        }
    }

    private Path recreated() throws IOException {
        folder = Files.createDirectory(temp.resolve("again"));
        return folder;
    }

    private void assertRefused(final String part) {
        assertRefused(part, folder);
    }

    private static void assertRefused(final String part, final Path model) {
        final ModelException exc =
                assertThrows(ModelException.class, () -> ModelCatalog.open(model.toString(), Device.cpu())
                        .close());
        assertTrue(exc.getMessage().contains(part), exc.getMessage());
    }

    private interface Edit {

        void apply(JsonObject json);
    }

    private void edit(final String file, final Edit edit) throws IOException {
        final JsonObject json = StrictJson.read(folder.resolve(file), 1 << 20);
        edit.apply(json);
        Files.writeString(folder.resolve(file), json.toString());
    }

    private static com.google.gson.JsonArray pair(final String library, final String name) {
        final com.google.gson.JsonArray pair = new com.google.gson.JsonArray();
        pair.add(library);
        pair.add(name);
        return pair;
    }

    private String expectedHash() throws Exception {
        final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(Files.readAllBytes(folder.resolve("unet/diffusion_pytorch_model.safetensors")));
        digest.update(Files.readAllBytes(folder.resolve("text_encoder/model.safetensors")));
        return HexFormat.of().formatHex(digest.digest());
    }
}
