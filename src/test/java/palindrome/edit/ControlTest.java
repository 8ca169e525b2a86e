package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.image.ControlImage;
import palindrome.image.ControlKind;

/** Tests {@link Control}. */
class ControlTest {

    private static final ControlImage IMAGE =
            ControlImage.of(new ImagePlus("drawing", new ByteProcessor(4, 3)), ControlKind.LABELS);

    private static Control control(final double scale, final double start, final double end) {
        return new Control(IMAGE, "bundled", scale, start, end);
    }

    /** {@code controlnet_keep} of diffusers' pipelines, of which step 0 starts at pure noise. */
    @ParameterizedTest
    @CsvSource({
        "0, 1, 11111111",
        "0, 0.5, 11110000",
        "0.5, 1, 00001111",
        "0.3, 0.8, 00011100",
        "0.25, 0.75, 00111100",
        "0.5, 0.5, 00000000",
        "0.9, 1, 00000000"
    })
    void theWindowIsDiffusers(final double start, final double end, final String expected) {
        final int steps = expected.length();
        final int[] heard = IntStream.range(0, steps)
                .map(step -> control(0.7, start, end).isHeardAt(steps - step, steps) ? 1 : 0)
                .toArray();
        assertArrayEquals(expected.chars().map(c -> c - '0').toArray(), heard);
    }

    @Test
    void aScaleOfZeroIsNotHeard() {
        for (int node = 1; node <= 4; node++)
            assertEquals(false, control(0, 0, 1).isHeardAt(node, 4));
    }

    @ParameterizedTest
    @CsvSource({"-0.1, 0, 1", "NaN, 0, 1", "Infinity, 0, 1", "1, -0.1, 1", "1, 0, 1.1", "1, 0.6, 0.5", "1, NaN, 1"})
    void numbersOutOfRangeAreRefused(final double scale, final double start, final double end) {
        assertThrows(IllegalArgumentException.class, () -> control(scale, start, end));
    }
}
