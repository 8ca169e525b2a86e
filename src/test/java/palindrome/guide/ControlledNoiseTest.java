package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import palindrome.network.Conditioning;

/** Which network is asked at which node. */
class ControlledNoiseTest {

    private final List<String> asked = new ArrayList<>();

    private ContextNoise noise(final String name) {
        return new ContextNoise() {
            @Override
            public NDArray epsilon(final NDArray state, final int node, final Conditioning conditioning) {
                asked.add(name + " epsilon " + node);
                return null;
            }

            @Override
            public NDArray clean(final NDArray state, final int node, final Conditioning conditioning) {
                asked.add(name + " clean " + node);
                return null;
            }
        };
    }

    @Test
    void theNodeDecides() {
        final ControlledNoise both = new ControlledNoise(noise("free"), noise("controlled"), node -> node > 2);
        both.epsilon(null, 2, null);
        both.epsilon(null, 3, null);
        both.clean(null, 3, null);
        both.clean(null, 1, null);
        assertEquals(List.of("free epsilon 2", "controlled epsilon 3", "controlled clean 3", "free clean 1"), asked);
    }
}
