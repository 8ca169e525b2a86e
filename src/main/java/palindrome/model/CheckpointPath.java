package palindrome.model;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where a checkpoint lies, and which of its weights are wanted: {@code PATH}, or
 * {@code PATH#VARIANT}.
 *
 * @param path a folder or a file
 * @param variant such as {@code fp16}; empty for the plain weights
 */
public record CheckpointPath(Path path, String variant) {

    private static final char VARIANT = '#';

    /**
     * NB: a folder may have a {@code #} in its name.
     *
     * @param text what {@link #toString} gives
     * @return where that is
     * @throws ModelException if the text cannot be a path
     */
    public static CheckpointPath of(final String text) throws ModelException {
        try {
            final int mark = text.lastIndexOf(VARIANT);
            return mark < 1 || Files.exists(Path.of(text))
                    ? new CheckpointPath(Path.of(text), "")
                    : new CheckpointPath(Path.of(text.substring(0, mark)), text.substring(mark + 1));
        } catch (final InvalidPathException exc) {
            throw new ModelException("'" + text + "' is no path. Give a folder or a .safetensors file.", exc);
        }
    }

    /** @return the same as any program on this computer finds it */
    public CheckpointPath lasting() {
        return new CheckpointPath(path.toAbsolutePath().normalize(), variant);
    }

    /** @return whether it is one file */
    public boolean isFile() {
        return Files.isRegularFile(path);
    }

    @Override
    public String toString() {
        return variant.isEmpty() ? path.toString() : path + "" + VARIANT + variant;
    }
}
