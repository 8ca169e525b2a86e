package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import palindrome.engine.Tensors;

/**
 * diffusers' ControlNetModel (Zhang et al. 2023): a copy of a text-conditional
 * UNet's way down that also sees a control image, and says what is to be added to
 * the UNet's own way down and middle.
 * <p>
 * A pure function of its inputs and weights; it may run on several threads.
 */
public final class ControlNetModel implements AutoCloseable {

    /** Arrays that a convolution of a control image holds at once: its input, what it gives, and that after SiLU. */
    private static final int EMBEDDED = 3;

    private final ControlNetConfig config;
    private final Kernels kernels = new Kernels();
    private final Kernels.Handle kernel;
    private final UNet2DConditionEncoder encoder;
    private final ControlNetConditioningEmbedding conditioningEmbedding;
    private final List<Parameters> downBlocks = new ArrayList<>();
    private final Parameters midBlock;

    /**
     * @param config the checkpoint's configuration
     * @param weights its tensors, which must outlive the network
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public ControlNetModel(final ControlNetConfig config, final Weights weights) {
        this.config = config;
        final ModuleScope scope = new ModuleScope("", weights, kernels);
        kernel = scope.kernel("controlnet.py", Map.of());
        encoder = new UNet2DConditionEncoder(scope, config.encoder());
        conditioningEmbedding = new ControlNetConditioningEmbedding(scope.child("controlnet_cond_embedding"), config);
        for (final int channels : skipChannels(config.encoder()))
            downBlocks.add(pointwise(scope, "controlnet_down_blocks." + downBlocks.size(), channels));
        final int levels = config.encoder().levels();
        midBlock = pointwise(
                scope,
                "controlnet_mid_block",
                config.encoder().blockOutChannels().get(levels - 1));
    }

    private static Parameters pointwise(final ModuleScope scope, final String name, final int channels) {
        return scope.parameters().conv(name, channels, channels, 1).build();
    }

    /** Channels of everything the way down keeps for the way up, the first convolution's result first. */
    private static List<Integer> skipChannels(final UNet2DConditionConfig config) {
        final List<Integer> channels = new ArrayList<>();
        channels.add(config.blockOutChannels().get(0));
        for (int i = 0; i < config.levels(); i++) {
            final int layers = config.layersPerBlock().get(i);
            final boolean last = i == config.levels() - 1;
            for (int j = 0; j < layers + (last ? 0 : 1); j++)
                channels.add(config.blockOutChannels().get(i));
        }
        return channels;
    }

    /**
     * @param config a configuration
     * @return names and shapes of all parameters of such a network; needs neither a
     *         checkpoint nor native code
     */
    public static Map<String, Shape> parameterShapes(final ControlNetConfig config) {
        final ShapeRecorder recorder = new ShapeRecorder();
        new ControlNetModel(config, recorder).close();
        return recorder.shapes();
    }

    /** @return what this network was built from */
    public ControlNetConfig config() {
        return config;
    }

    /**
     * @param sample [B, in_channels, H, W], of the weights' element type
     * @param timesteps [B], float32
     * @param conditioning {@link Conditioning.Text}, with the additions that the
     *          configuration asks for
     * @param image the control image, [B, conditioning_channels, s·H, s·W] with s the
     *          configuration's {@link ControlNetConfig#scale()}, in [0, 1], red first
     * @return residuals at full strength, owned by the manager of {@code sample};
     *         nothing else stays allocated
     * @throws IllegalArgumentException if shapes or conditioning do not fit
     */
    public Residuals forward(
            final NDArray sample, final NDArray timesteps, final Conditioning conditioning, final NDArray image) {
        final Conditioning.Text text = encoder.requireInputs(sample.getShape(), timesteps.getShape(), conditioning);
        requireImage(image.getShape(), sample.getShape());
        final NDManager owner = sample.getManager();
        try (NDManager scope = owner.newSubManager()) {
            // What an attention processor was made for are the layers of the UNet.
            final BlockContext context = encoder.context(sample, timesteps, text.with(AttentionProcessor.PLAIN), scope);
            final NDArray embedded = embedded(image);
            embedded.attach(scope);
            final NDArray first = encoder.convIn(sample, scope).add(embedded);
            final Deque<NDArray> skips = new ArrayDeque<>();
            final NDArray mid = encoder.forward(first, context, skips);
            final String method = config.globalPoolConditions() ? "pooled_residual" : "residual";
            final List<NDArray> down = new ArrayList<>();
            final Iterator<NDArray> fromFirst = skips.descendingIterator();
            for (final Parameters block : downBlocks) down.add(kernel.call(method, block, fromFirst.next()));
            final Residuals residuals = new Residuals(down, kernel.call(method, midBlock, mid));
            residuals.attach(owner);
            return residuals;
        }
    }

