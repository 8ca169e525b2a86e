package palindrome.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.Placement;
import palindrome.engine.TorchEngine;
import palindrome.model.ControlNet;
import palindrome.model.DiffusionModel;
import palindrome.model.Lease;
import palindrome.model.ModelPool;
import palindrome.model.SafetensorsFile;
import palindrome.network.ControlNetModel;

/** The trainer of the ControlNet on a tiny model and images of discs. */
class ControlTrainingTest {

    private static final long BYTES_AT_MOST = 8_000_000;
    private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

    @TempDir
    private static Path folder;

    private static NucleiDataset data;
    private static Path model;

    @BeforeAll
    static void train() throws IOException {
        data = DiscImages.write(Files.createDirectories(folder.resolve("data")));
        model = model();
    }

    private static TrainingRecipe training(final int steps, final double rate) {
        return new TrainingRecipe(
                List.of(16, 24),
                4,
                0.5,
                45,
                170,
                Map.of("fluorescence", 1.0),
                2,
                rate,
                rate / 3,
                5,
                steps,
                0.9,
                0.99,
                0.01,
                1,
                0.9,
                2,
                0.1,
                0.1,
                5);
    }

    private static JsonObject tiny(final JsonObject config) {
        final JsonObject tiny = config.deepCopy();
        tiny.add("block_out_channels", JsonParser.parseString("[8, 16]"));
        tiny.add("down_block_types", JsonParser.parseString("['DownBlock2D', 'CrossAttnDownBlock2D']"));
        return tiny;
    }

    /** A model that has learned a little, so that there is something to steer. */
    private static Path model() throws IOException {
        final NucleiRecipe nuclei = NucleiRecipe.load();
        final JsonObject unet = tiny(nuclei.unetJson());
        unet.add("up_block_types", JsonParser.parseString("['CrossAttnUpBlock2D', 'UpBlock2D']"));
        final NucleiRecipe recipe = new NucleiRecipe(
                unet, nuclei.textJson(), nuclei.schedulerJson(), nuclei.indexJson(), training(30, 3e-3));
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                TrainingRun run = new TrainingRun(
                        recipe.training(),
                        new NucleiDenoiser(recipe, folder.resolve("model"), Optional.empty(), manager),
                        data,
                        folder.resolve("run"),
                        manager)) {
            run.train(() -> false, 1e9);
        }
        return folder.resolve("model");
    }

    private static ControlRecipe recipe(final int steps) throws IOException {
        final JsonObject config = tiny(ControlRecipe.load().configJson());
        config.add("conditioning_embedding_out_channels", JsonParser.parseString("[4, 8]"));
        return new ControlRecipe(config, training(steps, 6e-3));
    }

    private static TrainingRun run(final ControlRecipe recipe, final String output, final NDManager manager)
            throws IOException {
        final Path run = folder.resolve(output);
        return new TrainingRun(
                recipe.training(),
                new ControlDenoiser(recipe, model, run.resolve("controlnet"), manager),
                data,
                run,
                manager);
    }

    @Test
    void itBeginsAsNothingAndLearnsWhereNucleiAre() throws IOException {
        final byte[] before = Files.readAllBytes(model.resolve(ModelExport.UNET_WEIGHTS));
        final String last = Files.readAllLines(folder.resolve("run/loss.csv")).get(1);
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                TrainingRun run = run(recipe(50), "control", manager)) {
            final HeldBackLoss.Result untrained = run.train(() -> true, 1e9);
            assertEquals(Double.parseDouble(last.split(",")[2]), untrained.weighted(), 1e-5, "the model's own loss");
            final HeldBackLoss.Result trained = run.train(() -> false, 1e9);
            assertTrue(trained.weighted() < 0.8 * untrained.weighted(), trained + " after " + untrained);
        }
        assertArrayEquals(before, Files.readAllBytes(model.resolve(ModelExport.UNET_WEIGHTS)));
        try (Lease<DiffusionModel> lease = ModelPool.shared().lease(model.toString(), Placement.on(Device.cpu()));
                Lease<ControlNet> control = ModelPool.shared()
                        .leaseControlNet(folder.resolve("control/controlnet").toString(), lease.get())) {
            assertEquals(2, control.get().network().config().scale());
        }
        ModelPool.shared().releaseAll();
    }

    @Test
    void aResumedRunEndsWhereAnUnbrokenOneDoes() throws IOException {
        final float[] unbroken = trained("unbroken", 6);
        trained("resumed", 2);
        // NB: gradients of several threads are summed in any order, and weights are shipped in half precision
        assertArrayEquals(unbroken, trained("resumed", 4), 2e-4f);
    }

    private static float[] trained(final String output, final int steps) throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                TrainingRun run = run(recipe(100), output, manager)) {
            final long end = run.nextStep() + steps;
            run.train(() -> run.nextStep() == end, 1e9);
        }
        try (SafetensorsFile file = SafetensorsFile.open(
                folder.resolve(output).resolve("controlnet").resolve(WEIGHTS))) {
            return file.floats("controlnet_mid_block.weight");
        }
    }

    /** What is shipped is what the recipe makes, and small. */
    @Test
    void theBundledControlNetIsTheRecipes() throws Exception {
        final Path bundled = Path.of(NucleiRecipe.class
                        .getResource("/palindrome/models/nuclei/model_index.json")
                        .toURI())
                .resolveSibling("controlnet");
        final ControlRecipe recipe = ControlRecipe.load();
        assertEquals(recipe.configJson(), JsonParser.parseString(Files.readString(bundled.resolve("config.json"))));
        assertTrue(Files.size(bundled.resolve(WEIGHTS)) < BYTES_AT_MOST);
        try (SafetensorsFile weights = SafetensorsFile.open(bundled.resolve(WEIGHTS))) {
            assertEquals(ControlNetModel.parameterShapes(recipe.config()).keySet(), Set.copyOf(weights.names()));
        }
    }
}
