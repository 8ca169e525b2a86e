package palindrome.model.hub;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import palindrome.model.ModelCard;
import palindrome.model.StrictJson;

/**
 * A model that could be downloaded: what it is, what it may be used for, what it
 * takes. Made by asking the hub; only {@link #run} brings it here.
 */
public final class ModelDownload {

    private static final int MAX_INDEX = 4 << 20;
    private static final int MAX_TEXT = 1 << 20;

    /** What file systems and other programs need beside the files: a tenth. */
    private static final int RESERVE = 10;

    private final HubClient client;
    private final CachedRepo repo;
    private final RepoInfo info;
    private final Licence licence;
    private final List<RepoFile> files;

    private ModelDownload(
            final HubClient client,
            final CachedRepo repo,
            final RepoInfo info,
            final Licence licence,
            final List<RepoFile> files) {
        this.client = client;
        this.repo = repo;
        this.info = info;
        this.licence = licence;
        this.files = files;
    }

    /**
     * Asks the hub about a model.
     *
     * @param environment where the hub and the cache are
     * @param id which model
     * @param variant of the weights, such as {@code fp16}; empty for the plain ones
     * @param progress asked whether to go on
     * @return the download, nothing of which is here yet
     * @throws HubException if the hub refuses, or does not answer
     * @throws IOException if the model is none that can be read, or the token is unreadable
     */
    public static ModelDownload of(
            final HubEnvironment environment, final RepoId id, final String variant, final HubProgress progress)
            throws IOException {
        return of(environment, id, variant, HubTiming.DEFAULT, progress);
    }

    /** As above, as patient as one likes. */
    static ModelDownload of(
            final HubEnvironment environment,
            final RepoId id,
            final String variant,
            final HubTiming timing,
            final HubProgress progress)
            throws IOException {
        final HubClient client = new HubClient(environment, timing, progress);
        progress.stage("Asking " + client.endpoint().getHost() + " about " + id);
        final RepoInfo info = client.info(id);
        final List<RepoFile> files = new ArrayList<>();
        for (final String path : RepoFiles.choose(id.toString(), index(client, info), info.paths(), variant))
            files.add(client.identified(info, info.file(path).orElseThrow()));
        return new ModelDownload(
                client, new HubCache(environment.cache()).repo(id), info, licence(client, info), List.copyOf(files));
    }

    /** @return what the model may be used for: to be accepted before {@link #run} */
    public Licence licence() {
        return licence;
    }

    /** @return size of all files that make up the model */
    public long bytes() throws HubException {
        try {
            return files.stream().mapToLong(RepoFile::bytes).reduce(0, Math::addExact);
        } catch (final ArithmeticException exc) {
            throw new HubException(info.repo() + " claims to be larger than any disk: nothing was downloaded.", exc);
        }
    }

    /** @return what of it is still to come */
    public long missingBytes() throws IOException {
        long here = 0;
        for (final RepoFile file : files) here += blob(file, HubProgress.NONE).here();
        return bytes() - here;
    }

    /**
     * Downloads what is missing, and checks what was here. When it fails or is
     * canceled, what came is kept aside, and the next time goes on there; until all
     * files are here and checked, there is no model.
     *
     * @param progress told the bytes; canceled within a second
     * @return the model's folder, or its file if it is a single one
     * @throws HubException if it cannot be had
     * @throws IOException if the disk fails
     * @throws java.util.concurrent.CancellationException if the user canceled
     */
    public Path run(final HubProgress progress) throws IOException {
        try (RepoLock lock = RepoLock.take(repo.folder(), progress)) {
            requireSpace();
            Files.createDirectories(repo.blobs());
            fetch(progress);
            repo.publish(info, files);
        }
        return place(repo.snapshot(info.commit())).orElseThrow();
    }

    /** The model in a snapshot: its folder, or the only file if that is all there is. */
    static Optional<Path> place(final Path snapshot) throws IOException {
        if (!Files.isDirectory(snapshot)) return Optional.empty();
        if (Files.exists(snapshot.resolve(PipelineFiles.INDEX)) || Files.exists(snapshot.resolve(RepoFiles.CONFIG)))
            return Optional.of(snapshot);
        final List<Path> checkpoints = Folders.list(snapshot).stream()
                .filter(file -> file.toString().endsWith(".safetensors"))
                .toList();
        return Optional.of(checkpoints.size() == 1 ? checkpoints.get(0) : snapshot);
    }

    private void fetch(final HubProgress progress) throws IOException {
        final long total = Math.max(1, bytes());
        long before = 0;
        progress.stage("Downloading " + info.repo().id());
        for (final RepoFile file : files) {
            progress.checkCanceled();
            final long start = before;
            blob(file, progress).run(done -> progress.bytes(Math.min(start + done, total), total));
            before += file.bytes();
            progress.bytes(before, total);
        }
    }

    private BlobDownload blob(final RepoFile file, final HubProgress progress) {
        return new BlobDownload(client, info, file, repo.blob(file), progress);
    }

    private void requireSpace() throws IOException {
        final long missing = missingBytes();
        final long free = Files.getFileStore(existing(repo.folder())).getUsableSpace();
        if (missing > free - missing / RESERVE)
            throw new HubException(String.format(
                    Locale.ROOT,
                    "%s needs %s on the disk of %s, and %s are free: make room, or move the cache with HF_HOME.",
                    info.repo(),
                    ByteText.of(missing + missing / RESERVE),
                    repo.folder().getParent(),
                    ByteText.of(free)));
    }

    private static Path existing(final Path folder) {
        Path at = folder.toAbsolutePath();
        while (!Files.exists(at)) at = at.getParent();
        return at;
    }

    private static Optional<JsonObject> index(final HubClient client, final RepoInfo info) throws IOException {
        final Optional<RepoFile> file = info.file(PipelineFiles.INDEX);
        if (file.isEmpty()) return Optional.empty();
        final byte[] bytes = client.small(info, file.get(), MAX_INDEX);
        return Optional.of(StrictJson.parse(PipelineFiles.INDEX + " of " + info.repo(), ByteBuffer.wrap(bytes)));
    }

    private static Licence licence(final HubClient client, final RepoInfo info) throws IOException {
        Optional<String> id = info.licence();
        if (id.isEmpty() && info.file(RepoFiles.CARD).isPresent())
            id = ModelCard.licence(
                    text(client, info, RepoFiles.CARD).orElse("").lines().toList());
        final Optional<String> file = RepoFiles.licenceFile(info.paths());
        final String page = client.endpoint() + "/" + info.repo().id()
                + file.map(name -> "/blob/" + info.commit() + "/" + name).orElse("");
        final Optional<String> text = file.isPresent() ? text(client, info, file.get()) : Optional.empty();
        return new Licence(id.orElse(Licence.UNSTATED), page, text, info.gated());
    }

    /** A text to be read by people, or nothing if it is too large for that. */
    private static Optional<String> text(final HubClient client, final RepoInfo info, final String path)
            throws IOException {
        final RepoFile file = client.identified(info, info.file(path).orElseThrow());
        if (file.bytes() > MAX_TEXT) return Optional.empty();
        return Optional.of(new String(client.small(info, file, MAX_TEXT), StandardCharsets.UTF_8));
    }
}
