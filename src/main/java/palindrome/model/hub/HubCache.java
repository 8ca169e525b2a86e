package palindrome.model.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cache that Hugging Face's programs share. What they downloaded is found
 * here without the network, and what is downloaded here is found by them.
 *
 * @param folder where it lies; need not exist
 */
record HubCache(Path folder) {

    /** @return the repositories of models in it, in order */
    List<CachedRepo> repos() throws IOException {
        final List<CachedRepo> repos = new ArrayList<>();
        for (final Path entry : Folders.list(folder)) {
            final Optional<RepoId> id = RepoId.ofFolder(entry.getFileName().toString());
            if (id.isPresent()) repos.add(new CachedRepo(id.get(), entry));
        }
        return repos;
    }

    /** @return a repository's place, whether or not it is here */
    CachedRepo repo(final RepoId id) {
        return new CachedRepo(id, folder.resolve(id.folderName()));
    }
}
