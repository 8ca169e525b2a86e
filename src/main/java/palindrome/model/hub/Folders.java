package palindrome.model.hub;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Folders that are made or taken away at once, and what is in them. Links are never followed out of a folder. */
final class Folders {

    /** How the names of folders begin that are on their way in or out. */
    private static final String LIMBO = ".palindrome-";

    private static final int DEPTH = 4;

    private Folders() {}

    /** @return a new folder that nobody takes for anything, inside another one */
    static Path limbo(final Path parent) throws IOException {
        return Files.createDirectories(parent.resolve(LIMBO + UUID.randomUUID()));
    }

    /**
     * Deletes a folder and all in it. It leaves its place at once: nobody finds it
     * half deleted.
     *
     * @param folder what to delete
     * @param parent a folder of the same disk, where it goes to first
     */
    static void delete(final Path folder, final Path parent) throws IOException {
        Files.move(folder, limbo(parent).resolve("gone"), StandardCopyOption.ATOMIC_MOVE);
        sweep(parent);
    }

    /** Deletes what programs that ended too early left on its way in or out. */
    static void sweep(final Path parent) throws IOException {
        for (final Path entry : list(parent))
            if (entry.getFileName().toString().startsWith(LIMBO) && Files.isDirectory(entry)) deleteTree(entry);
    }

    /** @return what lies directly in a folder, in order; nothing if there is no folder */
    static List<Path> list(final Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    /** @return the files of a model's folder as paths from it, with {@code /} between folders, in order */
    static List<String> files(final Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder, DEPTH)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static void deleteTree(final Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            /** Another program may be sweeping, too. */
            @Override
            public FileVisitResult visitFileFailed(final Path file, final IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) return FileVisitResult.CONTINUE;
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path one, final IOException failure) throws IOException {
                if (failure != null) throw failure;
                Files.deleteIfExists(one);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
