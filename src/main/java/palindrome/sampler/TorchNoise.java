package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import palindrome.engine.Tensors;
import palindrome.engine.TorchRandom;

/**
 * Noise as PyTorch draws it on a CPU, one generator an image: a seed means the
 * same picture on every device and in every batch. Successive draws go on in the
 * same stream.
 */
public final class TorchNoise implements NoiseSource {

    private final TorchRandom[] generators;

    /** @param seeds one an image of the batch */
    public TorchNoise(final long... seeds) {
        generators = new TorchRandom[seeds.length];
        for (int b = 0; b < seeds.length; b++) generators[b] = new TorchRandom(seeds[b]);
    }

    /**
     * @throws IllegalArgumentException if the batch has another size than there are
     *           seeds
     */
    @Override
    public NDArray draw(final NDManager manager, final long... shape) {
        if (shape.length == 0 || shape[0] != generators.length)
            throw new IllegalArgumentException("There are " + generators.length + " seeds for a batch of shape "
                    + new Shape(shape) + "; give one seed an image.");
        final int perImage = Math.toIntExact(new Shape(shape).size() / shape[0]);
        final double[] values = new double[perImage * generators.length];
        for (int b = 0; b < generators.length; b++) {
            final float[] drawn = generators[b].randn(perImage);
            for (int i = 0; i < perImage; i++) values[b * perImage + i] = drawn[i];
        }
        return Tensors.of(manager, values, shape);
    }
}
