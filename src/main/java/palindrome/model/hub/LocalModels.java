package palindrome.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import palindrome.model.AtomicFile;
import palindrome.model.ModelException;

/**
 * The folders and files that the user has added to the list of models, kept as
 * one path a line. They stay the user's own: they are remembered and forgotten,
 * never changed.
 */
final class LocalModels {

    private final Path file;

    /** @param file the list; need not exist */
    LocalModels(final Path file) {
        this.file = file;
    }

    List<Path> paths() throws IOException {
        if (!Files.exists(file)) return List.of();
        final List<Path> paths = new ArrayList<>();
        for (final String line : Files.readAllLines(file)) if (!line.isBlank()) paths.add(Path.of(line));
        return paths;
    }

    /**
     * @param text path of a model's folder, or of a checkpoint file
     * @return the path, as it will be listed
     * @throws ModelException if there is no model that could be opened
     */
    Path add(final String text) throws IOException {
        final Path path = path(text);
        if (!Files.exists(path))
            throw new ModelException("There is no folder or file " + path + " to add: check the path.");
        final ModelCheck check = ModelCheck.of(path.toString(), path);
        if (!check.isReady()) throw new ModelException(check.problem().orElseThrow());
        final List<Path> paths = new ArrayList<>(paths());
        if (!paths.contains(path)) {
            paths.add(path);
            write(paths);
        }
        return path;
    }

    /**
     * Forgets a path and leaves what is there alone.
     *
     * @return whether it was in the list
     */
    boolean remove(final String text) throws IOException {
        final List<Path> paths = new ArrayList<>(paths());
        if (!paths.remove(path(text))) return false;
        write(paths);
        return true;
    }

    static Path path(final String text) throws ModelException {
        try {
            return Path.of(text.strip()).toAbsolutePath().normalize();
        } catch (final InvalidPathException exc) {
            throw new ModelException("'" + text + "' is no path.", exc);
        }
    }

    private void write(final List<Path> paths) throws IOException {
        final StringBuilder lines = new StringBuilder();
        for (final Path path : paths) lines.append(path).append('\n');
        final byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, (final FileChannel channel) -> {
            final ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) channel.write(buffer);
        });
    }
}
