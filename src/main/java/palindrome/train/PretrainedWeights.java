package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import palindrome.model.SafetensorsFile;

/**
 * An exported model as the beginning of a new run. Parameters that it lacks, since the network has grown, stay as they
 * were drawn.
 *
 * @param folder the model in diffusers' layout
 */
record PretrainedWeights(Path folder) {

    /**
     * @param unet overwritten
     * @param text overwritten
     * @throws IOException if the model cannot be read
     */
    void copyTo(final Map<String, NDArray> unet, final Map<String, NDArray> text) throws IOException {
        copyUnetTo(unet);
        copy(ModelExport.TEXT_WEIGHTS, text);
    }

    /**
     * @param network a network that shares parameters with the denoiser, which are overwritten
     * @throws IOException if the model cannot be read
     */
    void copyUnetTo(final Map<String, NDArray> network) throws IOException {
        copy(ModelExport.UNET_WEIGHTS, network);
    }

    /**
     * @param names parameters of the denoiser
     * @param manager owner of the arrays
     * @return them, by name
     * @throws IOException if the model cannot be read
     */
    Map<String, NDArray> unet(final Collection<String> names, final NDManager manager) throws IOException {
        return read(ModelExport.UNET_WEIGHTS, names, manager);
    }

    /** As above, parameters of the text encoder. */
    Map<String, NDArray> text(final Collection<String> names, final NDManager manager) throws IOException {
        return read(ModelExport.TEXT_WEIGHTS, names, manager);
    }

    private Map<String, NDArray> read(final String file, final Collection<String> names, final NDManager manager)
            throws IOException {
        final Map<String, NDArray> arrays = new LinkedHashMap<>();
        try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve(file))) {
            for (final String name : names) arrays.put(name, weights.get(name, manager));
        }
        return arrays;
    }

    private void copy(final String file, final Map<String, NDArray> arrays) throws IOException {
        try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve(file))) {
            for (final Map.Entry<String, NDArray> entry : arrays.entrySet()) {
                if (!weights.names().contains(entry.getKey())) continue;
                try (NDArray stored =
                        weights.get(entry.getKey(), entry.getValue().getManager())) {
                    if (!stored.getShape().equals(entry.getValue().getShape()))
                        throw new IOException("The parameter " + entry.getKey() + " is " + stored.getShape() + " in "
                                + folder + " and " + entry.getValue().getShape()
                                + " in the recipe; begin with a model of the same widths.");
                    stored.copyTo(entry.getValue());
                }
            }
        }
    }
}
