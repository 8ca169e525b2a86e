package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import palindrome.engine.Tensors;
import palindrome.network.Autoencoder;

/**
 * The states of a latent diffusion model: the latents of an autoencoder, shifted and scaled.
 * <p>
 * Pixels beyond [−1, 1] are taken for the nearest number in it, since an autoencoder has never seen any. States are
 * multiples of 2⁻²⁴, so that the lattice of an exact sampler holds them as they are, and the same image is decoded
 * before a run and after the way back.
 */
final class LatentSpace implements ImageSpace {

    private static final double SPACING = 0x1p-24;

    private final Autoencoder autoencoder;
    private final Runnable beforeBlock;

    /** @param beforeBlock run before every block of the autoencoder; leaves by an exception to stop */
    LatentSpace(final Autoencoder autoencoder, final Runnable beforeBlock) {
        this.autoencoder = autoencoder;
        this.beforeBlock = beforeBlock;
    }

    @Override
    public NDArray toState(final NDArray pixels) {
        final NDManager owner = pixels.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(pixels);
            final NDArray images = Tensors.cast(pixels.clip(-1, 1), DataType.FLOAT32);
            final NDArray latent = finite(autoencoder.encode(images, beforeBlock), "latents");
            final NDArray state = autoencoder.scaling().toState(Tensors.cast(latent, DataType.FLOAT64));
            final NDArray rounded = state.div(SPACING).round().mul(SPACING);
            rounded.attach(owner);
            return rounded;
        }
    }

    @Override
    public NDArray toPixels(final NDArray state) {
        final NDManager owner = state.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(state);
            final NDArray latent = Tensors.cast(autoencoder.scaling().toLatent(state), DataType.FLOAT32);
            final NDArray images = finite(autoencoder.decode(latent, beforeBlock), "images");
            final NDArray pixels = Tensors.cast(images, DataType.FLOAT64);
            pixels.attach(owner);
            return pixels;
        }
    }

    /** @throws ArithmeticException if there are numbers that are not finite */
    private static NDArray finite(final NDArray values, final String what) {
        if (!Float.isFinite(values.abs().max().getFloat()))
            throw new ArithmeticException("The autoencoder returned " + what
                    + " that are not finite. Use less guidance or more steps; if it stays, the model's weights are"
                    + " damaged.");
        return values;
    }
}
