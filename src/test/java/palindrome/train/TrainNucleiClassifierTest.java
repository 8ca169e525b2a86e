package palindrome.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.TorchEngine;
import palindrome.model.DiffusersFolder;
import palindrome.model.SafetensorsFile;
import palindrome.network.CaptionClassifier;

/** The trainer of the classifier on a tiny one and images of discs. */
class TrainNucleiClassifierTest {

    private static final int PARAMETERS_AT_MOST = 400_000;

    @TempDir
    private Path folder;

    private NucleiDataset data;

    @BeforeEach
    void drawImages() throws IOException {
        data = DiscImages.write(Files.createDirectories(folder.resolve("data")));
    }

    private static ClassifierRecipe tiny(final int steps) throws IOException {
        final JsonObject config = ClassifierRecipe.load().configJson().deepCopy();
        config.add("block_out_channels", JsonParser.parseString("[8, 16]"));
        return new ClassifierRecipe(
                config,
                new TrainingRecipe(
                        List.of(16),
                        16,
                        0.5,
                        45,
                        170,
                        Map.of("fluorescence", 1.0),
                        2,
                        1e-2,
                        1e-3,
                        5,
                        steps,
                        0.9,
                        0.99,
                        0.01,
                        1,
                        0.9,
                        1,
                        0,
                        0,
                        1));
    }

    private List<ClassifierAccuracy.Row> train(final int steps, final Path output) throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            return TrainNucleiClassifier.train(tiny(steps), NucleiRecipe.load().scheduler(), data, output, 1, manager);
        }
    }

    private static double modality(final List<ClassifierAccuracy.Row> rows) {
        return rows.stream()
                .filter(row -> row.attribute().equals("modality"))
                .mapToDouble(ClassifierAccuracy.Row::accuracy)
                .average()
                .orElseThrow();
    }

    /** All discs are fluorescence, which its first weights do not know. */
    @Test
    void itLearnsAndWritesWhatAModelTakes() throws IOException {
        assertTrue(modality(train(0, folder.resolve("untrained"))) < 0.5);
        final List<ClassifierAccuracy.Row> rows = train(40, folder.resolve("run"));
        assertEquals(1, modality(rows), 0.01);
        assertEquals(
                rows.size() + 1,
                Files.readAllLines(folder.resolve("run/accuracy.csv")).size());
        try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve("run/classifier/model.safetensors"))) {
            assertEquals(CaptionClassifier.parameterShapes(tiny(0).config()).keySet(), Set.copyOf(weights.names()));
        }
    }

    @Test
    void theLossFallsAndMemoryDoesNotGrow() throws IOException {
        final ClassifierRecipe recipe = tiny(40);
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                Objective objective =
                        new Objective(NucleiRecipe.load().scheduler().predictionType(), recipe.training())) {
            final Map<String, TrainedParameter> parameters = TrainedParameter.startingAt(
                    FreshWeights.draw(CaptionClassifier.parameterShapes(recipe.config()), manager, new Random(1)));
            try (CaptionClassifier classifier = new CaptionClassifier(
                            recipe.config(),
                            new ArrayWeights(TrainedParameter.arrays(parameters, TrainedParameter::weight)));
                    ClassifierTrainer trainer = new ClassifierTrainer(
                            recipe.training(),
                            new CropSampler(data.training(), recipe.training()),
                            NucleiRecipe.load().scheduler().schedule(),
                            objective,
                            classifier,
                            parameters.values())) {
                final double first = trainer.step(0, manager);
                final int before = manager.getManagedArrays().size();
                double last = first;
                for (int step = 1; step < 40; step++) last = trainer.step(step, manager);
                assertEquals(before, manager.getManagedArrays().size());
                assertTrue(last < 0.7 * first, "loss " + last + " after " + first);
            }
        }
    }

    @Test
    void captionsAreClasses() {
        final CaptionLabels labels = new CaptionLabels(
                Map.of("number", List.of("few", "some", "many"), "brightness", List.of("dim", "bright")));
        final Caption caption = new Caption("histology", "many", "small", "dim");
        assertEquals(2, labels.index("number", caption));
        assertEquals(0, labels.index("brightness", caption));
        assertThrows(IllegalArgumentException.class, () -> new CaptionLabels(Map.of("size", List.of("tiny", "huge")))
                .index("size", caption));
    }

    @Test
    void theRecipesClassifierIsSmallAndKnowsAllWordsOfCaptions() throws IOException {
        final ClassifierRecipe recipe = ClassifierRecipe.load();
        final long parameters = CaptionClassifier.parameterShapes(recipe.config()).values().stream()
                .mapToLong(Shape::size)
                .sum();
        assertTrue(parameters <= PARAMETERS_AT_MOST, parameters + " parameters");
        final CaptionLabels labels = new CaptionLabels(recipe.config().attributes());
        for (final String modality : List.of("fluorescence", "brightfield", "histology"))
            for (final double density : new double[] {1, 60, 500})
                for (final double area : new double[] {10, 100, 1000})
                    for (final double level : new double[] {10, 200})
                        for (final String attribute : labels.attributes().keySet())
                            labels.index(attribute, Caption.of(modality, density, area, level));
    }

    /** What is shipped is what the recipe makes. */
    @Test
    void theBundledClassifierIsTheRecipes() throws Exception {
        final Path bundled = Path.of(NucleiRecipe.class
                        .getResource("/palindrome/models/nuclei/model_index.json")
                        .toURI())
                .getParent();
        assertEquals(
                ClassifierRecipe.load().configJson(),
                DiffusersFolder.open(bundled).config("classifier", "config.json"));
        assertTrue(Files.size(bundled.resolve("classifier/model.safetensors")) <= 2_000_000);
    }
}
