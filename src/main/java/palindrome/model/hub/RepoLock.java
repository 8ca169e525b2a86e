package palindrome.model.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to change one repository of the cache: one holder at a time, in this
 * program and among all programs of this computer. It ends with the program, so
 * none is left behind by a crash.
 */
final class RepoLock implements AutoCloseable {

    private static final long PAUSE_MS = 200;

    /**
     * What this program holds. NB: a lock on a file is that of the whole process, and
     * closing any other channel to the file would end it: so threads must not
     * even open one.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private FileChannel channel;

    private RepoLock(final Path file) {
        this.file = file;
    }

    /**
     * Waits for the lock.
     *
     * @param repo the repository's folder
     * @param progress told that somebody else has it, and asked whether to wait on
     * @return the lock, which the caller closes
     * @throws CancellationException if the user canceled
     * @throws IOException if there can be no lock, as on a read-only disk
     */
    static RepoLock take(final Path repo, final HubProgress progress) throws IOException {
        final Path folder = Files.createDirectories(
                repo.resolveSibling(".locks").resolve(repo.getFileName().toString()));
        final RepoLock lock = new RepoLock(folder.toRealPath().resolve("palindrome.lock"));
        boolean told = false;
        while (!lock.tryTake()) {
            if (!told) progress.stage("Waiting for another download of this model");
            told = true;
            progress.checkCanceled();
            try {
                Thread.sleep(PAUSE_MS);
            } catch (final InterruptedException exc) {
                Thread.currentThread().interrupt();
                throw new CancellationException("The download was interrupted.");
            }
        }
        return lock;
    }

    private boolean tryTake() throws IOException {
        if (!HELD.add(file)) return false;
        boolean taken = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            final FileLock held = channel.tryLock();
            taken = held != null;
            return taken;
        } finally {
            if (!taken) close();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (channel != null) channel.close();
        } finally {
            channel = null;
            HELD.remove(file);
        }
    }
}
