package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@link ClipTokenizer} against the slow Python tokenizer. */
class ClipTokenizerTest {

    static final Path FIXTURE = Path.of("src/test/resources/reference", "clip_tokenizer");

    @TempDir
    Path folder;

    @Test
    void idsEqualThoseOfThePythonReference() throws IOException {
        final JsonArray cases = JsonParser.parseString(Files.readString(FIXTURE.resolve("case.json")))
                .getAsJsonObject()
                .getAsJsonArray("cases");
        assertEquals(40, cases.size());
        try (ClipTokenizer tokenizer = ClipTokenizer.open(FIXTURE)) {
            assertEquals(77, tokenizer.length());
            for (final JsonElement element : cases) {
                final JsonObject one = element.getAsJsonObject();
                final String text = one.get("text").getAsString();
                final long[] untruncated = ids(one, "ids_untruncated");
                final TokenIds actual = tokenizer.encode(text);
                assertArrayEquals(ids(one, "ids_77_padded"), actual.ids(), text);
                assertEquals(Math.max(0, untruncated.length - 77), actual.dropped(), text);
                assertEquals(Math.min(77, untruncated.length), actual.used(), text);
                final long[] tokens = tokenizer.tokens(text);
                assertEquals(untruncated.length - 2, tokens.length, text);
                for (int i = 0; i < tokens.length; i++) assertEquals(untruncated[i + 1], tokens[i], text);
            }
        }
    }

    @Test
    void specialTokensAreCutOutBeforeTheTextIsComposed() throws IOException {
        try (ClipTokenizer tokenizer = ClipTokenizer.open(FIXTURE)) {
            // U+0338 after '>' would compose to one character and hide the token.
            final long[] tokens = tokenizer.tokens("<|endoftext|>\u0338");
            assertEquals(849, tokens[0]);
        }
    }

    @Test
    void paddingFollowsTheMapOfSpecialTokensInOldFolders() throws IOException {
        copyFixture();
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"model_max_length\": 5, \"pad_token\": \"<|endoftext|>\"}");
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\": {\"content\": \"!\"}}");
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder)) {
            assertArrayEquals(
                    new long[] {848, 320, 849, 0, 0}, tokenizer.encode("a").ids());
            final TokenIds longer = tokenizer.encode("a a a a a");
            assertArrayEquals(new long[] {848, 320, 320, 320, 849}, longer.ids());
            assertEquals(2, longer.dropped());
        }
    }

    @Test
    void aFolderWithoutConfigurationTakesClipsDefaults() throws IOException {
        copyFixture();
        Files.delete(folder.resolve("tokenizer_config.json"));
        Files.delete(folder.resolve("special_tokens_map.json"));
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder)) {
            assertEquals(77, tokenizer.length());
            assertEquals(849, tokenizer.encode("").ids()[76]);
        }
    }

    @Test
    void aMissingOrDamagedFileIsNamed() throws IOException {
        copyFixture();
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\nq qq\n");
        assertMessage("do not fit together");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\nabc\n");
        assertMessage("line 2");
        Files.delete(folder.resolve("merges.txt"));
        assertMessage("merges.txt is missing");
        Files.writeString(folder.resolve("vocab.json"), "{\"a\": 1, \"a\": 2}");
        assertMessage("key 'a' twice");
        Files.writeString(folder.resolve("vocab.json"), "{\"a\": 1.5}");
        assertMessage("whole number");
        Files.writeString(folder.resolve("vocab.json"), "{\"a\": 1}");
        assertMessage("lacks the special token");
    }

    private void assertMessage(final String part) {
        final ModelException exc = assertThrows(
                ModelException.class, () -> ClipTokenizer.open(folder).close());
        assertTrue(exc.getMessage().contains(part), exc.getMessage());
    }

    private void copyFixture() throws IOException {
        for (final String name :
                new String[] {"vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"})
            Files.copy(FIXTURE.resolve(name), folder.resolve(name));
    }

    private static long[] ids(final JsonObject one, final String key) {
        return one.getAsJsonArray(key).asList().stream()
                .mapToLong(JsonElement::getAsLong)
                .toArray();
    }
}
