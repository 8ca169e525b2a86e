package palindrome.train;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Path;
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
        copy(ModelExport.UNET_WEIGHTS, unet);
        copy(ModelExport.TEXT_WEIGHTS, text);
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
