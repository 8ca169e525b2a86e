package palindrome.guide;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import palindrome.network.Conditioning;
import palindrome.network.ControlNetModel;
import palindrome.network.ControlScale;
import palindrome.network.NoiseNetwork;
import palindrome.network.UNet2DConditionModel;

/**
 * A text-conditional network under the influence of a ControlNet and its control
 * image, always the same: to a sampler, and so to inversion, it is a network like
 * any other.
 */
public final class ControlledNetwork implements NoiseNetwork {

    private final UNet2DConditionModel network;
    private final ControlNetModel control;
    private final NDArray image;
    private final ControlScale scale;

    /**
     * @param network the denoiser; stays its owner's, like the others
     * @param control trained with that denoiser or one of its kind, on the same device
     *          and of the same element type
     * @param image the control image, as {@link ControlNetModel#forward} takes it, of one
     *          sample, which all share, or of as many as will be asked for
     * @param scale how strongly it counts
     */
    public ControlledNetwork(
            final UNet2DConditionModel network,
            final ControlNetModel control,
            final NDArray image,
            final ControlScale scale) {
        this.network = network;
        this.control = control;
        this.image = image;
        this.scale = scale;
    }

    @Override
    public NDArray forward(final NDArray sample, final NDArray timesteps, final Conditioning conditioning) {
        try (ControlNetModel.Residuals residuals = residuals(sample, timesteps, conditioning)) {
            return network.forward(sample, timesteps, conditioning, residuals);
        }
    }

    private ControlNetModel.Residuals residuals(
            final NDArray sample, final NDArray timesteps, final Conditioning conditioning) {
        final NDArray images = images((int) sample.getShape().get(0));
        try (ControlNetModel.Residuals full = control.forward(sample, timesteps, conditioning, images)) {
            return full.scaled(scale);
        } finally {
            if (images != image) images.close();
        }
    }

    /**
     * @param network the denoiser
     * @param control what controls it
     * @param batch states evaluated together
     * @param height of a state
     * @param width of a state
     * @return bytes that an evaluation takes besides the weights, estimated
     */
    public static long evaluationBytes(
            final UNet2DConditionModel network,
            final ControlNetModel control,
            final long batch,
            final long height,
            final long width) {
        return Math.max(
                control.embeddingBytes(batch, height, width),
                network.evaluationBytes(batch, height, width) + control.residualBytes(batch, height, width));
    }

    /** Guidance may ask for two samples at once. */
    private NDArray images(final int samples) {
        return image.getShape().get(0) == 1 && samples > 1 ? image.repeat(0, samples) : image;
    }

    @Override
    public Device device() {
        return network.device();
    }

    @Override
    public DataType elementType() {
        return network.elementType();
    }
}
