package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** A table of trained vectors, one for each index; also of timesteps. */
final class Embedding implements TimeProjection {

    private final Kernels.Handle kernel;
    private final Parameters table;

    /** @param name what the table is called in {@code scope} */
    Embedding(final ModuleScope scope, final String name, final int count, final int width) {
        kernel = scope.kernel("embedding.py", Map.of());
        table = scope.parameters().matrix(name, count, width).build();
    }

    /**
     * @param indices [B], whole numbers below the table's length. NB: others end in an
     *          error of the device, which a GPU does not survive
     * @return [B, width]
     */
    NDArray forward(final NDArray indices) {
        return kernel.call("lookup", table, indices);
    }

    @Override
    public NDArray forward(final NDArray sample, final NDArray timesteps) {
        final NDArray vectors = forward(timesteps);
        vectors.attach(sample.getManager());
        return vectors;
    }
}
