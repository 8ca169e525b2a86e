package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.model.SafetensorsWriter;
import palindrome.model.TinyModel;
import palindrome.sampler.PredictionType;

/** Tests {@link ModelWords} and what {@link OpenedModel} makes of them. */
class ModelWordsTest {

    @TempDir
    Path temp;

    @Test
    void aRecordOpensTheSameModelWithItsLoraAndPrediction() throws IOException {
        final String folder =
                TinyModel.write(Files.createDirectory(temp.resolve("tiny"))).toString();
        final Path lora = temp.resolve("l.safetensors");
        final float[] ones = new float[48];
        java.util.Arrays.fill(ones, 1);
        new SafetensorsWriter()
                .tensor("unet.mid_block.attentions.0.proj_in.lora_A.weight", ones, 3, 16)
                .tensor("unet.mid_block.attentions.0.proj_in.lora_B.weight", ones, 16, 3)
                .write(lora);
        final String words = ModelWords.of(folder, "", lora + ":0.5", "v");
        try (OpenedModel plain = OpenedModel.open(folder, "cpu", Progress.NONE);
                OpenedModel changed = OpenedModel.open(words, "cpu", Progress.NONE);
                OpenedModel again = OpenedModel.open(changed.choice(), "cpu", Progress.NONE)) {
            assertEquals(folder, plain.choice());
            assertEquals(words, changed.choice());
            assertSame(changed.model(), again.model());
            assertNotEquals(plain.sha256(), changed.sha256());
            assertEquals(PredictionType.EPSILON, plain.model().scheduler().predictionType());
            assertEquals(
                    PredictionType.V_PREDICTION, changed.model().scheduler().predictionType());
        }
    }

    @Test
    void wrongWordsAreNamed() {
        final IllegalArgumentException exc =
                assertThrows(IllegalArgumentException.class, () -> ModelWords.of("bundled", "", "", "noise"));
        assertTrue(exc.getMessage().contains("'prediction' is 'noise'"), exc.getMessage());
        assertThrows(IOException.class, () -> ModelWords.of(" ", "", "", "auto"));
    }
}
