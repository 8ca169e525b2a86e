package palindrome.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import palindrome.model.ModelException;
import palindrome.model.StrictJson;

/**
 * Reads every byte of a model: contents of the cache against the hash that they
 * are named by, and the structure of all that has one.
 */
final class ModelVerification {

    private static final int MAX_JSON = 64 << 20;

    private final String name;
    private final Path place;
    private final Optional<Path> blobs;

    /**
     * @param name what the model is called, for messages
     * @param place its folder or file
     * @param blobs where the cache keeps its contents by hash, if it lies there
     */
    ModelVerification(final String name, final Path place, final Optional<Path> blobs) {
        this.name = name;
        this.place = place;
        this.blobs = blobs;
    }

    /**
     * @param progress told the bytes of each file
     * @return one result a file
     * @throws ModelException if files are missing
     * @throws IOException if the disk fails
     */
    List<FileCheck> run(final HubProgress progress) throws IOException {
        final ModelCheck check = ModelCheck.of(name, place);
        if (!Files.isDirectory(place)) {
            if (!check.isReady()) throw new ModelException(check.problem().orElseThrow());
            return List.of(file(place, place.getFileName().toString(), progress));
        }
        final List<FileCheck> checks = new ArrayList<>();
        for (final String file : ModelCheck.files(name, place)) checks.add(file(place.resolve(file), file, progress));
        if (!check.isReady() && checks.stream().allMatch(FileCheck::sound))
            throw new ModelException(check.problem().orElseThrow());
        return checks;
    }

    private FileCheck file(final Path file, final String path, final HubProgress progress) throws IOException {
        progress.stage("Verifying " + path);
        progress.checkCanceled();
        final long bytes = Files.size(file);
        final Optional<ContentHash> hash = hash(file, bytes);
        if (hash.isPresent()) {
            hash.get().update(file, progress);
            if (!hash.get().matches())
                return new FileCheck(path, bytes, hash.get().name() + " differs: the file is damaged", false);
        }
        final Optional<String> problem = structure(file);
        if (problem.isPresent()) return new FileCheck(path, bytes, problem.get(), false);
        return new FileCheck(
                path,
                bytes,
                hash.map(one -> one.name() + " matches").orElse("no hash to compare with; readable"),
                true);
    }

    /** A content's name is its hash; where there are no links, it is found by being the same file. */
    private Optional<ContentHash> hash(final Path file, final long bytes) throws IOException {
        if (blobs.isEmpty()) return Optional.empty();
        final Path real = file.toRealPath();
        if (real.getParent().equals(blobs.get().toRealPath()))
            return ContentHash.of(real.getFileName().toString(), bytes);
        for (final Path blob : Folders.list(blobs.get()))
            if (Files.isSameFile(blob, file))
                return ContentHash.of(blob.getFileName().toString(), bytes);
        return Optional.empty();
    }

    private static Optional<String> structure(final Path file) throws IOException {
        try {
            if (file.toString().endsWith(".safetensors")) ModelCheck.requireTensors(file);
            else if (file.toString().endsWith(".json")) StrictJson.read(file, MAX_JSON);
            return Optional.empty();
        } catch (final ModelException exc) {
            return Optional.of(exc.getMessage());
        }
    }
}
