package palindrome.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A file that is on its way, beside where it will be. It outlives the program,
 * so that the next one can go on; beside it lies the tag that the server gave
 * its content, so that the rest of another content is never put behind it.
 * <p>
 * NB: the name is our own. Hugging Face's programs had {@code BLOB.incomplete},
 * and two that write into one file spoil it.
 */
final class PartialFile {

    /** How the names of files end that are not whole. */
    static final String ENDING = ".palindrome.incomplete";

    private final Path path;
    private final Path tag;
    private final Path target;

    PartialFile(final Path target) {
        this.target = target;
        path = target.resolveSibling(target.getFileName() + ENDING);
        tag = target.resolveSibling(target.getFileName() + ".palindrome.etag");
    }

    Path path() {
        return path;
    }

    /** Bytes that are here. */
    long size() throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }

    /** What the server called the content that these bytes are the beginning of. */
    Optional<String> validator() throws IOException {
        return size() > 0 && Files.exists(tag)
                ? Optional.of(Files.readString(tag, StandardCharsets.US_ASCII)).filter(text -> text.matches("[!-~]+"))
                : Optional.empty();
    }

    /** Throws away what is here and remembers how the server calls what comes now. */
    void restart(final Optional<String> validator) throws IOException {
        discard();
        if (validator.isPresent()) Files.writeString(tag, validator.get(), StandardCharsets.US_ASCII);
    }

    FileChannel append() throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    static void write(final FileChannel channel, final List<ByteBuffer> pieces) throws IOException {
        for (final ByteBuffer piece : pieces) while (piece.hasRemaining()) channel.write(piece);
    }

    void discard() throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(tag);
    }

    /** Makes it the file it was to be, at once. */
    void finish() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        try {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (final AtomicMoveNotSupportedException exc) {
            Files.move(path, target, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(tag);
    }
}