    /**
     * @param batch states evaluated together
     * @param height of a state
     * @param width of a state
     * @return bytes of the residuals and the control images, which lie beside the UNet's evaluation, estimated
     */
    public long residualBytes(final long batch, final long height, final long width) {
        return bytes(new EvaluationMemory(config.encoder()).kept(batch, height, width)
                + pixels(batch, height, width) * config.conditioningChannels());
    }

    /**
     * @param batch as above
     * @param height as above
     * @param width as above
     * @return bytes that it takes to bring the control images to the size of the states, estimated; before and after
     *         that less is needed than by the UNet
     */
    public long embeddingBytes(final long batch, final long height, final long width) {
        return bytes(pixels(batch, height, width)
                * (config.conditioningChannels()
                        + EMBEDDED * config.conditioningEmbeddingOutChannels().get(0)));
    }

    private long pixels(final long batch, final long height, final long width) {
        return batch * config.scale() * height * config.scale() * width;
    }

    private long bytes(final long elements) {
        return elements * encoder.weight().getDataType().getNumOfBytes();
    }

    @Override
    public void close() {
        kernels.close();
    }

    private NDArray embedded(final NDArray image) {
        final String method =
                switch (config.channelOrder()) {
                    case RGB -> "channels_last";
                    case BGR -> "reverse_channels";
                };
        try (NDArray ordered = kernel.call(method, Parameters.NONE, image)) {
            return conditioningEmbedding.forward(ordered);
        }
    }

    private void requireImage(final Shape image, final Shape sample) {
        final Shape wanted = new Shape(
                sample.get(0),
                config.conditioningChannels(),
                config.scale() * sample.get(2),
                config.scale() * sample.get(3));
        if (!image.equals(wanted))
            throw new IllegalArgumentException(
                    "The control network takes a control image " + wanted + ", but this one is " + image + ".");
    }

    /**
     * What is to be added to a UNet. Owns its arrays; close it.
     *
     * @param down to the results of the way down, the first convolution's first
     * @param mid to the result of the middle block
     */
    public record Residuals(List<NDArray> down, NDArray mid) implements AutoCloseable {

        /**
         * @param scale how strongly each counts
         * @return new arrays of the same managers
         */
        public Residuals scaled(final ControlScale scale) {
            final int count = down.size() + 1;
            final List<NDArray> scaled = new ArrayList<>();
            for (int i = 0; i < down.size(); i++) scaled.add(times(down.get(i), scale.at(i, count)));
            return new Residuals(scaled, times(mid, scale.at(count - 1, count)));
        }

        /** Gradients may pass. */
        private static NDArray times(final NDArray residual, final double factor) {
            try (NDArray number = Tensors.number(residual.getManager(), (float) factor)) {
                return residual.mul(number);
            }
        }

        /**
         * @param skips of the UNet's way down, the last one on top; are replaced by the sums and closed
         * @param middle the UNet's; closed if it is replaced
         * @return the sum with the middle
         */
        NDArray addTo(final NDArray middle, final Deque<NDArray> skips) {
            if (skips.size() != down.size())
                throw new IllegalArgumentException("The control network gives " + down.size()
                        + " residuals, but the UNet has " + skips.size()
                        + " places for them. Use the two that were trained together.");
            for (final NDArray residual : down) skips.addFirst(sum(skips.removeLast(), residual));
            return sum(middle, mid);
        }

        private static NDArray sum(final NDArray own, final NDArray residual) {
            try (own) {
                return own.add(residual);
            }
        }

        private void attach(final NDManager manager) {
            down.forEach(array -> array.attach(manager));
            mid.attach(manager);
        }

        @Override
        public void close() {
            down.forEach(NDArray::close);
            mid.close();
        }
    }
}
