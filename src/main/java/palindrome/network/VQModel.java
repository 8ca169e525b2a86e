package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;

/**
 * diffusers' VQModel (van den Oord et al. 2017; Esser et al. 2021), the autoencoder of some unconditional latent
 * models: the decoder only knows the vectors of a codebook.
 * <p>
 * A latent is decoded as the nearest vector of the codebook, place by place, as diffusers does. Encoding does not round
 * to it, since what was rounded could not be inverted: diffusion goes on between the vectors, and is rounded at the end.
 */
public final class VQModel implements Autoencoder {

    private final VQModelConfig config;
    private final Kernels kernels = new Kernels();
    private final Kernels.Handle kernel;
    private final AutoencoderEncoder encoder;
    private final Parameters quantConv;
    private final Parameters codebook;
    private final Parameters postQuantConv;
    private final AutoencoderDecoder decoder;

    /**
     * @param config the checkpoint's configuration
     * @param weights its tensors, which must outlive the network
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public VQModel(final VQModelConfig config, final Weights weights) {
        this.config = config;
        final ModuleScope scope = new ModuleScope("", weights, kernels);
        final int latent = config.latentChannels();
        final int embed = config.vqEmbedDim();
        kernel = scope.kernel("autoencoder.py", Map.of("GROUPS", config.normNumGroups(), "EPS", CoderConfig.NORM_EPS));
        encoder = new AutoencoderEncoder(scope.child("encoder"), config, config.inChannels(), latent);
        quantConv = scope.parameters().conv("quant_conv", embed, latent, 1).build();
        codebook = scope.child("quantize")
                .parameters()
                .matrix("embedding", config.numVqEmbeddings(), embed)
                .build();
        postQuantConv =
                scope.parameters().conv("post_quant_conv", latent, embed, 1).build();
        decoder = new AutoencoderDecoder(scope.child("decoder"), config, latent, config.outChannels());
    }

    /**
     * @param config a configuration
     * @return names and shapes of all parameters of such a network; needs neither a checkpoint nor native code
     */
    public static Map<String, Shape> parameterShapes(final VQModelConfig config) {
        final ShapeRecorder recorder = new ShapeRecorder();
        new VQModel(config, recorder).close();
        return recorder.shapes();
    }

    /** @return what this network was built from */
    public VQModelConfig config() {
        return config;
    }

    @Override
    public int imageChannels() {
        return config.inChannels();
    }

    @Override
    public int latentChannels() {
        return config.vqEmbedDim();
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

    @Override
    public NDArray encode(final NDArray images, final Runnable beforeBlock) {
        CoderShapes.requireImages(images.getShape(), config.inChannels(), config.factor());
        final NDManager owner = images.getManager();
        try (NDManager scope = owner.newSubManager()) {
            final NDArray encoded = encoder.forward(images, beforeBlock, scope);
            final NDArray latents = kernel.call("pointwise", quantConv, encoded);
            latents.attach(owner);
            return latents;
        }
    }

    /**
     * The nearest vectors of the codebook, which is what a decoder sees of a latent.
     *
     * @param latents [B, vq_embed_dim, h, w]
     * @return the same shape, owned by the same manager
     */
    public NDArray quantize(final NDArray latents) {
        CoderShapes.requireLatents(latents.getShape(), config.vqEmbedDim());
        return kernel.call("quantize", codebook, latents);
    }

    @Override
    public NDArray decode(final NDArray latents, final Runnable beforeBlock) {
        final NDManager owner = latents.getManager();
        try (NDManager scope = owner.newSubManager();
                NDArray quantized = quantize(latents)) {
            final NDArray input = kernel.call("pointwise", postQuantConv, quantized);
            input.attach(scope);
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
