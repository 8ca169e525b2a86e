package palindrome.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.model.ModelException;
import palindrome.model.TinyModel;

/** A cache as Python's programs leave it, with what else they keep there. */
class InstalledModelsTest {

    private static final String ONE = "1".repeat(40);
    private static final String TWO = "2".repeat(40);
    private static final String UNET = "unet/diffusion_pytorch_model.safetensors";

    @TempDir
    private Path home;

    private Path cache;
    private Path original;
    private InstalledModels models;

    @BeforeEach
    void fill() throws IOException {
        cache = home.resolve(".cache/huggingface/hub");
        original = TinyModel.write(home.resolve("original"));
        models = new InstalledModels(new HubEnvironment(Map.of(), home));
        final Path language = cache.resolve("models--meta--llama/snapshots/" + ONE);
        Files.createDirectories(language);
        Files.writeString(language.resolve("config.json"), "{\"architectures\": [\"LlamaForCausalLM\"]}");
        Files.createDirectories(cache.resolve("datasets--a--b/snapshots/" + ONE));
        Files.createDirectories(cache.resolve(".locks/models--a--b"));
        Files.writeString(cache.resolve("version.txt"), "1");
    }

    /** As {@code snapshot_download} does it: contents by hash, links by name. */
    private Path snapshot(final String repo, final String commit, final String ref) throws IOException {
        final Path folder = cache.resolve("models--" + repo.replace("/", "--"));
        final Path blobs = Files.createDirectories(folder.resolve("blobs"));
        final Path snapshot = folder.resolve("snapshots").resolve(commit);
        try (Stream<Path> files = Files.walk(original)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                final byte[] content = Files.readAllBytes(file);
                final Path blob = blobs.resolve(
                        file.toString().endsWith(".safetensors")
                                ? HubServer.sha256(content)
                                : HubServer.gitSha1(content));
                Files.write(blob, content);
                final Path link = snapshot.resolve(original.relativize(file).toString());
                Files.createDirectories(link.getParent());
                Files.createSymbolicLink(link, link.getParent().relativize(blob));
            }
        }
        final Path refs = folder.resolve("refs").resolve(ref);
        Files.createDirectories(refs.getParent());
        Files.writeString(refs, commit);
        return snapshot;
    }

    private List<String> cached() throws IOException {
        return models.list().stream()
                .filter(model -> model.source().equals("Hugging Face cache"))
                .map(model -> model.choice() + " " + model.state())
                .toList();
    }

    private String notFound(final String choice) {
        return assertThrows(ModelException.class, () -> models.locate(choice)).getMessage();
    }

    @Test
    void whatPythonDownloadedIsFound() throws IOException {
        final Path snapshot = snapshot("lab/cells", ONE, "main");
        assertEquals(List.of("lab/cells ready"), cached());
        assertEquals(snapshot.toString(), models.locate("lab/cells").path());
        assertEquals("lab/cells@" + ONE, models.locate(" lab/cells@main ").choice());
        assertEquals(snapshot.toString(), models.locate("lab/cells@" + ONE).path());
        assertTrue(models.verify("lab/cells", HubProgress.NONE).stream()
                .allMatch(check -> check.sound() && check.result().endsWith(" matches")));
    }

    @Test
    void bundledIsFirstAndKnownWithoutOpeningIt() throws IOException {
        final InstalledModel bundled = models.list().get(0);
        assertEquals("bundled", bundled.choice());
        assertEquals("PalindromePixelPipeline", bundled.contents());
        assertEquals("bsd-2-clause", bundled.licence());
        assertEquals(InstalledModel.READY, bundled.state());
        assertTrue(bundled.bytes() > 1_000_000, "" + bundled.bytes());
        assertTrue(models.verify("bundled", HubProgress.NONE).stream().allMatch(FileCheck::sound));
        assertEquals(new ModelPlace("bundled", "bundled"), models.locate("bundled"));
    }

    @Test
    void revisionsOfWhatIsHere() throws IOException {
        final Path one = snapshot("lab/cells", ONE, "main");
        final Path two = snapshot("lab/cells", TWO, "v2");
        assertEquals(one.toString(), models.locate("lab/cells").path());
        assertEquals(two.toString(), models.locate("lab/cells@v2").path());
        assertEquals(two.toString(), models.locate("lab/cells@2222222").path());
        assertEquals(List.of("lab/cells ready", "lab/cells@v2 ready"), cached());
        assertTrue(notFound("lab/cells@v3")
                .startsWith("The Hugging Face cache holds lab/cells, but not its revision 'v3'"));
        Files.delete(cache.resolve("models--lab--cells/refs/main"));
        assertTrue(notFound("lab/cells").contains("but not its revision 'main'"), "which of the two is not known");
        assertEquals("lab/cells@111111111111 ready", cached().get(0));
    }

    /** A ref that was tampered with, or written half, leads nowhere. */
    @Test
    void refsAreCommitsAndNothingElse() throws IOException {
        snapshot("lab/cells", ONE, "main");
        snapshot("lab/cells", TWO, "v2");
        for (final String text : List.of("", "111", "../../../../original", TWO.replace('2', '3'), "x".repeat(5000))) {
            Files.writeString(cache.resolve("models--lab--cells/refs/main"), text);
            assertTrue(notFound("lab/cells").contains("but not its revision 'main'"), text);
        }
    }

    /** A tag alone was downloaded: whoever writes no revision means that. */
    @Test
    void theOnlyRevisionNeedsNoName() throws IOException {
        final Path only = snapshot("lab/cells", ONE, "v1");
        assertEquals(only.toString(), models.locate("lab/cells").path());
        assertEquals(List.of("lab/cells@v1 ready"), cached());
    }

    @Test
    void halfOfAModelIsNone() throws IOException {
        final Path snapshot = snapshot("lab/cells", ONE, "main");
        final Path blob = snapshot.resolve(UNET).toRealPath();
        // cut off, then gone: a link that leads nowhere
        final byte[] content = Files.readAllBytes(blob);
        Files.write(blob, java.util.Arrays.copyOf(content, content.length / 2));
        assertTrue(cached().get(0).contains("is damaged: tensor"), cached().toString());
        Files.delete(blob);
        assertEquals(
                List.of("lab/cells lab/cells is incomplete: the unet has no diffusion_pytorch_model.safetensors."),
                cached());
        assertThrows(ModelException.class, () -> models.verify("lab/cells", HubProgress.NONE));
    }

    /** Windows without the right to make links: files in the snapshot itself, which name no hash. */
    @Test
    void cachesWithoutLinks() throws IOException {
        final Path snapshot = cache.resolve("models--lab--cells/snapshots/" + ONE);
        Files.createDirectories(snapshot.getParent());
        Files.move(original, snapshot);
        assertEquals(List.of("lab/cells@111111111111 ready"), cached());
        assertEquals(snapshot.toString(), models.locate("lab/cells").path());
        assertTrue(models.verify("lab/cells", HubProgress.NONE).stream()
                .allMatch(check -> check.sound() && check.result().equals("no hash to compare with; readable")));
    }

    @Test
    void pathsComeBeforeRepositoriesAndAbsentOnesSayHowToDownload() throws IOException {
        final Path relative = Path.of("src/test");
        assertEquals(new ModelPlace(relative.toAbsolutePath().toString(), "src/test"), models.locate("src/test"));
        assertEquals("/no/such", models.locate("/no/such").choice());
        final String message = notFound("lab/cells@v2");
        assertTrue(
                message.startsWith("There is neither a folder lab/cells@v2 nor such a model in the Hugging Face cache ("
                        + cache + ")"),
                message);
        assertTrue(message.endsWith("run Diffusion Models... with action=download model=lab/cells@v2."), message);
    }

    @Test
    void deletingOneRevisionKeepsWhatTheOtherNeeds() throws IOException {
        snapshot("lab/cells", ONE, "main");
        Files.writeString(original.resolve("scheduler/scheduler_config.json"), "{}");
        final Path two = snapshot("lab/cells", TWO, "v2");
        final Path repo = cache.resolve("models--lab--cells");
        final int before = Folders.list(repo.resolve("blobs")).size();
        assertTrue(models.cached("lab/cells@main").bytes() > 0);
        models.cached("lab/cells@main").delete(HubProgress.NONE);
        assertEquals(before - 1, Folders.list(repo.resolve("blobs")).size());
        assertEquals(List.of("lab/cells@v2 ready"), cached());
        assertFalse(Files.exists(repo.resolve("refs/main")));
        assertTrue(models.verify("lab/cells@v2", HubProgress.NONE).stream().allMatch(FileCheck::sound));
        assertTrue(Files.exists(two));
        assertThrows(ModelException.class, () -> models.cached("lab/cells@main"));
        models.cached("lab/cells").delete(HubProgress.NONE);
        assertFalse(Files.exists(repo));
        assertEquals(List.of(), cached());
        assertTrue(Files.exists(cache.resolve("models--meta--llama")), "nothing else is touched");
    }

    /** Links out of the cache are not followed when it is deleted. */
    @Test
    void deletingStaysInside() throws IOException {
        snapshot("lab/cells", ONE, "main");
        final Path precious = Files.createDirectories(home.resolve("precious"));
        Files.writeString(precious.resolve("thesis.txt"), "mine");
        Files.createSymbolicLink(cache.resolve("models--lab--cells/blobs/link"), precious);
        Files.createSymbolicLink(cache.resolve("models--lab--cells/snapshots/" + ONE + "/link"), precious);
        models.cached("lab/cells").delete(HubProgress.NONE);
        assertEquals("mine", Files.readString(precious.resolve("thesis.txt")));
    }

    @Test
    void whatTheUserAddedIsRememberedAndForgotten() throws IOException {
        final String choice = models.add(home.resolve("x/../original").toString());
        assertEquals(original.toString(), choice);
        models.add(choice);
        final InstalledModels later = new InstalledModels(new HubEnvironment(Map.of(), home));
        assertEquals(
                List.of("bundled", choice),
                later.list().stream().map(InstalledModel::choice).toList());
        Files.move(original, home.resolve("elsewhere"));
        assertEquals(choice + " is not there any more.", later.list().get(1).state());
        assertTrue(later.forget(choice));
        assertFalse(later.forget(choice));
        assertEquals(1, later.list().size());
        assertTrue(assertThrows(
                        ModelException.class,
                        () -> later.add(home.resolve("model.ckpt").toString()))
                .getMessage()
                .startsWith("There is no folder or file "));
        Files.writeString(home.resolve("model.ckpt"), "x");
        assertTrue(assertThrows(
                        ModelException.class,
                        () -> later.add(home.resolve("model.ckpt").toString()))
                .getMessage()
                .contains("is a pickle"));
    }
}
