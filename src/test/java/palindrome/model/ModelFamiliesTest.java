package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.Tensors;
import palindrome.network.Conditioning;

/** What models of each family tell their networks, and which folders they are opened from. */
class ModelFamiliesTest {

    private static final ImageSize SIZE = new ImageSize(24, 16);
    private static final String WEIGHTS = "unet/diffusion_pytorch_model";

    @TempDir
    private Path folder;

    @Test
    void xlTellsPooledTextAndSizes() throws IOException {
        TinyFamilies.xl(folder);
        try (DiffusionModel model = open(folder.toString());
                NDManager scope = model.manager().newSubManager()) {
            final Conditioning.Text told = (Conditioning.Text) model.towards("a cat", SIZE, scope);
            final Conditioning.TextTime added =
                    (Conditioning.TextTime) told.additions().get(0);
            assertEquals(new Shape(1, 77, 56), told.encoderHiddenStates().getShape());
            assertEquals(new Shape(1, 20), added.textEmbeds().getShape());
            assertArrayEquals(
                    new float[] {16, 24, 0, 0, 16, 24}, added.timeIds().toFloatArray());
            final Conditioning.Text nothing = (Conditioning.Text) model.awayFrom("", SIZE, scope);
            assertEquals(0, nothing.encoderHiddenStates().abs().max().getFloat());
            assertEquals(
                    0,
                    ((Conditioning.TextTime) nothing.additions().get(0))
                            .textEmbeds()
                            .abs()
                            .max()
                            .getFloat());
            assertTrue(((Conditioning.Text) model.towards("", SIZE, scope))
                            .encoderHiddenStates()
                            .abs()
                            .max()
                            .getFloat()
                    > 0);
            assertEquals(2, model.tokenize("a cat").size());
            assertEquals(new ImageSize(8, 8), model.nativeSize());
        }
        edit("model_index.json", json -> json.addProperty("force_zeros_for_empty_prompt", false));
        try (DiffusionModel model = open(folder.toString());
                NDManager scope = model.manager().newSubManager()) {
            assertTrue(((Conditioning.Text) model.awayFrom("", SIZE, scope))
                            .encoderHiddenStates()
                            .abs()
                            .max()
                            .getFloat()
                    > 0);
        }
    }

    /** The first encoder's states before its last layer come first, and without the last norm. */
    @Test
    void xlsStatesAreThoseBeforeTheLastLayer() throws IOException {
        TinyFamilies.xl(folder);
        try (DiffusionModel model = open(folder.toString());
                NDManager scope = model.manager().newSubManager()) {
            final NDArray told = ((Conditioning.Text) model.towards("a cat", SIZE, scope)).encoderHiddenStates();
            final Components components = new Components(DiffusersFolder.open(folder));
            try (OwnedResources resources = new OwnedResources()) {
                final TextEncoderPart part =
                        new TextEncoderPart(components, "text_encoder", "tokenizer", "CLIPTextModel", resources);
                final palindrome.network.CLIPTextModel encoder = resources.own(part.plain(scope));
                final long[] ids = part.tokenizer().encode("a cat").ids();
                final NDArray expected = encoder.hiddenState(
                        Tensors.of(scope, ids, 1, ids.length), encoder.config().numHiddenLayers() - 1);
                assertArrayEquals(expected.toFloatArray(), told.get(":, :, :32").toFloatArray());
            }
        }
    }

    @Test
    void partsOfXlHaveToFit() throws IOException {
        TinyFamilies.xl(folder);
        edit("text_encoder_2/config.json", json -> json.addProperty("projection_dim", 21));
        assertRefused("projection_class_embeddings_input_dim = 68, but pooled text and six sizes are 69 wide");
        edit("text_encoder_2/config.json", json -> json.addProperty("hidden_size", 27));
        assertRefused("the text encoders are 59 wide together");
        edit("model_index.json", json -> json.remove("text_encoder"));
        assertRefused("refiners, which have only the second, are not supported");
    }

    @Test
    void anInpaintingNetworkSeesAMaskOverEverythingAndNoImage() throws IOException {
        TinyFamilies.withUnet(folder, Map.of("in_channels", 25));
        try (DiffusionModel model = open(folder.toString());
                NDManager scope = model.manager().newSubManager()) {
            assertEquals(12, model.stateChannels());
            assertEquals(3, model.imageChannels());
            final float[] values = new float[12 * 4 * 6];
            for (int i = 0; i < values.length; i++) values[i] = (float) Math.sin(i);
            final NDArray sample = Tensors.of(scope, values, 1, 12, 4, 6);
            final NDArray time = Tensors.of(scope, new float[] {500}, 1);
            final Conditioning told = model.towards("a cat", SIZE, scope);
            final float[] all = new float[25 * 4 * 6];
            System.arraycopy(values, 0, all, 0, values.length);
            java.util.Arrays.fill(all, values.length, values.length + 4 * 6, 1);
            assertArrayEquals(
                    model.unet()
                            .forward(Tensors.of(scope, all, 1, 25, 4, 6), time, told)
                            .toFloatArray(),
                    model.network().forward(sample, time, told).toFloatArray());
        }
    }

