package palindrome.model.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One repository of the cache: {@code refs/REVISION} holds a commit,
 * {@code snapshots/COMMIT} its files by name, as links into {@code blobs},
 * where the contents lie by hash.
 *
 * @param id which repository
 * @param folder its folder, {@code models--OWNER--NAME}, which need not exist
 */
record CachedRepo(RepoId id, Path folder) {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int SHORTEST_COMMIT = 7;

    Path blobs() {
        return folder.resolve("blobs");
    }

    Path blob(final RepoFile file) {
        return blobs().resolve(file.blob());
    }

    Path snapshot(final String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    /** @return the commits that are here, whole or in part */
    List<String> commits() throws IOException {
        return Folders.list(folder.resolve("snapshots")).stream()
                .filter(Files::isDirectory)
                .map(path -> path.getFileName().toString())
                .filter(name -> COMMIT.matcher(name).matches())
                .toList();
    }

    /**
     * @param revision branch, tag, pull request, commit, or the first 7 digits of
     *          one or more
     * @return the commit it stands for on this computer, if it is here
     */
    Optional<String> commit(final String revision) throws IOException {
        final List<String> here = commits();
        final Optional<String> ref = ref(revision).filter(here::contains);
        if (ref.isPresent()) return ref;
        final List<String> beginning = here.stream()
                .filter(commit -> revision.length() >= SHORTEST_COMMIT && commit.startsWith(revision))
                .toList();
        return beginning.size() == 1 ? Optional.of(beginning.get(0)) : Optional.empty();
    }

    /** @return the commit to open; who downloaded a tag or a commit alone means that one where no revision is written */
    Optional<String> commitToOpen(final String revision) throws IOException {
        final Optional<String> commit = commit(revision);
        final List<String> here = commits();
        return commit.isEmpty() && revision.equals(RepoId.MAIN) && here.size() == 1 ? Optional.of(here.get(0)) : commit;
    }

    /** @return the name of a revision that stands for the commit, main before others; else the commit's first digits */
    String revision(final String commit) throws IOException {
        if (ref(RepoId.MAIN).filter(commit::equals).isPresent()) return RepoId.MAIN;
        final Path refs = folder.resolve("refs");
        if (Files.isDirectory(refs))
            try (Stream<Path> all = Files.walk(refs)) {
                for (final Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                    final String name = refs.relativize(file).toString().replace('\\', '/');
                    if (ref(name).filter(commit::equals).isPresent()) return name;
                }
            }
        return commit.substring(0, 12);
    }

    /** @return bytes of downloads that were interrupted */
    long unfinished() throws IOException {
        long bytes = 0;
        for (final Path file : Folders.list(blobs()))
            if (file.toString().endsWith(PartialFile.ENDING)) bytes += Files.size(file);
        return bytes;
    }

    /**
     * Makes a commit's files appear in its snapshot. A new snapshot appears whole or
     * not at all, and its revision after it.
     *
     * @param info the commit
     * @param files with their contents in {@link #blobs()}
     */
    void publish(final RepoInfo info, final List<RepoFile> files) throws IOException {
        final Path snapshot = snapshot(info.commit());
        if (Files.isDirectory(snapshot)) {
            for (final RepoFile file : files) link(file, snapshot);
        } else {
            // NB: as deep as the snapshot will lie, for the links' sake
            Folders.sweep(folder);
            final Path limbo = Folders.limbo(folder);
            final Path built = Files.createDirectory(limbo.resolve(info.commit()));
            for (final RepoFile file : files) link(file, built);
            Files.createDirectories(snapshot.getParent());
            Files.move(built, snapshot, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(limbo);
        }
        if (!info.repo().revision().equals(info.commit())) writeRef(info.repo().revision(), info.commit());
    }

    /**
     * Deletes one commit: what no other one needs.
     *
     * @param commit one of {@link #commits()}
     */
    void delete(final String commit) throws IOException {
        Folders.delete(snapshot(commit), folder);
        final Path refs = folder.resolve("refs");
        if (Files.isDirectory(refs))
            try (Stream<Path> all = Files.walk(refs)) {
                for (final Path file : all.filter(Files::isRegularFile).toList())
                    if (Files.readString(file).strip().equals(commit)) Files.delete(file);
            }
        final List<Path> used = new ArrayList<>();
        for (final String other : commits())
            try (Stream<Path> all = Files.walk(snapshot(other))) {
                used.addAll(all.filter(Files::isRegularFile).toList());
            }
        for (final Path blob : Folders.list(blobs())) if (!isAmong(used, blob)) Files.delete(blob);
    }

    private static boolean isAmong(final List<Path> files, final Path blob) throws IOException {
        for (final Path file : files) if (Files.isSameFile(file, blob)) return true;
        return false;
    }

    private Optional<String> ref(final String name) throws IOException {
        final Path file = folder.resolve("refs").resolve(name);
        if (!Files.isRegularFile(file) || Files.size(file) > 256) return Optional.empty();
        return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1).strip())
                .filter(text -> COMMIT.matcher(text).matches());
    }

    private void writeRef(final String name, final String commit) throws IOException {
        final Path file = folder.resolve("refs").resolve(name);
        Files.createDirectories(file.getParent());
        final Path part = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        Files.writeString(part, commit, StandardCharsets.US_ASCII);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A relative link, so that the cache may be moved; where there are none, as on most Windows, a hard link or a copy. */
    private void link(final RepoFile file, final Path snapshot) throws IOException {
        final Path name = snapshot.resolve(file.path());
        final Path blob = blob(file);
        if (Files.exists(name) && Files.isSameFile(name, blob)) return;
        Files.createDirectories(name.getParent());
        Files.deleteIfExists(name);
        try {
            Files.createSymbolicLink(name, name.getParent().relativize(blob));
        } catch (final FileAlreadyExistsException exc) {
            throw exc;
        } catch (final IOException | UnsupportedOperationException | SecurityException exc) {
            hardLink(name, blob);
        }
    }

    private static void hardLink(final Path name, final Path blob) throws IOException {
        try {
            Files.createLink(name, blob);
        } catch (final IOException | UnsupportedOperationException exc) {
            Files.copy(blob, name);
        }
    }
}
