package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** Attention of an autoencoder: every place to every other, with one head over all channels. */
final class AutoencoderAttention {

    /** The encoder's level that has it after each resnet. */
    static final String DOWN_BLOCK = "AttnDownEncoderBlock2D";

    /** The decoder's level that has it after each resnet. */
    static final String UP_BLOCK = "AttnUpDecoderBlock2D";

    private final Kernels.Handle kernel;
    private final Parameters parameters;

    AutoencoderAttention(final ModuleScope scope, final int channels, final CoderConfig config) {
        kernel = scope.kernel(
                "autoencoder_attention.py", Map.of("GROUPS", config.normNumGroups(), "EPS", CoderConfig.NORM_EPS));
        parameters = scope.parameters()
                .norm("group_norm", channels)
                .linear("to_q", channels, channels)
                .linear("to_k", channels, channels)
                .linear("to_v", channels, channels)
                .linear("to_out.0", channels, channels)
                .build();
    }

    /**
     * @param hidden [B, C, H, W]
     * @return [B, C, H, W]
     */
    NDArray forward(final NDArray hidden) {
        return kernel.call("forward", parameters, hidden);
    }
}
