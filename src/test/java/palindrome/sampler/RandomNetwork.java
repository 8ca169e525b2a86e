package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import palindrome.engine.Kernel;
import palindrome.engine.Tensors;

/** A small float32 convolutional network with random weights, two prompts and guidance. */
final class RandomNetwork implements AutoCloseable {

    static final int CHANNELS = 3;
    static final int SIDE = 8;
    private static final int HIDDEN = 8;

    private final Kernel kernel = Kernel.load(
            RandomNetwork.class, "random_network.py", Map.of("HIDDEN", HIDDEN, "CHANNELS", CHANNELS, "SIDE", SIDE));
    private final NDArray inner;
    private final NDArray outer;

    RandomNetwork(final NDManager manager) {
        this(manager, 11);
    }

    /** @param seed of its weights */
    RandomNetwork(final NDManager manager, final long seed) {
        inner = weights(manager, seed, HIDDEN, CHANNELS);
        outer = weights(manager, seed + 1, CHANNELS, HIDDEN);
    }

    /**
     * @param type what its output is taken to mean
     * @param guidance scale of classifier-free guidance; 1 for none
     */
    Predictor predictor(final NodeGrid grid, final PredictionType type, final double guidance) {
        return (state, node) -> {
            final NDArray input = Tensors.cast(state, DataType.FLOAT32);
            final NDArray output = evaluate(input, grid.timestep(node), guidance);
            return type.toEpsilon(output, state, grid.alpha(node), grid.sigma(node));
        };
    }

    private NDArray evaluate(final NDArray input, final double timestep, final double guidance) {
        final NDManager manager = input.getManager();
        if (guidance == 1) return kernel.call("denoise", input, shift(manager, timestep, 1), inner, outer);
        final NDArray both = kernel.call("denoise", input, shift(manager, timestep, 0, 1), inner, outer);
        return kernel.call("guide", both, Tensors.of(manager, new float[] {(float) guidance}, 1));
    }

    private static NDArray shift(final NDManager manager, final double timestep, final int... prompts) {
        final float[] shift = new float[prompts.length * HIDDEN];
        for (int b = 0; b < prompts.length; b++)
            for (int k = 0; k < HIDDEN; k++)
                shift[b * HIDDEN + k] =
                        (float) (Math.sin(timestep / (40.0 * (k + 1))) + 0.3 * prompts[b] * Math.cos(k));
        return Tensors.of(manager, shift, prompts.length, HIDDEN, 1);
    }

    private static NDArray weights(final NDManager manager, final long seed, final int out, final int in) {
        final double scale = 1 / Math.sqrt(in * 9.0);
        return Tensors.cast(new TorchNoise(seed).draw(manager, 1, out * in * 9L).mul(scale), DataType.FLOAT32)
                .reshape(out, in * 9L);
    }

    @Override
    public void close() {
        kernel.close();
        inner.close();
        outer.close();
    }
}
