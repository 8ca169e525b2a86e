package palindrome.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same variables lead to the same places as in Hugging Face's own programs. */
class HubEnvironmentTest {

    @TempDir
    private Path home;

    private HubEnvironment with(final String... variables) {
        final Map<String, String> map = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) map.put(variables[i], variables[i + 1]);
        return new HubEnvironment(map, home);
    }

    @Test
    void cacheLiesWherePythonLooks() {
        assertEquals(home.resolve(".cache/huggingface/hub"), with().cache());
        assertEquals(Path.of("/h/.cache/huggingface/hub"), with("HOME", "/h").cache());
        assertEquals(Path.of("/x/huggingface/hub"), with("XDG_CACHE_HOME", "/x").cache());
        assertEquals(
                Path.of("/y/hub"), with("HF_HOME", "/y", "XDG_CACHE_HOME", "/x").cache());
        assertEquals(
                Path.of("/z"),
                with("HUGGINGFACE_HUB_CACHE", "/z", "HF_HOME", "/y").cache());
        assertEquals(
                Path.of("/w"),
                with("HF_HUB_CACHE", "/w", "HUGGINGFACE_HUB_CACHE", "/z").cache());
        assertEquals(
                Path.of("/h/models"),
                with("HF_HUB_CACHE", "~/models", "HOME", "/h").cache());
        assertEquals(
                Path.of("/scratch/me/hub"),
                with("HF_HOME", "$SCRATCH/${USER}", "SCRATCH", "/scratch", "USER", "me")
                        .cache());
        assertEquals(Path.of("/$NOWHERE"), with("HF_HUB_CACHE", "/$NOWHERE").cache());
        assertEquals(
                home.resolve(".cache/huggingface/hub"), with("HF_HOME", "  ").cache());
    }

    @Test
    void endpointIsTheHubUnlessAnotherIsNamed() throws HubException {
        assertEquals("https://huggingface.co", with().endpoint().toString());
        assertEquals(
                "https://mirror.lan/hf",
                with("HF_ENDPOINT", "https://mirror.lan/hf//").endpoint().toString());
        assertEquals(
                "http://localhost:8080",
                with("HF_ENDPOINT", "http://localhost:8080").endpoint().toString());
        for (final String wrong :
                new String[] {"mirror.lan", "ftp://mirror.lan", "https://", "https://u:p@m.lan", "a b"})
            assertTrue(assertThrows(
                            HubException.class, () -> with("HF_ENDPOINT", wrong).endpoint())
                    .getMessage()
                    .startsWith("HF_ENDPOINT is '" + wrong.replaceAll("/+$", "") + "', which is no web address"));
    }

    @Test
    void offlineIsHeeded() {
        assertFalse(with().offline());
        assertFalse(with("HF_HUB_OFFLINE", "0").offline());
        assertTrue(with("HF_HUB_OFFLINE", "1").offline());
        assertTrue(with("TRANSFORMERS_OFFLINE", "yes").offline());
    }

    @Test
    void tokenComesFromTheEnvironmentOrTheFileThatLoggingInLeaves() throws IOException {
        assertEquals(Optional.empty(), with().token().map(HubEnvironmentTest::sent));
        final Path file = home.resolve(".cache/huggingface/token");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "hf_file\n");
        assertEquals(Optional.of("Bearer hf_file"), with().token().map(HubEnvironmentTest::sent));
        assertEquals(
                Optional.of("Bearer hf_old"),
                with("HUGGING_FACE_HUB_TOKEN", "hf_old").token().map(HubEnvironmentTest::sent));
        assertEquals(
                Optional.of("Bearer hf_new"),
                with("HF_TOKEN", " hf_new ", "HUGGING_FACE_HUB_TOKEN", "hf_old")
                        .token()
                        .map(HubEnvironmentTest::sent));
        final Path other = Files.writeString(home.resolve("other"), "hf_other");
        assertEquals(
                Optional.of("Bearer hf_other"),
                with("HF_TOKEN_PATH", other.toString()).token().map(HubEnvironmentTest::sent));
        assertEquals(
                Optional.empty(),
                with("HF_TOKEN", "x", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token());
    }

    private static String sent(final HubToken token) {
        final HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://x.y"));
        token.authorize(request);
        return request.build().headers().firstValue("Authorization").orElseThrow();
    }
}
