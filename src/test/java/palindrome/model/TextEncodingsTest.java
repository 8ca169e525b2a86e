package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextEncodingsTest {

    private final List<String> encoded = new ArrayList<>();

    private final TextEncodings encodings = new TextEncodings(prompt -> {
        encoded.add(prompt);
        return new ArrayList<>();
    });

    @Test
    void aPromptIsEncodedOnce() {
        final List<HostArray> cat = encodings.of("a cat");
        encodings.of("");
        assertSame(cat, encodings.of("a cat"));
        encodings.of("");
        assertEquals(List.of("a cat", ""), encoded);
    }

    @Test
    void theLastOnesUsedAreRemembered() {
        for (int i = 0; i < 64; i++) encodings.of("cat " + i);
        encodings.of("cat 0");
        encodings.of("one more");
        encodings.of("cat 0");
        assertEquals(65, encoded.size(), "the one used last was forgotten");
        encodings.of("cat 1");
        assertEquals("cat 1", encoded.get(65), "the one not used for longest was kept");
    }
}
