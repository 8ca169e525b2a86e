package palindrome.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.model.ClipTokenizer;
import palindrome.model.TokenIds;

/** Tests {@link CaptionVocabulary} through the tokenizer that reads it. */
class CaptionVocabularyTest {

    @TempDir
    Path folder;

    @Test
    void everyCaptionWordIsOneTokenOfItsOwn() throws IOException {
        final CaptionVocabulary vocabulary = new CaptionVocabulary(CaptionVocabulary.CAPTION_WORDS);
        vocabulary.save(folder);
        final Set<Long> seen = new HashSet<>();
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder)) {
            assertEquals(16, tokenizer.length());
            for (final String word : CaptionVocabulary.CAPTION_WORDS) {
                final TokenIds ids = tokenizer.encode(word);
                assertEquals(3, ids.used(), word);
                final long id = ids.ids()[1];
                assertTrue(id < vocabulary.size() && seen.add(id), word);
            }
            final TokenIds caption = tokenizer.encode("Fluorescence microscopy image of many small dim nuclei");
            assertEquals(10, caption.used());
            assertEquals(vocabulary.startId(), caption.ids()[0]);
            final long[] padding = new long[7];
            Arrays.fill(padding, vocabulary.endId());
            assertArrayEquals(padding, Arrays.copyOfRange(caption.ids(), 9, 16));
        }
    }

    @Test
    void otherTextFallsBackToPieces() throws IOException {
        final CaptionVocabulary vocabulary = new CaptionVocabulary(List.of("cell", "cells"));
        vocabulary.save(folder);
        assertEquals(512 + 5 + 2, vocabulary.size());
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder)) {
            assertEquals(2 + 2, tokenizer.encode("zcell").used());
            assertEquals(2 + 2, tokenizer.encode("\u00e9").used());
            assertEquals(0, tokenizer.encode("\u00e9").dropped());
        }
    }

    @Test
    void onlyPlainWordsAreTaken() {
        assertThrows(IllegalArgumentException.class, () -> new CaptionVocabulary(List.of("two words")));
    }
}
