package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import palindrome.engine.Tensors;

/** From a number for every pixel, such as how free it is, to one for every value of a model's state. */
final class StateWeights {

    private final OpenedModel model;
    private final ImageState states;

    StateWeights(final OpenedModel model, final ImageState states) {
        this.model = model;
        this.states = states;
    }

    /**
     * @param pixels padded, with the axes X and Y
     * @return float64, of a shape that can be broadcast to that of a state: a pixel model's values are pixels, and each
     *         has the number of its own; a latent's stand for a square of pixels each, and have the largest of theirs
     */
    NDArray of(final RandomAccessibleInterval<? extends RealType<?>> pixels, final NDManager manager) {
        return model.hasAutoencoder()
                ? cells(pixels, manager)
                : states.of(Views.stack(Collections.nCopies(model.imageChannels(), pixels)), manager);
    }

    /** @return [1, 1, H, W], the largest number of the pixels that each place of the state stands for */
    NDArray cells(final RandomAccessibleInterval<? extends RealType<?>> pixels, final NDManager manager) {
        final int factor = model.model().factor();
        final int columns = (int) pixels.dimension(0) / factor;
        final int rows = (int) pixels.dimension(1) / factor;
        final double[] largest = new double[rows * columns];
        int i = 0;
        for (final RealType<?> pixel : Views.flatIterable(pixels)) {
            final int x = i % (columns * factor);
            final int y = i / (columns * factor);
            final int cell = y / factor * columns + x / factor;
            largest[cell] = Math.max(largest[cell], pixel.getRealDouble());
            i++;
        }
        return Tensors.of(manager, largest, 1, 1, rows, columns);
    }
}
