package palindrome.model;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import palindrome.engine.Placement;

/**
 * The model inside the plugin's own jar, read from there: nothing is unpacked,
 * so there is no copy to go stale or to be tampered with.
 */
public final class BundledModel {

    private static final String FOLDER = "palindrome/models/nuclei";
    private static final String CONTROL_NET = "controlnet";
    private static final String INDEX = FOLDER + "/model_index.json";

    /**
     * What to find out about the model's folder.
     *
     * @param <T> the answer
     */
    public interface Reader<T> {

        T read(Path root) throws IOException;
    }

    private BundledModel() {}

    /** What is done to the model before it is built, such as adding a LoRA. */
    interface Alteration {

        Checkpoint of(Checkpoint checkpoint) throws IOException;
    }

    /**
     * Reads the model's files without opening it.
     *
     * @param reader given the folder, which lies in the jar and is there until it returns
     * @return what the reader returns
     * @throws ModelException if this build lacks the model
     * @throws IOException if it cannot be read
     */
    public static <T> T read(final Reader<T> reader) throws IOException {
        try (OwnedResources resources = new OwnedResources()) {
            return reader.read(root(index(), resources));
        }
    }

    /**
     * @param placement where it will run, and in which precision
     * @param alteration applied to it first
     * @return the model
     * @throws ModelException if this build lacks it
     * @throws IOException if it cannot be read
     */
    static DiffusionModel open(final Placement placement, final Alteration alteration) throws IOException {
        return open(index(), placement, alteration);
    }

    /** As above, from the place of its index: a class folder, or a jar. */
    static DiffusionModel open(final URL index, final Placement placement, final Alteration alteration)
            throws IOException {
        final OwnedResources resources = new OwnedResources();
        final Path root = root(index, resources);
        try {
            return DiffusionModel.open(alteration.of(DiffusersFolder.open(root)), placement, resources);
        } catch (final IOException | RuntimeException exc) {
            resources.close();
            throw exc;
        }
    }

    /**
     * @param placement where it will run, and in which precision
     * @return the model's ControlNet
     * @throws ModelException if this build lacks it
     * @throws IOException if it cannot be read
     */
    static ControlNet openControlNet(final Placement placement) throws IOException {
        return ControlNet.open(
                ModelCatalog.BUNDLED,
                resources ->
                        DiffusersFolder.ofComponent(root(index(), resources).resolve(CONTROL_NET), CONTROL_NET, ""),
                placement);
    }

    private static URL index() throws ModelException {
        final URL index = BundledModel.class.getClassLoader().getResource(INDEX);
        if (index == null)
            throw new ModelException("This build of Palindrome has no bundled model (" + INDEX
                    + "). Install the plugin again, or give the folder of a model.");
        return index;
    }

    private static Path root(final URL index, final OwnedResources resources) throws IOException {
        try {
            if (index.getProtocol().equals("file"))
                return Path.of(index.toURI()).getParent();
            final URLConnection connection = index.openConnection();
            if (!(connection instanceof JarURLConnection jar))
                throw new ModelException("The bundled model cannot be read from " + index + ".");
            final Path file = Path.of(jar.getJarFileURL().toURI());
            // NB: a file system of our own; the shared one may be closed by others.
            final FileSystem inside = resources.own(FileSystems.newFileSystem(file, (ClassLoader) null));
            return inside.getPath(FOLDER);
        } catch (final URISyntaxException exc) {
            throw new ModelException("The bundled model cannot be read from " + index + ".", exc);
        }
    }
}
