package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.guide.GuidedNoise;
import palindrome.network.Conditioning;

/** Prompts of more than 75 tokens: part by part, nothing is left out. */
class LongPromptTest {

    private static final ImageSize SIZE = new ImageSize(64, 64);
    private static final String FIRST = "a ".repeat(75);

    @TempDir
    private Path folder;

    private DiffusionModel model;
    private NDManager scope;

    @BeforeEach
    void open() throws IOException {
        model = DiffusionModel.open(DiffusersFolder.open(TinyModel.writeLatent(folder)), Device.cpu());
        scope = model.manager().newSubManager();
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static NDArray states(final Conditioning told) {
        return ((Conditioning.Text) told).encoderHiddenStates();
    }

    private float[] states(final String prompt) {
        return states(model.towards(prompt, SIZE, scope)).toFloatArray();
    }

    @Test
    void thePartsFollowEachOther() {
        final NDArray both = states(model.towards(FIRST + "cat chair", SIZE, scope));
        assertEquals(new Shape(1, 2 * 77, 32), both.getShape());
        assertArrayEquals(states(FIRST), both.get(":, :77").toFloatArray());
        assertArrayEquals(states("cat chair"), both.get(":, 77:").toFloatArray());
    }

    @Test
    void whatComesLateCounts() {
        assertFalse(Arrays.equals(states(FIRST + "cat"), states(FIRST + "chair")));
        assertEquals(77 * 32, states(FIRST).length);
        assertEquals(4 * 77 * 32, states("a ".repeat(3 * 75 + 1)).length);
    }

    @Test
    void theOtherPromptIsMadeAsLong() {
        for (final boolean negativeIsLong : List.of(true, false)) {
            final String longer = FIRST.repeat(2) + "cat";
            final GuidedNoise.Prompts prompts = GuidedNoise.Prompts.of(
                    model, negativeIsLong ? "chair" : longer, negativeIsLong ? longer : "chair", 3, SIZE, scope);
            final NDArray padded = states(negativeIsLong ? prompts.positive() : prompts.negative());
            final NDArray whole = states(negativeIsLong ? prompts.negative() : prompts.positive());
            assertEquals(whole.getShape(), padded.getShape());
            assertArrayEquals(states("chair"), padded.get(":, :77").toFloatArray());
            assertArrayEquals(states(""), padded.get(":, 77:154").toFloatArray());
            assertArrayEquals(states(""), padded.get(":, 154:").toFloatArray());
            assertArrayEquals(states(longer), whole.toFloatArray());
        }
    }
}
