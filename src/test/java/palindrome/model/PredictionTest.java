package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.sampler.PredictionType;

/** Tests how it is found out what a network predicts, and what is remembered of files. */
class PredictionTest {

    @TempDir
    Path temp;

    /** A checkpoint that does not say it, with small files. */
    private Checkpoint open(final Path folder) throws IOException {
        return new ForwardingCheckpoint(DiffusersFolder.open(folder)) {

            @Override
            public boolean leavesPredictionTypeOpen() {
                return true;
            }
        };
    }

    @Test
    void itIsAskedForOnceAndRememberedByHash() throws IOException {
        final Path folder = TinyModel.write(Files.createDirectory(temp.resolve("tiny")));
        final RememberedPredictions remembered = RememberedPredictions.in(temp.resolve("settings"));
        final ModelChoice choice = ModelChoice.parse(folder.toString());
        final PredictionOpenException open = assertThrows(
                PredictionOpenException.class, () -> ModelCatalog.stated(open(folder), choice, remembered));
        assertTrue(open.getMessage().contains("prediction=v"), open.getMessage());
        assertEquals("v_prediction", stated(folder, choice.with(PredictionType.V_PREDICTION), remembered));
        // What a macro says holds for that run; what the user answers is kept.
        assertThrows(PredictionOpenException.class, () -> ModelCatalog.stated(open(folder), choice, remembered));
        remembered.remember(ModelCatalog.fileHash(DiffusersFolder.open(folder)), PredictionType.EPSILON);
        final RememberedPredictions later = RememberedPredictions.in(temp.resolve("settings"));
        assertEquals("epsilon", stated(folder, choice, later));
        final Path moved = TinyModel.write(Files.createDirectory(temp.resolve("moved")));
        assertEquals("epsilon", stated(moved, ModelChoice.parse(moved.toString()), later));
        TinyModel.writeUnet(moved, java.util.Map.of());
        assertThrows(PredictionOpenException.class, () -> ModelCatalog.stated(open(moved), choice, later));
    }

    private String stated(final Path folder, final ModelChoice choice, final RememberedPredictions remembered)
            throws IOException {
        final Checkpoint checkpoint = ModelCatalog.stated(open(folder), choice, remembered);
        final JsonObject config = checkpoint.config("scheduler", "scheduler_config.json");
        SchedulerConfig.fromJson(config);
        return config.get("prediction_type").getAsString();
    }

    @Test
    void damagedSettingsCountAsEmptyAndAreMadeAnew() throws IOException {
        final Path folder = Files.createDirectory(temp.resolve("settings"));
        Files.writeString(folder.resolve("predictions.json"), "{\"x\": 3, ");
        final RememberedPredictions remembered = RememberedPredictions.in(folder);
        assertEquals(Optional.empty(), remembered.get("x"));
        remembered.remember("y", PredictionType.V_PREDICTION);
        assertEquals(Optional.of(PredictionType.V_PREDICTION), remembered.get("y"));
        Files.writeString(folder.resolve("predictions.json"), "{\"x\": \"score\", \"y\": {}}");
        assertEquals(Optional.empty(), remembered.get("x"));
        assertEquals(Optional.empty(), remembered.get("y"));
    }

    @Test
    void hashesOfLargeFilesAreRememberedUntilTheyChange() throws IOException {
        final FileStamp large = new FileStamp(temp.resolve("a"), 1L << 30, 5);
        final FileStamp small = new FileStamp(temp.resolve("a"), 1L << 20, 5);
        final RememberedHashes hashes = RememberedHashes.in(temp);
        final String hash = "0123456789abcdef".repeat(4);
        hashes.remember(List.of(large), "", hash);
        hashes.remember(List.of(small), "", hash);
        assertEquals(Optional.of(hash), RememberedHashes.in(temp).get(List.of(large), ""));
        assertEquals(Optional.empty(), hashes.get(List.of(small), ""));
        assertEquals(Optional.empty(), hashes.get(List.of(large), "lora 1.0\n"));
        assertEquals(Optional.empty(), hashes.get(List.of(new FileStamp(temp.resolve("a"), 1L << 30, 6)), ""));
    }

    @Test
    void aChoiceIsReadAsItIsWritten() throws IOException {
        for (final String text : List.of(
                "bundled",
                "bundled | prediction=v",
                "m | vae=/a b/vae.safetensors | lora=/z:1.0",
                "m | vae=/vae#fp16",
                "/a b/c.safetensors | lora=/x y.safetensors:0.8;/z:1.0 | prediction=sample"))
            assertEquals(text, ModelChoice.parse(text).toString());
        assertTrue(ModelChoice.parse("bundled | lora=x")
                .lasting()
                .loras()
                .get(0)
                .file()
                .isAbsolute());
        assertThrows(ModelException.class, () -> ModelChoice.parse(" "));
        assertThrows(ModelException.class, () -> ModelChoice.parse("m | lara=x"));
        assertThrows(ModelException.class, () -> ModelChoice.parse("m | prediction=noise"));
        assertThrows(IllegalArgumentException.class, () -> new LoraChoice(temp, Double.NaN));
    }
}
