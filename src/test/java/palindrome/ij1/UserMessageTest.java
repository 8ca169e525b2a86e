package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class UserMessageTest {

    private static final class OwnException extends RuntimeException {

        OwnException() {
            super("The numbers outgrew the lattice: use fewer steps.");
        }
    }

    @Test
    void foreseenFailuresSpeakForThemselves() {
        assertEquals("The numbers outgrew the lattice: use fewer steps.", UserMessage.of(new OwnException()));
        assertEquals(
                "The folder is gone.",
                UserMessage.of(new UncheckedIOException(new FileNotFoundException("The folder is gone."))));
        assertTrue(UserMessage.isForeseen(new IllegalArgumentException("Gamma is '2'.")));
    }

    @Test
    void unforeseenOnesAreNamed() {
        assertFalse(UserMessage.isForeseen(new NullPointerException("x is null")));
        assertFalse(UserMessage.isForeseen(new IllegalArgumentException()));
        assertEquals(
                "Stopped by an internal error (java.lang.NullPointerException: x is null); the log has the details.",
                UserMessage.of(new NullPointerException("x is null")));
    }

    @Test
    void whatFillsTheMemoryNeedsNoStackTrace() {
        final OutOfMemoryError error = new OutOfMemoryError("Java heap space");
        assertTrue(UserMessage.isForeseen(error));
        assertTrue(UserMessage.of(error).startsWith("ImageJ ran out of memory: "), UserMessage.of(error));
    }

    @Test
    void longSentencesAreBrokenBetweenWords() {
        final String sentence = "word ".repeat(50).strip();
        final String wrapped = UserMessage.wrap(sentence);
        assertEquals(sentence, wrapped.replace('\n', ' '));
        assertTrue(wrapped.lines().allMatch(line -> line.length() <= 80), wrapped);
        // sentences on lines of their own stay there
        assertEquals("Two words.\n" + wrapped, UserMessage.wrap("Two words.\n" + sentence));
    }
}
