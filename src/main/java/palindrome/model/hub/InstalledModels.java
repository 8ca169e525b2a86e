package palindrome.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import palindrome.model.BundledModel;
import palindrome.model.ModelCatalog;
import palindrome.model.ModelException;

/**
 * The models on this computer: the bundled one, folders and files that the user
 * added, and those of the Hugging Face cache, whoever downloaded them. Nothing
 * here uses the network.
 */
public final class InstalledModels {

    private static final char VARIANT = '#';
    private static final String HOW_TO_DOWNLOAD =
            "download it first: run Diffusion Models... with action=download model=";

    private final HubCache cache;
    private final LocalModels local;

    /** @param environment where the cache and the user's list are */
    public InstalledModels(final HubEnvironment environment) {
        cache = new HubCache(environment.cache());
        local = new LocalModels(environment.configuration().resolve("models.txt"));
    }

    /** @return those of this user */
    public static InstalledModels ofProcess() {
        return new InstalledModels(HubEnvironment.ofProcess());
    }

    /**
     * Finds out where a chosen model lies, without the network.
     *
     * @param choice {@code bundled}, a path, or {@code owner/name[@revision]}; where a
     *          path and a repository are called alike, the path is meant. A variant of the
     *          weights may follow, as in {@code owner/name#fp16}
     * @return its place; of a path, it need not exist
     * @throws ModelException if the repository is not in the cache; says how to
     *           download it
     * @throws IOException if the cache cannot be read
     */
    public ModelPlace locate(final String choice) throws IOException {
        final String wanted = choice.strip();
        if (wanted.isEmpty() || wanted.equals(ModelCatalog.BUNDLED)) return new ModelPlace(wanted, wanted);
        final int mark = wanted.lastIndexOf(VARIANT);
        final String variant = mark < 0 ? "" : wanted.substring(mark);
        final Optional<RepoId> id = repository(wanted.substring(0, wanted.length() - variant.length()));
        if (id.isEmpty()) return new ModelPlace(lasting(wanted), wanted);
        final CachedRepo repo = cache.repo(id.get());
        final Optional<String> commit = repo.commitToOpen(id.get().revision());
        if (commit.isEmpty()) throw notHere(id.get(), repo);
        final Path place = ModelDownload.place(repo.snapshot(commit.get())).orElseThrow();
        return new ModelPlace(id.get().at(commit.get()) + variant, place + variant);
    }

    /** @return all that can be found, complete or not */
    public List<InstalledModel> list() throws IOException {
        final List<InstalledModel> models = new ArrayList<>();
        models.add(InstalledModel.of(
                ModelCatalog.BUNDLED,
                "bundled",
                BundledModel.read(root -> ModelCheck.of(ModelCatalog.BUNDLED, root)),
                "in the plugin"));
        for (final Path path : local.paths())
            models.add(
                    InstalledModel.of(path.toString(), "local", ModelCheck.of(path.toString(), path), path.toString()));
        for (final CachedRepo repo : cache.repos()) models.addAll(list(repo));
        return models;
    }

    /**
     * Adds a folder or a file to the list.
     *
     * @param path where it lies; it stays there
     * @return what to write after {@code model=}
     * @throws ModelException if there is no model that could be opened
     */
    public String add(final String path) throws IOException {
        return local.add(path).toString();
    }

    /**
     * Takes a folder or a file off the list, and leaves it alone.
     *
     * @param path as it is listed
     * @return whether it was listed
     */
    public boolean forget(final String path) throws IOException {
        return local.remove(path);
    }

    /**
     * @param choice {@code owner/name[@revision]}
     * @return what is in the cache of it
     * @throws ModelException if nothing is
     */
    public CachedModel cached(final String choice) throws IOException {
        final RepoId id = RepoId.parse(choice);
        final CachedRepo repo = cache.repo(id);
        if (!Files.isDirectory(repo.folder())) throw notHere(id, repo);
        return new CachedModel(repo, id, choice.contains("@"));
    }

    /**
     * Reads every byte of a model and compares it with what is known of it.
     *
     * @param choice as for {@link #locate}
     * @param progress told the bytes
     * @return one result a file
     * @throws ModelException if there is no such model, or files of it are missing
     * @throws java.util.concurrent.CancellationException if the user canceled
     */
    public List<FileCheck> verify(final String choice, final HubProgress progress) throws IOException {
        final ModelPlace model = locate(choice);
        if (model.path().equals(ModelCatalog.BUNDLED))
            return BundledModel.read(
                    root -> new ModelVerification(ModelCatalog.BUNDLED, root, Optional.empty()).run(progress));
        final Optional<Path> blobs =
                repository(choice.strip()).map(id -> cache.repo(id).blobs()).filter(Files::isDirectory);
        return new ModelVerification(choice.strip(), LocalModels.path(model.path()), blobs).run(progress);
    }

    private List<InstalledModel> list(final CachedRepo repo) throws IOException {
        final List<InstalledModel> models = new ArrayList<>();
        for (final String commit : repo.commits()) {
            final Path place = ModelDownload.place(repo.snapshot(commit)).orElseThrow();
            final String choice = repo.id().at(repo.revision(commit)).toString();
            final ModelCheck check = ModelCheck.of(choice, place);
            // the cache holds language models and whatever else Python users need
            if (check.contents().equals("unknown")) continue;
            models.add(InstalledModel.of(choice, "Hugging Face cache", check, place.toString()));
        }
        final long unfinished = repo.unfinished();
        if (unfinished > 0 && models.stream().noneMatch(model -> model.state().equals(InstalledModel.READY)))
            models.add(new InstalledModel(
                    repo.id().toString(),
                    "Hugging Face cache",
                    "download",
                    unfinished,
                    Licence.UNSTATED,
                    "interrupted: download it again to go on",
                    repo.folder().toString()));
        return models;
    }

    private ModelException notHere(final RepoId id, final CachedRepo repo) throws IOException {
        if (Files.isDirectory(repo.folder()) && repo.unfinished() > 0)
            return new ModelException("The download of " + id
                    + " was interrupted: go on with Diffusion Models..., action=download model=" + id + ".");
        if (!repo.commits().isEmpty())
            return new ModelException("The Hugging Face cache holds " + id.id() + ", but not its revision '"
                    + id.revision() + "': write one that is here (action=list shows them), or " + HOW_TO_DOWNLOAD + id
                    + ".");
        return new ModelException("There is neither a folder " + id + " nor such a model in the Hugging Face cache ("
                + cache.folder() + "): check the name, or " + HOW_TO_DOWNLOAD + id + ".");
    }

    private static Optional<RepoId> repository(final String choice) {
        try {
            if (Files.exists(Path.of(choice))) return Optional.empty();
        } catch (final InvalidPathException exc) {
            // as 'owner/name@refs:x' on Windows: no path
        }
        return RepoId.find(choice);
    }

    /** The path as any other program finds it, whatever its working folder. */
    private static String lasting(final String path) {
        try {
            return Path.of(path).toAbsolutePath().normalize().toString();
        } catch (final InvalidPathException exc) {
            // whoever opens it says so
            return path;
        }
    }
}
