package palindrome.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.TorchEngine;
import palindrome.model.DiffusersFolder;
import palindrome.model.DiffusionModel;
import palindrome.model.SafetensorsFile;

/** The whole trainer on a tiny network and images of discs. */
class TrainingRunTest {

    private static final String WEIGHTS = "model/unet/diffusion_pytorch_model.safetensors";

    @TempDir
    private Path folder;

    private NucleiDataset data;

    @BeforeEach
    void drawImages() throws IOException {
        data = DiscImages.write(Files.createDirectories(folder.resolve("data")));
    }

    @Test
    void theLossFallsAndTheModelOpens() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                TrainingRun run = run(tiny(60), folder.resolve("run"), Optional.empty(), manager)) {
            final HeldBackLoss.Result untrained = run.train(() -> true, 1);
            final HeldBackLoss.Result trained = run.train(() -> false, 1);
            assertEquals(60, run.nextStep());
            assertTrue(trained.weighted() < 0.5 * untrained.weighted(), trained + " after " + untrained);
        }
        assertEquals(3, Files.readAllLines(folder.resolve("run/loss.csv")).size());
        try (DiffusionModel model =
                DiffusionModel.open(DiffusersFolder.open(folder.resolve("run/model")), Device.cpu())) {
            assertEquals(3, model.imageChannels());
        }
    }

    @Test
    void aResumedRunEndsWhereAnUnbrokenOneDoes() throws IOException {
        final float[] unbroken = trained("unbroken", 6);
        trained("resumed", 2);
        // NB: gradients of several threads are summed in any order; a lost step would differ by 1e-3.
        assertArrayEquals(unbroken, trained("resumed", 4), 1e-5f);
    }

    /** A network that has grown since begins where the smaller one ended: what is new starts as nothing. */
    @Test
    void aRunBeginsWithTheWeightsOfAnotherModel() throws IOException {
        final JsonObject smaller = tiny(100).unetJson().deepCopy();
        smaller.remove("addition_embed_type");
        final NucleiRecipe recipe = tiny(100);
        final NucleiRecipe before = new NucleiRecipe(
                smaller, recipe.textJson(), recipe.schedulerJson(), recipe.indexJson(), recipe.training());
        final HeldBackLoss.Result old;
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                TrainingRun run = run(before, folder.resolve("old"), Optional.empty(), manager)) {
            old = run.train(() -> run.nextStep() == 3, 1e9);
        }
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                TrainingRun run = run(
                        recipe,
                        folder.resolve("new"),
                        Optional.of(new PretrainedWeights(folder.resolve("old/model"))),
                        manager)) {
            assertEquals(0, run.nextStep());
            assertEquals(old, run.train(() -> true, 1e9));
        }
    }

    @Test
    void memoryDoesNotGrowFromStepToStep() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                TrainingRun run = run(tiny(100), folder.resolve("run"), Optional.empty(), manager)) {
            take(run, 2);
            final int before = manager.getManagedArrays().size();
            take(run, 4);
            assertEquals(before, manager.getManagedArrays().size());
        }
    }

    /** @return a tensor of the exported model after some more steps in a folder */
    private float[] trained(final String name, final int steps) throws IOException {
        final Path run = folder.resolve(name);
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                TrainingRun training = run(tiny(100), run, Optional.empty(), manager)) {
            take(training, steps);
        }
        try (SafetensorsFile file = SafetensorsFile.open(run.resolve(WEIGHTS))) {
            return file.floats("mid_block.resnets.0.conv1.weight");
        }
    }

    private TrainingRun run(
            final NucleiRecipe recipe,
            final Path output,
            final Optional<PretrainedWeights> beginning,
            final NDManager manager)
            throws IOException {
        return new TrainingRun(
                recipe.training(),
                new NucleiDenoiser(recipe, output.resolve("model"), beginning, manager),
                data,
                output,
                manager);
    }

    private static void take(final TrainingRun run, final int steps) throws IOException {
        final long end = run.nextStep() + steps;
        run.train(() -> run.nextStep() == end, 1e9);
    }

    private static NucleiRecipe tiny(final int steps) throws IOException {
        final NucleiRecipe nuclei = NucleiRecipe.load();
        final JsonObject unet = nuclei.unetJson().deepCopy();
        unet.add("block_out_channels", numbers(8, 16));
        unet.add("down_block_types", texts("DownBlock2D", "CrossAttnDownBlock2D"));
        unet.add("up_block_types", texts("CrossAttnUpBlock2D", "UpBlock2D"));
        return new NucleiRecipe(
                unet,
                nuclei.textJson(),
                nuclei.schedulerJson(),
                nuclei.indexJson(),
                new TrainingRecipe(
                        List.of(16, 24),
                        4,
                        0.5,
                        45,
                        170,
                        Map.of("fluorescence", 1.0),
                        2,
                        3e-3,
                        1e-3,
                        5,
                        steps,
                        0.9,
                        0.99,
                        0.01,
                        1,
                        0.9,
                        1,
                        0.1,
                        0.1,
                        5));
    }

    private static JsonArray numbers(final int... values) {
        final JsonArray array = new JsonArray();
        for (final int value : values) array.add(value);
        return array;
    }

    private static JsonArray texts(final String... values) {
        final JsonArray array = new JsonArray();
        for (final String value : values) array.add(value);
        return array;
    }
}
