package palindrome.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import palindrome.ij1.ChildJvm;

@Timeout(120)
class RepoLockTest {

    @TempDir
    private Path folder;

    private static final class Impatient implements HubProgress {

        private final long start = System.nanoTime();
        private final List<String> stages = new ArrayList<>();

        @Override
        public void stage(final String name) {
            stages.add(name);
        }

        @Override
        public void bytes(final long done, final long total) {
            // no bytes come
        }

        @Override
        public boolean canceled() {
            return System.nanoTime() - start > 700_000_000L;
        }
    }

    private Path repo() {
        return folder.resolve("models--a--b");
    }

    private void assertHeld() {
        final Impatient progress = new Impatient();
        assertThrows(CancellationException.class, () -> RepoLock.take(repo(), progress));
        assertEquals(List.of("Waiting for another download of this model"), progress.stages);
    }

    @Test
    void oneThreadAtATime() throws IOException {
        try (RepoLock lock = RepoLock.take(repo(), HubProgress.NONE)) {
            assertHeld();
            // NB: having asked in vain must not have ended the lock
            assertHeld();
            RepoLock.take(folder.resolve("models--a--c"), HubProgress.NONE).close();
        }
        RepoLock.take(repo(), HubProgress.NONE).close();
    }

    @Test
    void oneProgramAtATimeAndACrashFreesIt() throws Exception {
        final Process child = new ChildJvm(Files.createDirectory(folder.resolve("child")), ChildJvm.testClassPath())
                .start(Map.of(), Holder.class.getName(), repo().toString());
        try {
            final Path sign = repo().resolveSibling("held");
            for (int i = 0; i < 600 && !Files.exists(sign); i++) Thread.sleep(100);
            assertTrue(Files.exists(sign));
            assertHeld();
        } finally {
            child.destroyForcibly().waitFor();
        }
        RepoLock.take(repo(), HubProgress.NONE).close();
    }

    /** Another program, which holds the lock until it is killed. */
    static final class Holder {

        private Holder() {}

        public static void main(final String... args) throws Exception {
            final Path repo = Path.of(args[0]);
            try (RepoLock lock = RepoLock.take(repo, HubProgress.NONE)) {
                Files.createFile(repo.resolveSibling("held"));
                Thread.sleep(100_000);
            }
        }
    }
}
