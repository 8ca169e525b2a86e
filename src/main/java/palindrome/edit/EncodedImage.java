package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import palindrome.engine.Tensors;
import palindrome.image.Padding;
import palindrome.model.TilePlan;

/**
 * An image as the state that a model's network works on, and what comes back of it without any diffusion: the image
 * itself where the model works on pixels, what the autoencoder makes of it where it works on latents. In host memory.
 */
public final class EncodedImage {

    private final Padding padding;
    private final TilePlan plan;
    private final double[] values;
    private final long[] shape;
    private final RandomAccessibleInterval<? extends RealType<?>> decoded;
    private final Optional<RoundTripError> autoencoderError;

    private EncodedImage(
            final Padding padding,
            final TilePlan plan,
            final NDArray state,
            final RandomAccessibleInterval<? extends RealType<?>> decoded,
            final Optional<RoundTripError> autoencoderError) {
        this.padding = padding;
        this.plan = plan;
        values = state.toDoubleArray();
        shape = state.getShape().getShape();
        this.decoded = decoded;
        this.autoencoderError = autoencoderError;
    }

    /**
     * @param image numbers with the axes X, Y and channel, about [−1, 1], of any size
     * @param model the model that will see it
     * @param progress asked whether to go on, between the blocks of an autoencoder
     * @throws IllegalArgumentException if the image does not fit the model
     */
    public static EncodedImage of(
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final OpenedModel model,
            final Progress progress) {
        final Padding padding =
                Padding.toMultiple((int) image.dimension(0), (int) image.dimension(1), model.sizeMultiple());
        final int factor = model.model().factor();
        final TilePlan plan = model.tilePlan(padding.paddedHeight() / factor, padding.paddedWidth() / factor);
        final boolean lossy = model.hasAutoencoder();
        if (lossy) progress.stage("Encoding");
        try (NDManager manager =
                model.model().manager().newSubManager(model.device().stateDevice())) {
            final ImageState states = new ImageState(model.model(), plan, progress);
            final NDArray state = states.of(padding.pad(image), manager);
            if (!lossy) return new EncodedImage(padding, plan, state, image, Optional.empty());
            final var decoded = padding.crop(states.toImage(state));
            return new EncodedImage(padding, plan, state, decoded, Optional.of(RoundTripError.of(image, decoded)));
        }
    }

    /** @return from the image to what the model saw */
    public Padding padding() {
        return padding;
    }

    /** @return in which windows the networks saw it */
    public TilePlan plan() {
        return plan;
    }

    /** @return what {@link Reconstruct} returns of an exact inversion, with the axes X, Y and channel */
    public RandomAccessibleInterval<? extends RealType<?>> decoded() {
        return decoded;
    }

    /** @return what the autoencoder alone loses of the image; empty where nothing can be lost */
    public Optional<RoundTripError> autoencoderError() {
        return autoencoderError;
    }

    /** @return the state, float64 [1, C, H, W], owned by the manager */
    public NDArray state(final NDManager manager) {
        return Tensors.of(manager, values, shape);
    }
}
