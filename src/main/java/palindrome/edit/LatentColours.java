package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.engine.Tensors;

/**
 * The linear map from the channels of a latent to red, green and blue that fits an autoencoder best: what it makes of
 * patches of known colours, by least squares. It shows colours and coarse shapes at a negligible cost, no texture.
 */
final class LatentColours {

    /** The fits, by the hash of a model's weights, since the patches have to be encoded for each. */
    private static final Map<String, LatentColours> KNOWN = new ConcurrentHashMap<>();

    private static final int PATCHES = 6;
    /** Latent pixels along the side of a patch; those at its border see the neighbours' colours, which does no harm. */
    private static final int PATCH = 4;

    private static final long SEED = 1;
    /** Keeps the equations solvable where an autoencoder makes no use of a channel. */
    private static final double RIDGE = 1e-6;

    private final double[] weights;
    private final int channels;

    /** @param weights [channels + 1][3], the last row added to all */
    private LatentColours(final double[] weights, final int channels) {
        this.weights = weights;
        this.channels = channels;
    }

    /** @return the map of a latent model */
    static LatentColours of(final OpenedModel opened) {
        try {
            return KNOWN.computeIfAbsent(opened.sha256(), hash -> fit(opened));
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }

    /**
     * @param state float64 [1, C, H, W]
     * @return [1, 3, H, W], clipped to [−1, 1]
     */
    NDArray toPixels(final NDArray state) {
        final long rows = state.getShape().get(2);
        final long columns = state.getShape().get(3);
        final NDArray map = Tensors.of(state.getManager(), weights, channels + 1, 3);
        return withOnes(state).matMul(map).clip(-1, 1).transpose().reshape(1, 3, rows, columns);
    }

    private static LatentColours fit(final OpenedModel opened) {
        final int factor = opened.model().factor();
        final int side = PATCHES * PATCH;
        try (NDManager scope =
                opened.model().manager().newSubManager(opened.device().stateDevice())) {
            final ArrayImg<DoubleType, DoubleArray> patches = patches(side * factor, PATCH * factor);
            final NDArray state = ImageState.of(opened.model(), side, side).of(patches, scope);
            final NDArray known = withOnes(state);
            final NDArray colours = rows(
                    Tensors.of(scope, patches(side, PATCH).update(null).getCurrentStorageArray(), 1, 3, side, side));
            final NDArray turned = known.transpose();
            final NDArray square = turned.matMul(known);
            final NDArray ridge = scope.eye((int) square.getShape().get(0))
                    .toType(DataType.FLOAT64, false)
                    .mul(RIDGE * known.getShape().get(0));
            final NDArray weights = square.add(ridge).inverse().matMul(turned.matMul(colours));
            return new LatentColours(
                    weights.toDoubleArray(), (int) state.getShape().get(1));
        }
    }

    /** @return one row for each pixel: its channels and a one */
    private static NDArray withOnes(final NDArray state) {
        final NDArray rows = rows(state);
        final NDArray ones = rows.getManager().ones(new Shape(rows.getShape().get(0), 1), DataType.FLOAT64);
        return rows.concat(ones, 1);
    }

    private static NDArray rows(final NDArray state) {
        return state.reshape(state.getShape().get(1), -1).transpose();
    }

    /** @return squares of random colours */
    private static ArrayImg<DoubleType, DoubleArray> patches(final int side, final int patch) {
        final double[] numbers = new double[3 * side * side];
        final Random random = new Random(SEED);
        final double[] colours = random.doubles(3L * PATCHES * PATCHES, -1, 1).toArray();
        for (int i = 0; i < numbers.length; i++) {
            final int channel = i / (side * side);
            final int row = i / side % side / patch;
            final int column = i % side / patch;
            numbers[i] = colours[3 * (row * PATCHES + column) + channel];
        }
        return ArrayImgs.doubles(numbers, side, side, 3);
    }
}
