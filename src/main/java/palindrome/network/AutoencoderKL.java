package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Optional;

/**
 * diffusers' AutoencoderKL (Rombach et al. 2022), the autoencoder of Stable Diffusion: an image is a normal
 * distribution of latents, whose mean is its latent here.
 */
public final class AutoencoderKL implements Autoencoder {

    private final AutoencoderKLConfig config;
    private final Kernels kernels = new Kernels();
    private final Kernels.Handle kernel;
    private final AutoencoderEncoder encoder;
    private final Optional<Parameters> quantConv;
    private final Optional<Parameters> postQuantConv;
    private final AutoencoderDecoder decoder;

    /**
     * @param config the checkpoint's configuration
     * @param weights its tensors, which must outlive the network
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public AutoencoderKL(final AutoencoderKLConfig config, final Weights weights) {
        this.config = config;
        final ModuleScope scope = new ModuleScope("", weights, kernels);
        final int latent = config.latentChannels();
        final int moments = 2 * latent;
        kernel = scope.kernel("autoencoder.py", Map.of("GROUPS", config.normNumGroups(), "EPS", CoderConfig.NORM_EPS));
        encoder = new AutoencoderEncoder(scope.child("encoder"), config, config.inChannels(), moments);
        quantConv = config.useQuantConv()
                ? Optional.of(scope.parameters()
                        .conv("quant_conv", moments, moments, 1)
                        .build())
                : Optional.empty();
        postQuantConv = config.usePostQuantConv()
                ? Optional.of(scope.parameters()
                        .conv("post_quant_conv", latent, latent, 1)
                        .build())
                : Optional.empty();
        decoder = new AutoencoderDecoder(scope.child("decoder"), config, latent, config.outChannels());
    }

    /**
     * @param config a configuration
     * @return names and shapes of all parameters of such a network; needs neither a checkpoint nor native code
     */
    public static Map<String, Shape> parameterShapes(final AutoencoderKLConfig config) {
        final ShapeRecorder recorder = new ShapeRecorder();
        new AutoencoderKL(config, recorder).close();
        return recorder.shapes();
    }

    /** @return what this network was built from */
    public AutoencoderKLConfig config() {
        return config;
    }

    @Override
    public int imageChannels() {
        return config.inChannels();
    }

    @Override
    public int latentChannels() {
        return config.latentChannels();
    }

    @Override
    public int factor() {
        return config.factor();
    }

    @Override
    public LatentScaling scaling() {
        return config.scaling();
    }

    @Override
    public long bytesPerPixel() {
        return CoderMemory.bytesPerPixel(config);
    }

    /**
     * The normal distribution of latents that an image stands for.
     *
     * @param images [B, in_channels, H, W]
     * @param beforeBlock as in {@link #encode}
     * @return means, then logarithms of variances (not clamped): [B, 2·L, ⌊H/f⌋, ⌊W/f⌋], owned by the manager of
     *         {@code images}
     */
    public NDArray moments(final NDArray images, final Runnable beforeBlock) {
        CoderShapes.requireImages(images.getShape(), config.inChannels(), config.factor());
        final NDManager owner = images.getManager();
        try (NDManager scope = owner.newSubManager()) {
            final NDArray encoded = encoder.forward(images, beforeBlock, scope);
            final NDArray moments = quantConv
                    .map(parameters -> kernel.call("pointwise", parameters, encoded))
                    .orElse(encoded);
            moments.attach(owner);
            return moments;
        }
    }

    @Override
    public NDArray encode(final NDArray images, final Runnable beforeBlock) {
        try (NDArray moments = moments(images, beforeBlock)) {
            return kernel.call("mean", Parameters.NONE, moments);
        }
    }

    @Override
    public NDArray decode(final NDArray latents, final Runnable beforeBlock) {
        CoderShapes.requireLatents(latents.getShape(), config.latentChannels());
        final NDManager owner = latents.getManager();
        try (NDManager scope = owner.newSubManager()) {
            final NDArray input = postQuantConv
                    .map(parameters -> kernel.call("pointwise", parameters, latents))
                    .orElse(latents);
            if (input != latents) input.attach(scope);
            final NDArray images = decoder.forward(input, beforeBlock, scope);
            images.attach(owner);
            return images;
        }
    }

    @Override
    public void close() {
        kernels.close();
    }
}
