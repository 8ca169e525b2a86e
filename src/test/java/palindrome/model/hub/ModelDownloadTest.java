package palindrome.model.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static palindrome.model.hub.HubServer.breakAfter;
import static palindrome.model.hub.HubServer.corrupt;
import static palindrome.model.hub.HubServer.ignoreRange;
import static palindrome.model.hub.HubServer.other;
import static palindrome.model.hub.HubServer.status;
import static palindrome.model.hub.HubServer.tooLong;
import static palindrome.model.hub.HubServer.truncated;
import static palindrome.model.hub.HubServer.wrongRange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import palindrome.model.DiffusersFolder;
import palindrome.model.ModelException;
import palindrome.model.TinyModel;

/** Downloads from a hub on this computer that does everything a network and a server may do. */
@Timeout(60)
class ModelDownloadTest {

    private static final String UNET = "unet/diffusion_pytorch_model.safetensors";
    private static final String MERGES = "tokenizer/merges.txt";
    private static final RepoId ID = RepoId.parse("someone/tiny-nuclei");
    private static final HubTiming QUICK =
            new HubTiming(Duration.ofMillis(2000), 3, Duration.ofMillis(10), Duration.ofSeconds(3));

    @TempDir
    private Path home;

    private HubServer hub;
    private InstalledModels models;

