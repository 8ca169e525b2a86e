package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.Placement;

/** Tests {@link ModelPool}. */
class ModelPoolTest {

    private static final Placement CPU = Placement.on(Device.cpu());

    @TempDir
    Path temp;

    private final AtomicInteger openings = new AtomicInteger();
    private String choice;
    private ModelPool pool;

    @BeforeEach
    void write() throws IOException {
        choice = TinyModel.write(Files.createDirectory(temp.resolve("tiny"))).toString();
        pool = pool(Duration.ofHours(1));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private ModelPool pool(final Duration idle) {
        return new ModelPool(
                (wanted, placement) -> {
                    openings.incrementAndGet();
                    return ModelCatalog.open(wanted, placement, RememberedPredictions.in(temp.resolve("settings")));
                },
                idle);
    }

    @Test
    void oneCopyServesAllUntilItIsReleased() throws IOException {
        final DiffusionModel model;
        try (Lease<DiffusionModel> first = pool.lease(choice, CPU);
                Lease<DiffusionModel> second = pool.lease(choice + "/../tiny", CPU)) {
            model = first.get();
            assertSame(model, second.get());
            pool.releaseAll();
            assertTrue(isOpen(model), "a model in use is not closed");
            second.close();
            second.close();
            assertTrue(isOpen(model), "giving back twice counts once");
        }
        assertFalse(isOpen(model), "released, so closed with its last lease");
        try (Lease<DiffusionModel> again = pool.lease(choice, CPU)) {
            assertNotSame(model, again.get());
        }
        assertEquals(List.of(choice), pool.open());
        try (Lease<DiffusionModel> kept = pool.lease(choice, CPU)) {
            assertEquals(2, openings.get());
        }
        pool.releaseAll();
        assertEquals(List.of(), pool.open());
    }

    @Test
    void manyThreadsOpenItOnce() throws Exception {
        final int threads = 8;
        final ExecutorService executor = Executors.newFixedThreadPool(threads);
        final CountDownLatch start = new CountDownLatch(1);
        final CountDownLatch borrowed = new CountDownLatch(threads);
        final Set<DiffusionModel> models = ConcurrentHashMap.newKeySet();
        final List<Future<?>> runs = new ArrayList<>();
        for (int i = 0; i < threads; i++)
            runs.add(executor.submit(() -> {
                start.await();
                try (Lease<DiffusionModel> lease = pool.lease(choice, CPU)) {
                    models.add(lease.get());
                    borrowed.countDown();
                    borrowed.await();
                    assertTrue(isOpen(lease.get()));
                }
                return null;
            }));
        start.countDown();
        for (final Future<?> run : runs) run.get();
        executor.shutdown();
        assertEquals(1, models.size());
        assertEquals(1, openings.get());
    }

    @Test
    void leasesAndReleasesAtOnceNeverLendAClosedModel() throws Exception {
        final ExecutorService executor = Executors.newFixedThreadPool(4);
        final List<Future<?>> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++)
            runs.add(executor.submit(() -> {
                for (int n = 0; n < 20; n++)
                    try (Lease<DiffusionModel> lease = pool.lease(choice, CPU)) {
                        assertTrue(isOpen(lease.get()));
                        Thread.yield();
                        assertTrue(isOpen(lease.get()));
                    }
                return null;
            }));
        runs.add(executor.submit(() -> {
            for (int n = 0; n < 40; n++) {
                pool.releaseAll();
                Thread.sleep(5);
            }
            return null;
        }));
        for (final Future<?> run : runs) run.get();
        executor.shutdown();
    }

    @Test
    void anIdleModelIsClosedAfterAWhile() throws Exception {
        try (ModelPool brief = pool(Duration.ofMillis(50))) {
            final DiffusionModel model;
            try (Lease<DiffusionModel> lease = brief.lease(choice, CPU)) {
                model = lease.get();
                Thread.sleep(150);
                assertTrue(isOpen(model), "a model in use is not idle");
            }
            for (int i = 0; i < 200 && isOpen(model); i++) Thread.sleep(10);
            assertFalse(isOpen(model));
            assertEquals(List.of(), brief.open());
        }
    }

    @Test
    void onlyTheLastTwoAreKept() throws IOException {
        final List<DiffusionModel> models = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            final Path folder = TinyModel.write(Files.createDirectory(temp.resolve("m" + i)));
            try (Lease<DiffusionModel> lease = pool.lease(folder.toString(), CPU)) {
                models.add(lease.get());
            }
        }
        assertEquals(
                List.of(false, true, true),
                models.stream().map(ModelPoolTest::isOpen).toList());
    }

    @Test
    void aModelThatChangedOnDiskIsOpenedAnew() throws IOException {
        try (Lease<DiffusionModel> before = pool.lease(choice, CPU)) {
            TinyModel.writeUnet(Path.of(choice), java.util.Map.of());
            try (Lease<DiffusionModel> after = pool.lease(choice, CPU)) {
                assertNotSame(before.get(), after.get());
                assertTrue(isOpen(before.get()));
                // What was not hashed in time has no hash, rather than that of the new file.
                assertThrows(ModelException.class, () -> before.get().sha256());
                assertEquals(64, after.get().sha256().length());
            }
            final DiffusionModel old = before.get();
            before.close();
            assertFalse(isOpen(old));
        }
    }

    @Test
    void aModelThatCannotBeOpenedIsTriedAgain() throws IOException {
        final Path config = Path.of(choice, "unet", "config.json");
        final String text = Files.readString(config);
        Files.writeString(config, "{");
        assertThrows(ModelException.class, () -> pool.lease(choice, CPU));
        assertEquals(List.of(), pool.open());
        Files.writeString(config, text);
        pool.lease(choice, CPU).close();
        assertThrows(
                ModelException.class, () -> pool.lease(temp.resolve("nowhere").toString(), CPU));
        pool.close();
        assertThrows(IllegalStateException.class, () -> pool.lease(choice, CPU));
    }

    private static boolean isOpen(final DiffusionModel model) {
        return model.manager().isOpen();
    }
}
