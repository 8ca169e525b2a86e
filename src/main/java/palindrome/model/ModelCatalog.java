package palindrome.model;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import palindrome.engine.Placement;

/**
 * Opens a model by what the user calls it: {@code bundled}, or the path of a
 * folder.
 */
public final class ModelCatalog {

    /** The model that comes with the plugin. */
    public static final String BUNDLED = "bundled";

    private static final char VARIANT = '#';

    private ModelCatalog() {}

    /**
     * @param choice {@code bundled}, or the path of a model folder in diffusers'
     *          layout, which {@code #} and a variant of its weights may follow, such as
     *          {@code /models/sd#fp16}
     * @param device where the model will run, in float32
     * @return the model, which the caller closes
     * @throws ModelException if there is no such model, or it cannot be used
     * @throws IOException if a file cannot be read
     */
    public static DiffusionModel open(final String choice, final Device device) throws IOException {
        return open(choice, Placement.on(device));
    }

    /** As above, in a precision of one's own choice. */
    public static DiffusionModel open(final String choice, final Placement placement) throws IOException {
        final String wanted = choice.strip();
        if (wanted.isEmpty())
            throw new ModelException("No model was given. Use model=" + BUNDLED + ", or the folder of a model.");
        if (wanted.equals(BUNDLED)) return BundledModel.open(placement);
        try {
            return DiffusionModel.open(folder(wanted), placement, new OwnedResources());
        } catch (final InvalidPathException exc) {
            throw new ModelException(
                    "'" + wanted + "' is no path. Use model=" + BUNDLED + ", or the folder of a model.", exc);
        }
    }

    /** NB: a folder may have a {@code #} in its name. */
    private static DiffusersFolder folder(final String wanted) throws IOException {
        final int mark = wanted.lastIndexOf(VARIANT);
        return mark < 1 || Files.exists(Path.of(wanted))
                ? DiffusersFolder.open(Path.of(wanted))
                : DiffusersFolder.open(Path.of(wanted.substring(0, mark)), wanted.substring(mark + 1));
    }
}
