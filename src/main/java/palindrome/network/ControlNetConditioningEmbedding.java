package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Brings a control image to the size and channels of the first convolution's result. */
final class ControlNetConditioningEmbedding {

    private record Layer(String method, Parameters parameters) {}

    private final Kernels.Handle kernel;
    private final List<Layer> layers = new ArrayList<>();

    ControlNetConditioningEmbedding(final ModuleScope scope, final ControlNetConfig config) {
        kernel = scope.kernel("controlnet.py", Map.of());
        final List<Integer> channels = config.conditioningEmbeddingOutChannels();
        add("conv_act", conv(scope, "conv_in", config.conditioningChannels(), channels.get(0)));
        for (int i = 0; i + 1 < channels.size(); i++) {
            final int in = channels.get(i);
            add("conv_act", conv(scope, "blocks." + 2 * i, in, in));
            add("conv_act_half", conv(scope, "blocks." + (2 * i + 1), in, channels.get(i + 1)));
        }
        final int last = channels.get(channels.size() - 1);
        add(
                "conv",
                conv(
                        scope,
                        "conv_out",
                        last,
                        config.encoder().blockOutChannels().get(0)));
    }

    private void add(final String method, final Parameters parameters) {
        layers.add(new Layer(method, parameters));
    }

    private static Parameters conv(final ModuleScope scope, final String name, final int in, final int out) {
        return scope.parameters().conv(name, out, in, 3).build();
    }

    /**
     * @param image [B, conditioning_channels, 8h, 8w] (8 with the usual four layers), channels last in memory; stays the
     *          caller's
     * @return [B, C, h, w]
     */
    NDArray forward(final NDArray image) {
        NDArray hidden = image;
        for (final Layer layer : layers) {
            final NDArray next = kernel.call(layer.method(), layer.parameters(), hidden);
            if (hidden != image) hidden.close();
            hidden = next;
        }
        return hidden;
    }
}
