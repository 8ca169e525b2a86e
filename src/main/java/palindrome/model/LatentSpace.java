package palindrome.model;

import ai.djl.Device;
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
    private final Device device;
    private final Runnable beforeBlock;

    /**
     * @param device where the autoencoder computes, in float32; pixels and states may be on another one, since not
     *          every device has float64
     * @param beforeBlock run before every block of the autoencoder; leaves by an exception to stop
     */
    LatentSpace(final Autoencoder autoencoder, final Device device, final Runnable beforeBlock) {
        this.autoencoder = autoencoder;
        this.device = device;
        this.beforeBlock = beforeBlock;
    }

    @Override
    public NDArray toState(final NDArray pixels) {
        final NDManager owner = pixels.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(pixels);
            final NDArray images = narrow(pixels.clip(-1, 1));
            final NDArray latent = finite(autoencoder.encode(images, beforeBlock), "latents");
            final NDArray state = autoencoder.scaling().toState(widen(latent, pixels.getDevice()));
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
            final NDArray latent = narrow(autoencoder.scaling().toLatent(state));
            final NDArray images = finite(autoencoder.decode(latent, beforeBlock), "images");
            final NDArray pixels = widen(images, state.getDevice());
            pixels.attach(owner);
            return pixels;
        }
    }

    private NDArray narrow(final NDArray wide) {
        return Tensors.cast(wide, DataType.FLOAT32).toDevice(device, false);
    }

    private static NDArray widen(final NDArray narrow, final Device to) {
        return Tensors.cast(narrow.toDevice(to, false), DataType.FLOAT64);
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
