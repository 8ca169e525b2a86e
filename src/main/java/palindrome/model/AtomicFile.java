package palindrome.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file whole or not at all.
 */
public final class AtomicFile {

    /** What goes into the file. */
    public interface Content {

        void writeTo(FileChannel channel) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes beside the target, then moves over it. When anything fails, such as
     * the disk being full, what was there before is untouched and nothing is left
     * behind.
     *
     * @param target the file to write; its folder is made if it is not there
     * @param content what to write
     * @throws IOException if it cannot be written
     */
    public static void write(final Path target, final Content content) throws IOException {
        final Path folder = target.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        // NB: not createTempFile, whose files nobody else may read.
        final Path part = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(channel);
                channel.force(true);
            }
            move(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void move(final Path part, final Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (final AtomicMoveNotSupportedException exc) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
