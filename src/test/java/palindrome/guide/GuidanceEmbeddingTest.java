package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The formula of diffusers' get_guidance_scale_embedding, written out for small widths. */
class GuidanceEmbeddingTest {

    @Test
    void followsTheFormula() {
        assertArrayEquals(new float[] {0, 0, 0, 1, 1, 1}, GuidanceEmbedding.of(1, 6));
        final float[] vector = GuidanceEmbedding.of(7.5, 7);
        final double[] frequencies = {1, 0.01, 0.0001};
        for (int i = 0; i < 3; i++) {
            assertEquals(Math.sin(6500 * frequencies[i]), vector[i], 1e-6);
            assertEquals(Math.cos(6500 * frequencies[i]), vector[3 + i], 1e-6);
        }
        assertEquals(0, vector[6]);
    }
}