    @BeforeEach
    void serve() throws IOException {
        hub = new HubServer(ID.id()).folder(TinyModel.write(home.resolve("original")));
        hub.licence("cc0-1.0").file("README.md", "---\nlicense: cc0-1.0\n---\n# Tiny");
        models = new InstalledModels(environment());
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private HubEnvironment environment() {
        return new HubEnvironment(hub.environment(home), home);
    }

    private HubEnvironment environment(final String... changes) {
        final Map<String, String> variables = new HashMap<>(hub.environment(home));
        for (int i = 0; i < changes.length; i += 2) variables.put(changes[i], changes[i + 1]);
        return new HubEnvironment(variables, home);
    }

    private Path download() throws IOException {
        return download(ID, "");
    }

    private Path download(final RepoId id, final String variant) throws IOException {
        return ModelDownload.of(environment(), id, variant, QUICK, HubProgress.NONE)
                .run(HubProgress.NONE);
    }

    private String failure() {
        return assertThrows(ModelException.class, this::download).getMessage();
    }

    private Path repo() {
        return home.resolve("huggingface/hub/models--someone--tiny-nuclei");
    }

    /** Whether the list calls it ready, which must be so exactly if all bytes are right. */
    private boolean isReady() throws IOException {
        return models.list().stream()
                .anyMatch(model ->
                        model.choice().startsWith(ID.id()) && model.state().equals(InstalledModel.READY));
    }

    private void assertComplete() throws IOException {
        assertTrue(isReady(), models.list().toString());
        final Path folder = Path.of(models.locate(ID.id()).path());
        for (final String file : List.of("model_index.json", MERGES, UNET, "text_encoder/model.safetensors"))
            assertArrayEquals(hub.content(file), Files.readAllBytes(folder.resolve(file)), file);
        assertTrue(models.verify(ID.id(), HubProgress.NONE).stream().allMatch(FileCheck::sound));
        assertEquals("UNet2DConditionModel", DiffusersFolder.open(folder).className("unet"));
    }

    private void assertNothingTaken() throws IOException {
        assertFalse(isReady(), models.list().toString());
        final ModelException exc = assertThrows(ModelException.class, () -> models.locate(ID.id()));
        assertTrue(exc.getMessage().contains("action=download model=someone/tiny-nuclei"), exc.getMessage());
        assertFalse(Files.exists(repo().resolve("blobs/" + hub.blob(UNET))));
    }

    // -- what a good hub gives --

    @Test
    void comesInThePlacesThatPythonLooksIn() throws IOException {
        hub.file("unet/diffusion_pytorch_model.bin", "a pickle").file("images/large.png", new byte[1000]);
        final Path folder = download();
        assertEquals(repo().resolve("snapshots/" + hub.commit()), folder);
        assertEquals(hub.commit(), Files.readString(repo().resolve("refs/main")));
        final Path link = folder.resolve(UNET);
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(
                "../../../blobs/" + hub.blob(UNET), Files.readSymbolicLink(link).toString());
        assertEquals(
                "../../blobs/" + hub.blob("model_index.json"),
                Files.readSymbolicLink(folder.resolve("model_index.json")).toString());
        assertComplete();
        // needed files only: neither the pickle nor the picture, and nothing half-written is left
        assertEquals(List.of(), hub.requests("unet/diffusion_pytorch_model.bin"));
        assertEquals(List.of(), hub.requests("images/large.png"));
        try (Stream<Path> all = Files.walk(repo())) {
            assertEquals(
                    List.of(),
                    all.filter(path -> path.toString().contains("palindrome.")).toList());
        }
        assertTrue(Files.exists(folder.resolve("README.md")), "the card says what the model may be used for");
    }

    @Test
    void bytesAreReportedUpToTheEnd() throws IOException {
        final List<Long> seen = new ArrayList<>();
        final List<String> stages = new ArrayList<>();
        final ModelDownload download = ModelDownload.of(environment(), ID, "", QUICK, HubProgress.NONE);
        final long total = download.bytes();
        assertEquals(total, download.missingBytes());
        download.run(new HubProgress() {

            @Override
            public void stage(final String name) {
                stages.add(name);
            }

            @Override
            public void bytes(final long done, final long all) {
                assertEquals(total, all);
                seen.add(done);
            }

            @Override
            public boolean canceled() {
                return false;
            }
        });
        assertEquals(seen.stream().sorted().toList(), seen, "without faults it never goes back");
        assertEquals(total, seen.get(seen.size() - 1));
        assertTrue(stages.contains("Downloading someone/tiny-nuclei"), stages.toString());
        assertEquals(0, download.missingBytes());
    }

    @Test
    void nothingIsDownloadedBeforeItIsAskedFor() throws IOException {
        final ModelDownload download = ModelDownload.of(environment(), ID, "", QUICK, HubProgress.NONE);
        assertEquals("cc0-1.0", download.licence().id());
        assertFalse(Files.exists(repo()));
        assertEquals(List.of(), hub.requests(UNET));
    }

    @Test
    void whatIsHereIsNotDownloadedAgainButChecked() throws IOException {
        download();
        final Path blob = repo().resolve("blobs/" + hub.blob(UNET));
        download();
        assertEquals(1, hub.fetches(UNET).size());
        final byte[] bad = Files.readAllBytes(blob);
        bad[bad.length - 1] ^= 1;
        Files.write(blob, bad);
        assertEquals(
                List.of(UNET),
                models.verify(ID.id(), HubProgress.NONE).stream()
                        .filter(check -> !check.sound())
                        .map(FileCheck::file)
                        .toList());
        download();
        assertEquals(2, hub.fetches(UNET).size());
        assertComplete();
    }

    @Test
    void variantsAndRevisions() throws IOException {
        hub.file(
                "unet/diffusion_pytorch_model.fp16.safetensors",
                hub.content(UNET).clone());
        final Path folder = download(ID.at("refs/pr/1"), "fp16");
        assertTrue(Files.exists(folder.resolve("unet/diffusion_pytorch_model.fp16.safetensors")));
        assertFalse(Files.exists(folder.resolve(UNET)));
        assertTrue(Files.exists(folder.resolve("text_encoder/model.safetensors")), "the variant it has");
        assertEquals(
                new ModelPlace(ID.id() + "@" + hub.commit() + "#fp16", folder + "#fp16"),
                models.locate(ID.id() + "@refs/pr/1#fp16"));
        assertEquals(hub.commit(), Files.readString(repo().resolve("refs/refs/pr/1")));
        assertEquals(folder.toString(), models.locate(ID.id() + "@refs/pr/1").path());
        assertEquals(
                folder.toString(), models.locate(ID.id() + "@" + hub.commit()).path());
        assertEquals(folder.toString(), models.locate(ID.id() + "@01234567").path());
        assertEquals(ID.id() + "@" + hub.commit(), models.locate(ID.id()).choice());
        // a second commit of the same repository shares what did not change
        hub.commit("f".repeat(40)).file("scheduler/scheduler_config.json", "{\"beta_start\": 0.1}");
        download();
        assertEquals(1, hub.fetches("text_encoder/model.safetensors").size());
        assertEquals(
                List.of("someone/tiny-nuclei@refs/pr/1", "someone/tiny-nuclei"),
                models.list().stream().skip(1).map(InstalledModel::choice).toList());
    }

    @Test
    void mirrorsThatListNamesOnly() throws IOException {
        hub.namesOnly();
        final ModelDownload download = ModelDownload.of(environment(), ID, "", QUICK, HubProgress.NONE);
        assertEquals("cc0-1.0", download.licence().id(), "from the card");
        download.run(HubProgress.NONE);
        assertTrue(Files.exists(repo().resolve("blobs/" + hub.blob(UNET))), "named by the linked tag");
        assertComplete();
    }

    @Test
    void singleCheckpointsAndSingleNetworks() throws IOException {
        final byte[] weights = hub.content(UNET);
        final RepoId other = RepoId.parse("someone/file");
        try (HubServer one = new HubServer(other.id()).file("model.safetensors", weights)) {
            final HubEnvironment environment = environment("HF_ENDPOINT", one.endpoint());
            final Path file = ModelDownload.of(environment, other, "", QUICK, HubProgress.NONE)
                    .run(HubProgress.NONE);
            assertEquals("model.safetensors", file.getFileName().toString());
            assertEquals(file.toString(), models.locate("someone/file").path());
            one.file("second.safetensors", weights);
            assertTrue(assertThrows(
                            ModelException.class,
                            () -> ModelDownload.of(environment, other, "", QUICK, HubProgress.NONE))
                    .getMessage()
                    .startsWith("someone/file holds 2 checkpoints (model.safetensors, second.safetensors)"));
            one.remove("model.safetensors").remove("second.safetensors");
            one.file("config.json", "{\"_class_name\": \"ControlNetModel\"}")
                    .file("diffusion_pytorch_model.safetensors", weights);
            final Path network = ModelDownload.of(environment, other, "", QUICK, HubProgress.NONE)
                    .run(HubProgress.NONE);
            assertArrayEquals(weights, Files.readAllBytes(network.resolve("diffusion_pytorch_model.safetensors")));
            one.remove("diffusion_pytorch_model.safetensors").file("diffusion_pytorch_model.bin", "pickle");
            assertTrue(assertThrows(
                            ModelException.class,
                            () -> ModelDownload.of(environment, other, "", QUICK, HubProgress.NONE))
                    .getMessage()
                    .startsWith("someone/file comes only as a pickle (diffusion_pytorch_model.bin)"));
        }
    }

    // -- licence and secrets --

    @Test
    void licenceAndItsText() throws IOException {
        hub.file("LICENSE.md", "Be kind.").licence("openrail").gated();
        final Licence licence =
                ModelDownload.of(environment(), ID, "", QUICK, HubProgress.NONE).licence();
        assertEquals("openrail", licence.id());
        assertEquals("Be kind.", licence.text().orElseThrow());
        assertEquals(hub.endpoint() + "/" + ID.id() + "/blob/" + hub.commit() + "/LICENSE.md", licence.page());
        assertTrue(licence.gated());
        assertTrue(licence.is(" OpenRAIL "));
        assertFalse(licence.is(""));
        hub.remove("LICENSE.md").namesOnly().file("README.md", "---\nlicense: other\nlicense_name: my-own\n---\n");
        assertEquals(
                "my-own",
                ModelDownload.of(environment(), ID, "", QUICK, HubProgress.NONE)
                        .licence()
                        .id());
        hub.file("README.md", "no head");
        assertEquals(
                Licence.UNSTATED,
                ModelDownload.of(environment(), ID, "", QUICK, HubProgress.NONE)
                        .licence()
                        .id());
    }

    @Test
    void tokenGoesToTheHubAndNowhereElse() throws IOException {
        hub.fault(UNET, breakAfter(100));
        download();
        assertTrue(hub.requests().stream().anyMatch(request -> !request.hub()), "weights lie on another host");
        for (final HubServer.Request request : hub.requests())
            assertEquals(
                    request.hub() ? "Bearer " + HubServer.TOKEN : null,
                    request.headers().get("Authorization"),
                    request.path());
    }

    @Test
    void tokenIsInNoMessage() throws IOException {
        final List<String> messages = new ArrayList<>();
        for (final HubServer.Fault fault : List.of(
                status(401),
                status(403),
                status(404),
                status(418),
                status(403, "X-Error-Code", "GatedRepo"),
                status(404, "X-Error-Code", "RepoNotFound"))) {
            hub.fault("api", fault);
            final ModelException exc = assertThrows(ModelException.class, this::download);
            messages.add(exc + " " + exc.getCause());
        }
        messages.add(environment().token().toString());
        for (final String text : List.of(HubServer.TOKEN + "\u00e9", "two words"))
            messages.add(assertThrows(
                            ModelException.class,
                            () -> ModelDownload.of(environment("HF_TOKEN", text), ID, "", QUICK, HubProgress.NONE))
                    .getMessage());
        for (final String message : messages) {
            assertFalse(message.contains("hf_secret"), message);
            assertFalse(message.contains("two words"), message);
        }
    }

    // -- what goes wrong and is put right --

    @Test
    void brokenConnectionsGoOnWhereTheyStopped() throws IOException {
        hub.fault(UNET, breakAfter(5000), breakAfter(700), breakAfter(1), breakAfter(0), breakAfter(30));
        download();
        assertComplete();
        final List<HubServer.Request> tries = hub.fetches(UNET);
        assertEquals(6, tries.size());
        assertEquals(null, tries.get(0).headers().get("Range"));
        // NB: the network may drop the last bytes of a broken connection
        int before = 0;
        for (final HubServer.Request request : tries.subList(1, 6)) {
            final int from = Integer.parseInt(request.headers().get("Range").replaceAll("\\D", ""));
            assertTrue(from >= before && from <= 5731, tries.toString());
            assertTrue(request.headers().get("If-range").startsWith("\"storage-"), request.toString());
            before = from;
        }
        assertTrue(before > 0);
    }

    @Test
    void stallsAreNoticedAndGoneOnFrom() throws IOException {
        hub.fault(UNET, hub.stallAfter(3000), hub.silence());
        download();
        assertComplete();
        assertEquals(3, hub.fetches(UNET).size());
    }

    @Test
    void truncationCorruptionAndBadRangesAreNoticed() throws IOException {
        hub.fault(UNET, truncated(900), wrongRange(), corrupt());
        hub.fault(MERGES, tooShortThenWhole());
        download();
        assertComplete();
    }

    private static HubServer.Fault tooShortThenWhole() {
        return truncated(10);
    }

    @Test
    void serversWithoutRangesBeginAnew() throws IOException {
        hub.fault(UNET, breakAfter(2000), ignoreRange());
        download();
        assertComplete();
    }

    @Test
    void otherContentIsNeverPutBehindWhatIsHere() throws IOException {
        // it says "another" and sends it whole, since the If-Range does not fit: its hash is wrong, the next is right
        hub.fault(UNET, breakAfter(2000), other());
        download();
        assertComplete();
    }

    @Test
    void rangesThatDoNotExistBeginAnew() throws IOException {
        hub.fault(UNET, breakAfter(2000), status(416));
        download();
        assertComplete();
    }

    @Test
    void waitsAsLongAsTheServerAsks() throws IOException {
        hub.fault("api", status(503), status(429, "Retry-After", "1"));
        hub.fault(UNET, status(502), status(500));
        final long start = System.nanoTime();
        download();
        assertComplete();
        assertTrue(System.nanoTime() - start >= 1_000_000_000L, "Retry-After was not heeded");
    }

    @Test
    void redirectionOfTheWholeRepositoryIsFollowed() throws IOException {
        final String moved = "/api/models/" + ID.id() + "/revision/main?blobs=true";
        hub.fault("api", status(307, "Location", moved));
        download();
        assertComplete();
    }

    // -- what goes wrong and stays wrong --

    @Test
    void damageThatRemainsIsSaid() throws IOException {
        hub.fault(UNET, corrupt(), corrupt());
        assertTrue(failure().startsWith(UNET + " came through damaged twice"));
        assertNothingTaken();
        download();
        assertComplete();
    }

    @Test
    void tooManyBytesAreRefused() throws IOException {
        hub.fault(UNET, tooLong());
        final String message = failure();
        assertTrue(message.contains("sends more of " + UNET + " than its"), message);
        assertNothingTaken();
    }

    @Test
    void serversThatNeverGetFartherAreGivenUp() throws IOException {
        // no ranges, and always broken at the same place
        final HubServer.Fault fault = (exchange, content, etag) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 500);
            exchange.getResponseBody().flush();
        };
        hub.fault(UNET, fault, fault, fault, fault, fault, fault);
        final String message = failure();
        assertTrue(message.contains("The connection to localhost broke"), message);
        assertNothingTaken();
    }

    @Test
    void silenceEndsInASentence() throws IOException {
        hub.fault("api", hub.silence(), hub.silence(), hub.silence(), hub.silence());
        final long start = System.nanoTime();
        assertTrue(failure().startsWith("localhost did not answer within"));
        assertTrue(System.nanoTime() - start < 20e9);
        assertNothingTaken();
    }

    @Test
    void refusalsAreExplained() throws IOException {
        final Map<HubServer.Fault, String> cases = Map.of(
                status(401), "localhost refused your token (401)",
                status(403), "You may not download someone/tiny-nuclei (403)",
                status(404, "X-Error-Code", "RepoNotFound"), "There is no model someone/tiny-nuclei on localhost",
                status(403, "X-Error-Code", "GatedRepo"), "someone/tiny-nuclei is gated: agree to its conditions at",
                status(404, "X-Error-Code", "RevisionNotFound"), "someone/tiny-nuclei has no revision 'main'",
                status(429, "Retry-After", "9999"),
                        "localhost has had too many requests from this address (429)."
                                + " It asks to come back in 9999 s");
        for (final Map.Entry<HubServer.Fault, String> one : cases.entrySet()) {
            hub.fault("api", one.getKey());
            final String message = failure();
            assertTrue(message.startsWith(one.getValue()), message);
        }
        hub.fault("api", status(503), status(503), status(503), status(503));
        assertEquals("localhost is out of order at the moment (503).", failure());
        hub.fault("api", (exchange, content, etag) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<html>Log in to the hotel's network</html>".getBytes());
        });
        assertTrue(failure().contains("a network that asks you to log in first"), "a captive portal");
        hub.fault(UNET, status(404), status(404), status(404), status(404));
        assertTrue(failure().contains("(404)"));
        assertNothingTaken();
    }

    @Test
    void withoutATokenTheHubsAnswerMeansEither() {
        hub.fault("api", status(401));
        final ModelException exc = assertThrows(
                ModelException.class,
                () -> ModelDownload.of(
                        environment("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"), ID, "", QUICK, HubProgress.NONE));
        assertTrue(exc.getMessage().contains("that you may see: check the name, and if it is private, give your"));
        assertEquals(null, hub.requests().get(0).headers().get("Authorization"));
    }

    @Test
    void offlineMeansOffline() {
        final ModelException exc = assertThrows(
                ModelException.class,
                () -> ModelDownload.of(environment("HF_HUB_OFFLINE", "1"), ID, "", QUICK, HubProgress.NONE));
        assertTrue(exc.getMessage().startsWith("HF_HUB_OFFLINE is set"));
        assertEquals(List.of(), hub.requests());
    }

    @Test
    void nobodyThere() throws IOException {
        hub.close();
        assertTrue(failure().startsWith("No connection to localhost"));
    }

    @Test
    void redirectionsThatLeadAstrayAreNotFollowed() throws IOException {
        hub.fault("api", status(302, "Location", "file:///etc/passwd"));
        assertTrue(failure().contains("which is not safe"));
        final HubServer.Fault again = status(307, "Location", "/api/models/" + ID.id() + "/revision/main?blobs=true");
        for (int i = 0; i < 9; i++) hub.fault("api", again);
        assertTrue(failure().contains("again and again"));
    }

    @Test
    void namesThatLeadOutOfTheFolderAreRefused() throws IOException {
        for (final String evil :
                List.of("../../evil.json", "/etc/evil.json", "unet/../../../evil.json", "unet\\evil.json")) {
            hub.file(evil, "{}");
            assertTrue(failure().contains("is no file name"), evil);
            hub.remove(evil);
        }
        hub.commit("../../../../evil");
        assertTrue(failure().contains("the commit is"));
    }

    @Test
    void modelsLargerThanTheDiskAreRefusedFirst() throws IOException {
        final String listing =
                "{\"sha\": \"" + hub.commit() + "\", \"siblings\": [{\"rfilename\": \"model.safetensors\","
                        + " \"lfs\": {\"sha256\": \"" + "a".repeat(64) + "\", \"size\": 4000000000000000000}}]}";
        hub.fault("api", (exchange, content, etag) -> HubServer.whole(exchange, listing.getBytes(), "\"x\""));
        final String message = failure();
        assertTrue(message.startsWith("someone/tiny-nuclei needs 4.4 EB on the disk of "), message);
        assertTrue(message.endsWith("make room, or move the cache with HF_HOME."), message);
        assertEquals(List.of(), hub.requests("model.safetensors"));
    }

    @Test
    void picklesAreRefusedBeforeAnythingIsDownloaded() throws IOException {
        hub.remove(UNET).file("unet/diffusion_pytorch_model.bin", "pickle");
        final String message = failure();
        assertTrue(
                message.startsWith(
                        "The unet of someone/tiny-nuclei comes only as a pickle (diffusion_pytorch_model.bin)"),
                message);
        assertTrue(message.contains("refs/pr/1"), message);
        assertFalse(Files.exists(repo()));
    }

    // -- interruptions --

    @Test
    void cancelsWithinTwoSecondsAndGoesOnLater() throws IOException {
        for (final HubServer.Fault fault : List.of(hub.stallAfter(4000), hub.silence())) {
            hub.fault(UNET, fault);
            final ModelDownload download = ModelDownload.of(environment(), ID, "", HubTiming.DEFAULT, HubProgress.NONE);
            final long[] canceledAt = new long[1];
            assertThrows(
                    CancellationException.class,
                    () -> download.run(cancelWhen(() -> !hub.fetches(UNET).isEmpty(), canceledAt)));
            assertTrue(System.nanoTime() - canceledAt[0] < 2_000_000_000L);
            assertNothingTaken();
        }
        assertTrue(models.list().stream().anyMatch(model -> model.state().startsWith("interrupted")));
        assertTrue(assertThrows(ModelException.class, () -> models.locate(ID.id()))
                .getMessage()
                .startsWith("The download of someone/tiny-nuclei was interrupted"));
        download();
        assertComplete();
        assertTrue(hub.requests(UNET).stream()
                .anyMatch(request -> "bytes=4000-".equals(request.headers().get("Range"))));
    }

    @Test
    void cancelsDuringAPauseToo() {
        hub.fault("api", status(429, "Retry-After", "60"));
        final HubTiming patient =
                new HubTiming(Duration.ofSeconds(30), 3, Duration.ofSeconds(30), Duration.ofMinutes(5));
        final long[] canceledAt = new long[1];
        assertThrows(
                CancellationException.class,
                () -> ModelDownload.of(
                        environment(),
                        ID,
                        "",
                        patient,
                        cancelWhen(() -> !hub.requests().isEmpty(), canceledAt)));
        assertTrue(System.nanoTime() - canceledAt[0] < 2_000_000_000L);
    }

    private static HubProgress cancelWhen(final java.util.function.BooleanSupplier condition, final long[] canceledAt) {
        return new HubProgress() {

            private long since;

            @Override
            public void stage(final String name) {
                // of no interest
            }

            @Override
            public void bytes(final long done, final long total) {
                // of no interest
            }

            @Override
            public boolean canceled() {
                if (!condition.getAsBoolean()) return false;
                if (since == 0) since = System.nanoTime();
                // half a second for the bytes to come
                if (System.nanoTime() - since < 500_000_000L) return false;
                if (canceledAt[0] == 0) canceledAt[0] = System.nanoTime();
                return true;
            }
        };
    }

    @Test
    void twoAtOnceDownloadOnce() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            final Callable<Path> task = this::download;
            final List<Future<Path>> both = threads.invokeAll(List.of(task, task));
            assertEquals(both.get(0).get(), both.get(1).get());
        } finally {
            threads.shutdownNow();
        }
        assertEquals(1, hub.fetches(UNET).size());
        assertComplete();
    }
}
