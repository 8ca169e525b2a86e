package palindrome.ij1;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Another Java, since ImageJ must be patched, or opened, in a virtual machine
 * that has not loaded it yet.
 */
public final class ChildJvm {

    private static final long TIMEOUT_S = 180;
    private static final String ERR = "stderr.txt";

    private final List<String> command = new ArrayList<>();
    private final Path folder;

    /** What a finished child left. */
    public record Result(int status, String out, String err) {}

    /** @param folder an empty folder for preferences, home and output */
    public ChildJvm(final Path folder, final String classPath) {
        this.folder = folder;
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        command.add("-Djava.util.prefs.userRoot=" + folder);
        command.add("-Duser.home=" + folder);
        command.add("-Dij.dir=" + folder);
        command.add("-cp");
        command.add(classPath);
    }

    /** The class path of these tests. */
    public static String testClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Those parts of the tests' class path that are jars. */
    public static List<Path> testJars() {
        return List.of(testClassPath().split(File.pathSeparator)).stream()
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .toList();
    }

    /** @param limit such as {@code 128m}, in place of 512 MiB */
    public ChildJvm heap(final String limit) {
        command.replaceAll(word -> word.startsWith("-Xmx") ? "-Xmx" + limit : word);
        return this;
    }

    public ChildJvm option(final String option) {
        command.add(1, option);
        return this;
    }

    public Result run(final Map<String, String> environment, final String mainClass, final String... args) {
        final Process process = start(environment, mainClass, args);
        try {
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS))
                process.destroyForcibly().waitFor();
            return new Result(
                    process.exitValue(), Files.readString(out()), ownErrors(Files.readString(folder.resolve(ERR))));
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        } catch (final InterruptedException exc) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(exc);
        }
    }

    /** Starts a child for the caller to end. */
    public Process start(final Map<String, String> environment, final String mainClass, final String... args) {
        final List<String> line = new ArrayList<>(command);
        line.add(mainClass);
        line.addAll(List.of(args));
        try {
            final ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
            builder.environment().putAll(environment);
            return builder.redirectOutput(out().toFile())
                    .redirectError(folder.resolve(ERR).toFile())
                    .start();
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }

    private Path out() {
        return folder.resolve("stdout.txt");
    }

    /** Less what libtorch warns of at every convolution on processors that its NNPACK does not know. */
    private static String ownErrors(final String text) {
        return text.lines()
                .filter(line -> !line.contains("NNPACK"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }
}
