package palindrome.model;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses checkpoints that run code when they are opened.
 */
public final class PickleRefusal {

    private static final Set<String> ENDINGS = Set.of("bin", "ckpt", "pt", "pth", "pkl", "pickle");

    private PickleRefusal() {}

    /**
     * @param name of a file
     * @return whether it is that of a checkpoint in Python's pickle format
     */
    public static boolean isPickle(final String name) {
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    static boolean isPickle(final Path file) {
        return file.getFileName() != null && isPickle(file.getFileName().toString());
    }

    /**
     * @param file any file
     * @throws ModelException if it is a pickle by its name
     */
    public static void check(final Path file) throws ModelException {
        if (isPickle(file))
            throw new ModelException(
                    file + " is a pickle, a format that can run any program when it is opened, so it is not read. "
                            + "Get the model as .safetensors, or convert it in Python: load it with diffusers or transformers "
                            + "and call save_pretrained(folder, safe_serialization=True).");
    }
}
