package palindrome.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepoIdTest {

    @Test
    void isWrittenAsInTheWebAddress() {
        final RepoId id = RepoId.parse(" stable-diffusion-v1-5/stable-diffusion-v1.5 ");
        assertEquals("main", id.revision());
        assertEquals("models--stable-diffusion-v1-5--stable-diffusion-v1.5", id.folderName());
        assertEquals(Optional.of(id), RepoId.ofFolder(id.folderName()));
        assertEquals("refs/pr/3", RepoId.parse("a/b@refs/pr/3").revision());
        assertEquals("a/b@refs/pr/3", RepoId.parse("a/b@refs/pr/3").toString());
        assertEquals("a/b", RepoId.parse("a/b@main").toString());
    }

    /** None of these may become a place on the disk. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a/",
                "/a",
                "a/b/c",
                "../b",
                "a/..",
                "./a",
                "a--b/c",
                "a/b.git",
                "a/-b",
                "a/b-",
                "a b/c",
                "a/b@",
                "a/b@../../x",
                "a/b@/x",
                "a/b@x/",
                "a/b@.x",
                "a\\b/c",
                "C:/b",
                "~/b",
                "a/b@x@y",
                "\u00e4/b"
            })
    void whatIsNone(final String text) {
        assertThrows(IllegalArgumentException.class, () -> RepoId.parse(text));
        assertEquals(Optional.empty(), RepoId.find(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"models--gpt2", "datasets--a--b", "models--a--b--c", ".locks", "models--..--b", "version.txt"})
    void foldersThatHoldNone(final String folder) {
        assertEquals(Optional.empty(), RepoId.ofFolder(folder));
    }

    @Test
    void errorsSayWhatOneLooksLike() {
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> RepoId.parse("nuclei"))
                        .getMessage()
                        .equals(
                                "'nuclei' is no model of the hub: write owner/name or owner/name@revision, as in its web address."));
    }
}
