package palindrome.model;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses checkpoints that run code when they are opened.
 */
final class PickleRefusal {

    private static final Set<String> ENDINGS = Set.of("bin", "ckpt", "pt", "pth", "pkl", "pickle");

    private PickleRefusal() {}

    /** Whether the name is that of a checkpoint in Python's pickle format. */
    static boolean isPickle(final Path file) {
        final String name =
                file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    /**
     * @param file any file
     * @throws ModelException if it is a pickle by its name
     */
    static void check(final Path file) throws ModelException {
        if (isPickle(file))
            throw new ModelException(
                    file + " is a pickle, a format that can run any program when it is opened, so it is not read. "
                            + "Get the model as .safetensors, or convert it in Python: load it with diffusers or transformers "
                            + "and call save_pretrained(folder, safe_serialization=True).");
    }
}