    @Test
    void whatIsNoDenoiserIsNamed() throws IOException {
        assertRefusedWith(Map.of("in_channels", 24), "it takes a second image, as InstructPix2Pix does");
        assertRefusedWith(Map.of("out_channels", 24), "it also predicts a variance");
        assertRefusedWith(Map.of("in_channels", 13), "neither a denoiser (as many) nor one for inpainting");
        assertRefusedWith(Map.of("num_class_embeds", 4), "takes a class label (class_embed_type or num_class_embeds)");
    }

    private void assertRefusedWith(final Map<String, Object> keys, final String part) throws IOException {
        final Path model = Files.createTempDirectory(folder, "unet");
        TinyFamilies.withUnet(model, keys);
        assertRefused(part, model.toString());
    }

    @Test
    void classNamesHaveToBeNames() throws IOException {
        TinyFamilies.ofClasses(folder);
        edit("model_index.json", json -> json.getAsJsonObject("id2label").addProperty("x", "cat"));
        assertRefused("has \"x\": \"cat\", which is no class number with its name");
        edit("model_index.json", json -> json.addProperty("id2label", 3));
        assertRefused("id2label");
        edit("model_index.json", json -> json.remove("id2label"));
        edit("unet/config.json", json -> json.addProperty("class_embed_type", "identity"));
        assertRefused("class labels that are numbers or vectors");
    }

    @Test
    void aFolderOfOneComponentIsNoModel() throws IOException {
        TinyModel.write(folder);
        assertRefused("is not a whole model", folder.resolve("unet").toString());
        assertRefused("it has no model_index.json", folder.resolve("tokenizer").toString());
    }

    @Test
    void aSchedulerMayBeMissingWhereTheUNetIsAlone() throws IOException {
        TinyFamilies.unconditionalAtRoot(folder);
        Files.delete(folder.resolve("scheduler_config.json"));
        try (DiffusionModel model = open(folder.toString())) {
            assertEquals(1000, model.scheduler().numTrainTimesteps());
            assertTrue(model.scheduler().notes().get(0).startsWith("The scheduler is not named"));
        }
        TinyModel.write(Files.createDirectory(folder.resolve("text")));
        Files.delete(folder.resolve("text/scheduler/scheduler_config.json"));
        assertRefused("scheduler_config.json is missing", folder.resolve("text").toString());
    }

    @Test
    void aVariantIsNamedAfterTheFolder() throws IOException {
        TinyModel.write(folder);
        final Path plain = folder.resolve(WEIGHTS + ".safetensors");
        final Path half = folder.resolve(WEIGHTS + ".fp16.safetensors");
        Files.copy(plain, half);
        TinyModel.writeUnet(folder, Map.of());
        final String zeros = hash(folder.toString());
        final String drawn = hash(folder + "#fp16");
        assertTrue(!zeros.equals(drawn), "both are the plain weights");
        assertRefused("has no weights of the variant 'fp61'", folder + "#fp61");
        Files.delete(plain);
        assertEquals(drawn, hash(folder.toString()), "the only variant is not taken");
        Files.copy(half, folder.resolve(WEIGHTS + ".ema.safetensors"));
        assertRefused("name its variant after the model", folder.toString());
        assertEquals(drawn, hash(folder + "#fp16"));
    }

    @Test
    void aShardedVariantIsFound() throws IOException {
        TinyModel.write(folder);
        final String drawn = hash(folder.toString());
        final Path plain = folder.resolve(WEIGHTS + ".safetensors");
        final SafetensorsWriter first = new SafetensorsWriter();
        final SafetensorsWriter second = new SafetensorsWriter();
        final JsonObject map = new JsonObject();
        try (SafetensorsFile file = SafetensorsFile.open(plain)) {
            final List<String> names = List.copyOf(file.names());
            for (int i = 0; i < names.size(); i++) {
                final String name = names.get(i);
                final boolean early = i < names.size() / 2;
                (early ? first : second).tensor(name, file.floats(name), file.shape(name));
                map.addProperty(name, shard(early ? 1 : 2));
            }
        }
        Files.delete(plain);
        first.write(folder.resolve("unet").resolve(shard(1)));
        second.write(folder.resolve("unet").resolve(shard(2)));
        final JsonObject index = new JsonObject();
        index.add("weight_map", map);
        Files.writeString(folder.resolve(WEIGHTS + ".safetensors.index.fp16.json"), index.toString());
        final String sharded = hash(folder + "#fp16");
        assertEquals(sharded, hash(folder.toString()), "the only variant is not taken");
        assertTrue(!drawn.equals(sharded), "another file, another hash");
    }

    private static String shard(final int number) {
        return "diffusion_pytorch_model.fp16-0000" + number + "-of-00002.safetensors";
    }

    private void assertRefused(final String part) {
        assertRefused(part, folder.toString());
    }

    private static void assertRefused(final String part, final String model) {
        final ModelException exc =
                assertThrows(ModelException.class, () -> open(model).close());
        assertTrue(exc.getMessage().contains(part), exc.getMessage());
    }

    private static DiffusionModel open(final String model) throws IOException {
        return ModelCatalog.open(model, Device.cpu());
    }

    private static String hash(final String choice) throws IOException {
        try (DiffusionModel model = open(choice)) {
            return model.sha256();
        }
    }

    private void edit(final String file, final Consumer<JsonObject> edit) throws IOException {
        final JsonObject json = StrictJson.read(folder.resolve(file), 1 << 20);
        edit.accept(json);
        Files.writeString(folder.resolve(file), json.toString());
    }
}
