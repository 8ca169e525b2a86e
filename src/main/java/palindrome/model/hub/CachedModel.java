package palindrome.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import palindrome.model.ModelException;

/**
 * What the cache holds of a repository, to be deleted: all of it, or one
 * revision.
 */
public final class CachedModel {

    private final CachedRepo repo;
    private final RepoId id;
    private final Optional<String> commit;

    /**
     * @param repo the repository
     * @param id as the user wrote it
     * @param oneRevision whether the user named a revision
     */
    CachedModel(final CachedRepo repo, final RepoId id, final boolean oneRevision) throws IOException {
        this.repo = repo;
        this.id = id;
        commit = oneRevision ? repo.commit(id.revision()) : Optional.empty();
        if (oneRevision && commit.isEmpty())
            throw new ModelException("The Hugging Face cache does not hold the revision '" + id.revision() + "' of "
                    + id.id() + ": action=list shows what it holds.");
    }

    /** @return where it lies */
    public Path folder() {
        return repo.folder();
    }

    /** @return what it takes on the disk */
    public long bytes() throws IOException {
        try (Stream<Path> files = Files.walk(commit.map(repo::snapshot).orElse(repo.folder()))) {
            long bytes = 0;
            // NB: of all revisions, each content once and no link
            for (final Path file : files.toList())
                if (commit.isPresent() ? Files.isRegularFile(file) : isOwnFile(file)) bytes += Files.size(file);
            return bytes;
        }
    }

    /**
     * Deletes it from the cache, for all programs that use it.
     *
     * @param progress told if another download of it has to be waited for
     */
    public void delete(final HubProgress progress) throws IOException {
        try (RepoLock lock = RepoLock.take(repo.folder(), progress)) {
            if (commit.isPresent() && repo.commits().size() > 1) repo.delete(commit.get());
            else Folders.delete(repo.folder(), repo.folder().getParent());
        }
    }

    @Override
    public String toString() {
        return id.toString();
    }

    private static boolean isOwnFile(final Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }
}
