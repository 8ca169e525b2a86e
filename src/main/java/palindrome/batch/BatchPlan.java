package palindrome.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import palindrome.ij1.CommandCall;
import palindrome.image.ResultTitle;

/**
 * What is to be done: a task for each file.
 *
 * @param call the command
 * @param folder where the results go; it is there
 * @param tasks in the order of the input
 */
public record BatchPlan(CommandCall call, Path folder, List<BatchTask> tasks) {

    /**
     * Makes a plan and the output folder, and removes from that what a killed batch left unfinished.
     *
     * @param input a folder, all of whose image files are taken, without its subfolders; or a text file with one path a
     *     line, from the folder of that file, where lines that start with # are skipped
     * @param output the folder for results
     * @param operation name of the command, or empty if the line is a whole statement
     * @param line {@code run("Diffusion Edit...", "steps=20");}, or with an operation {@code steps=20}
     * @param overwrite whether files that are there, and were made otherwise, may be replaced
     * @throws IllegalArgumentException one sentence, if any of them is not legal
     * @throws IOException if a folder or the list cannot be read or made
     */
    public static BatchPlan of(
            final String input, final String output, final String operation, final String line, final boolean overwrite)
            throws IOException {
        final CommandCall call = call(operation.strip(), line);
        final Path source = path("input", input, "a folder of images, or a text file with one path a line");
        final Path folder = path("output", output, "a folder for the results");
        final boolean isList = Files.isRegularFile(source);
        if (!isList && !Files.isDirectory(source))
            throw new IllegalArgumentException(
                    "'input' is '" + input + "', but there is no such folder or list of files: check the path.");
        final List<Path> files = isList ? listed(source) : imagesIn(source);
        if (files.isEmpty())
            throw new IllegalArgumentException(
                    "'input' is '" + input + "', which " + (isList ? "lists no file." : "has no image file in it."));
        makeFolder(folder);
        for (final Path file : files)
            if (Files.isDirectory(file.getParent()) && Files.isSameFile(file.getParent(), folder))
                throw new IllegalArgumentException("'output' is '" + output
                        + "', where input files are too: use another folder, or results would become inputs.");
        final Path base = isList ? source.getParent() : source;
        final List<BatchTask> tasks = tasks(call, files, base, folder, overwrite);
        ResultFile.deleteUnfinished(folder);
        return new BatchPlan(call, folder, tasks);
    }

    private static CommandCall call(final String operation, final String line) {
        if (operation.isEmpty() && line.isBlank())
            throw new IllegalArgumentException("'line' is missing: it must be a macro line such as"
                    + " run(\"Diffusion Edit...\", \"steps=20\"); or, with operation=Edit, the options alone.");
        final CommandCall call =
                (operation.isEmpty() ? CommandCall.parse(line) : CommandCall.of(operation, line)).forAnyImage();
        final String title = call.signature().title();
        if (call.signature().mainImage().isEmpty())
            throw new IllegalArgumentException(title + " takes no image, so it cannot run over files.");
        if (!call.makesImages())
            throw new IllegalArgumentException(title + " makes no image, so there is nothing to save.");
        return call;
    }

    private static Path path(final String key, final String text, final String legal) {
        if (text.isBlank()) throw new IllegalArgumentException("'" + key + "' is missing: it must be " + legal + ".");
        try {
            return Path.of(text.strip()).toAbsolutePath().normalize();
        } catch (final InvalidPathException exc) {
            throw new IllegalArgumentException("'" + key + "' is '" + text + "', which is no path.", exc);
        }
    }

    private static List<Path> imagesIn(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !name(file).startsWith("."))
                    .filter(file -> !ResultTitle.withoutEnding(name(file)).equals(name(file)))
                    .sorted()
                    .toList();
        } catch (final UncheckedIOException exc) {
            throw exc.getCause();
        }
    }

    private static List<Path> listed(final Path list) throws IOException {
        final List<Path> files = new ArrayList<>();
        for (final String text : Files.readAllLines(list)) {
            if (text.isBlank() || text.strip().startsWith("#")) continue;
            try {
                files.add(list.resolveSibling(text.strip()).normalize());
            } catch (final InvalidPathException exc) {
                throw new IllegalArgumentException("'" + text + "' in " + list + " is no path.", exc);
            }
        }
        return files;
    }

    private static void makeFolder(final Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (final IOException exc) {
            throw new IOException(
                    "The folder " + folder + " cannot be made: is there a file of that name, and may you"
                            + " write there?",
                    exc);
        }
    }

    private static List<BatchTask> tasks(
            final CommandCall call,
            final List<Path> files,
            final Path base,
            final Path folder,
            final boolean overwrite) {
        // cells.tif and cells.png side by side keep their endings, or one result would replace the other
        final Map<String, Long> stems = files.stream()
                .collect(Collectors.groupingBy(file -> ResultTitle.withoutEnding(name(file)), Collectors.counting()));
        final Function<Path, String> naming = file -> {
            final String stem = ResultTitle.withoutEnding(name(file));
            return stems.get(stem) == 1 ? stem : name(file);
        };
        final Map<String, Path> taken = new HashMap<>();
        final List<BatchTask> tasks = new ArrayList<>();
        for (final Path file : files) {
            final String name = naming.apply(file);
            final Path other = taken.putIfAbsent(name, file);
            if (other != null)
                throw new IllegalArgumentException(file + " and " + other
                        + " have the same name, and one result would replace the other: run them into two folders.");
            final String label = file.startsWith(base) ? base.relativize(file).toString() : file.toString();
            tasks.add(new BatchTask(call.line(), file.toString(), label, folder.toString(), name, overwrite));
        }
        return tasks;
    }

    private static String name(final Path file) {
        return file.getFileName().toString();
    }
}
