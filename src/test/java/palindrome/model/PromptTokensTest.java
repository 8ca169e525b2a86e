package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Words and their tokens, against the original code's {@code get_word_inds} and against the parts the encoder reads. */
class PromptTokensTest {

    private static ClipTokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        tokenizer = ClipTokenizer.open(ClipTokenizerTest.FIXTURE);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void placesOfWordsAreThoseOfTheOriginal() throws IOException {
        int words = 0;
        for (final JsonElement element : JsonParser.parseString(
                        Files.readString(Path.of("src/test/resources/reference/p2p_mappers/case.json")))
                .getAsJsonObject()
                .getAsJsonArray("cases")) {
            final JsonObject one = element.getAsJsonObject();
            for (int p = 0; p < 2; p++) {
                final PromptTokens prompt =
                        tokenizer.words(one.getAsJsonArray("prompts").get(p).getAsString());
                assertArrayEquals(
                        one.getAsJsonArray("ids").get(p).getAsJsonArray().asList().stream()
                                .mapToLong(JsonElement::getAsLong)
                                .toArray(),
                        prompt.ids());
                final List<JsonElement> expected = one.getAsJsonArray("word_inds_per_word")
                        .get(p)
                        .getAsJsonArray()
                        .asList();
                assertEquals(expected.size(), prompt.words().size());
                for (int i = 0; i < expected.size(); i++, words++)
                    assertEquals(
                            expected.get(i).getAsJsonArray().asList().stream()
                                    .map(JsonElement::getAsInt)
                                    .toList(),
                            prompt.places(i));
            }
        }
        assertTrue(words > 100, words + " words");
    }

    /** For every text of the tokenizer's fixture, the places hold the tokens that the encoder reads there. */
    @Test
    void tokensStandWhereTheEncoderReadsThem() throws IOException {
        final List<JsonElement> cases = JsonParser.parseString(
                        Files.readString(ClipTokenizerTest.FIXTURE.resolve("case.json")))
                .getAsJsonObject()
                .getAsJsonArray("cases")
                .asList();
        for (final JsonElement element : cases)
            assertPlaces(element.getAsJsonObject().get("text").getAsString());
        for (final int count : new int[] {0, 1, 74, 75, 76, 149, 150, 151, 400}) assertPlaces("cat ".repeat(count));
    }

    private static void assertPlaces(final String text) {
        final PromptTokens prompt = tokenizer.words(text);
        final long[] read = tokenizer.chunks(text).stream()
                .flatMapToLong(part -> java.util.Arrays.stream(part.ids()))
                .toArray();
        assertEquals(read.length, prompt.length(), text);
        final long[] ids = prompt.ids();
        for (int i = 0; i < ids.length; i++) assertEquals(ids[i], read[prompt.place(i)], text + " at " + i);
        assertArrayEquals(
                java.util.Arrays.stream(ids, 1, ids.length - 1).toArray(),
                IntStream.range(0, prompt.words().size())
                        .flatMap(word -> prompt.places(word).stream().mapToInt(Integer::intValue))
                        .mapToLong(place -> read[place])
                        .toArray(),
                text);
    }

    @Test
    void wordsAreFoundWhateverTheirCaseAndPunctuation() {
        final PromptTokens prompt = tokenizer.words("A red  Car, a (blue) cat's car!");
        assertEquals(List.of("A", "red", "Car,", "a", "(blue)", "cat's", "car!"), prompt.words());
        assertEquals(List.of(2, 6), prompt.find("car"));
        assertEquals(List.of(0, 3), prompt.find("a"));
        assertEquals(List.of(4), prompt.find("Blue"));
        assertEquals(List.of(5), prompt.find("cat's"));
        assertEquals(List.of(), prompt.find("cat"));
        assertEquals("A red  Car, a (blue) cat's car!", prompt.toString());
    }
}
