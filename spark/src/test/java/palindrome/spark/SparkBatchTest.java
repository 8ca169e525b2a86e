package palindrome.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.ij1.ChildJvm;
import palindrome.ij1.Launcher;

/** A batch by Spark's executors, each a process of its own, against one by the shipped macro in a single process. */
class SparkBatchTest {

    /** Spark gives each executor as many threads as a task has processors, by default one; bits depend on it. */
    private static final Map<String, String> ENVIRONMENT = Map.of("OMP_WAIT_POLICY", "PASSIVE", "OMP_NUM_THREADS", "1");

    private static final List<String> FILES = List.of("a.tif", "b.tif", "c.tif", "d.tif", "e.tif", "f.tif");
    private static final String LINE = "steps=2 strength=1 guidance=9 sampler=Cycle-SDE target=[many bright nuclei]";

    @TempDir
    private Path folder;

    private Path input;

    @BeforeEach
    void images() throws IOException {
        input = Files.createDirectory(folder.resolve("in"));
        for (int n = 0; n < FILES.size(); n++) {
            final ImageProcessor pixels = n % 3 == 0
                    ? new ByteProcessor(24 + n, 16)
                    : n % 3 == 1 ? new ShortProcessor(16, 20 + n) : new FloatProcessor(19, 17);
            for (int i = 0; i < pixels.getPixelCount(); i++) pixels.setf(i, (i * 37 + n) % 251);
            assertTrue(new FileSaver(new ImagePlus("", pixels))
                    .saveAsTiff(input.resolve(FILES.get(n)).toString()));
        }
        Files.writeString(input.resolve("bad.tif"), "no image");
    }

    private ChildJvm child() {
        return new ChildJvm(folder, ChildJvm.testClassPath())
                .option("-DDJL_CACHE_DIR=" + Path.of(System.getProperty("user.home"), ".djl.ai"));
    }

    private ChildJvm.Result spark(final String master, final Path output) throws IOException {
        // executors are started as by an installation of Spark, whose folder of jars is empty: they are on the class
        // path
        final Path home = Files.createDirectories(folder.resolve("spark"));
        Files.createDirectories(home.resolve("jars"));
        final Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("SPARK_HOME", home.toString());
        environment.put("SPARK_SCALA_VERSION", "2.13");
        final ChildJvm driver = child().option("-Dspark.master=" + master)
                .option("-Dspark.ui.enabled=false")
                .option("-Dspark.executor.extraClassPath=" + ChildJvm.testClassPath())
                .option("-Dspark.executorEnv.OMP_WAIT_POLICY=PASSIVE")
                .option("-Dspark.executorEnv.DJL_CACHE_DIR=" + Path.of(System.getProperty("user.home"), ".djl.ai"))
                .option("-Dspark.scheduler.minRegisteredResourcesRatio=1.0");
        for (final String option : JavaModuleOptions.defaultModuleOptions().split(" "))
            if (!option.isBlank()) driver.option(option);
        return driver.run(
                environment,
                SparkBatch.class.getName(),
                "--input=" + input,
                "--output=" + output,
                "--operation=Edit",
                "--line=" + LINE);
    }

    @Test
    void twoExecutorsMakeTheSameFilesAsOneProcess() throws IOException {
        final Path single = folder.resolve("single");
        final ChildJvm.Result macro = child().run(
                        ENVIRONMENT,
                        Launcher.class.getName(),
                        Path.of("../macros/Batch.ijm").toAbsolutePath().toString(),
                        "input=[" + input + "] output=[" + single + "] operation=Edit line=[" + LINE + "]");
        assertTrue(macro.err().contains("1 of 7 files failed."), macro.out() + macro.err());

        final Path cluster = folder.resolve("cluster");
        final ChildJvm.Result result = spark("local-cluster[2,1,1024]", cluster);
        assertEquals(
                "7 files: 6 done, 0 skipped, 1 failed. Executors at work: 2.",
                result.out().strip(),
                result.err());
        assertEquals(1, result.status());
        try (Stream<Path> files = Files.list(cluster)) {
            assertEquals(
                    List.of(
                            "a-edit.tif",
                            "b-edit.tif",
                            "batch.csv",
                            "c-edit.tif",
                            "d-edit.tif",
                            "e-edit.tif",
                            "f-edit.tif"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        for (final String file : FILES) assertSame(single, cluster, file.replace(".tif", "-edit.tif"));
        assertEquals(withoutSeconds(single), withoutSeconds(cluster));

        // threads of one process, for what is not done yet
        Files.delete(cluster.resolve("e-edit.tif"));
        assertEquals(
                "7 files: 1 done, 5 skipped, 1 failed. Executors at work: 1.",
                spark("local[4]", cluster).out().strip());
        assertSame(single, cluster, "e-edit.tif");
    }

    /** Not the pixels only: records, calibration, all. */
    private static void assertSame(final Path single, final Path cluster, final String name) throws IOException {
        assertArrayEquals(Files.readAllBytes(single.resolve(name)), Files.readAllBytes(cluster.resolve(name)), name);
    }

    private static List<String> withoutSeconds(final Path output) throws IOException {
        return Files.readAllLines(output.resolve("batch.csv")).stream()
                .map(line -> line.replaceFirst(",[\\d.]+,", ",,"))
                .toList();
    }
}
