package palindrome.guide;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.IntStream;
import palindrome.sampler.Predictor;

/**
 * Classifier-free guidance that rises with the noise, in even steps from 1 at the cleanest node to a scale w at the
 * noisiest, as in SDE-Drag (Nie et al. 2024): content is decided where there is much noise, and near the image the
 * conditional network alone is truest to it. Unlike the published program, whose last node is a step beyond w.
 */
public final class RisingGuidance implements Predictor {

    private final List<GuidedNoise> nodes;

    /**
     * @param network the denoiser's noise under a prompt
     * @param prompts what it is told, encoded for the scale w
     * @param guidanceScale w, at least 0; the scale at every node if it is 1
     * @param steps number N of nodes beside the clean one
     * @param evaluation how the two evaluations of guidance are made
     */
    public RisingGuidance(
            final ContextNoise network,
            final GuidedNoise.Prompts prompts,
            final double guidanceScale,
            final int steps,
            final GuidanceEvaluation evaluation) {
        nodes = IntStream.rangeClosed(1, steps)
                .mapToObj(
                        node -> new GuidedNoise(network, any -> prompts, scale(guidanceScale, node, steps), evaluation))
                .toList();
    }

    /** NB: exactly w at the last node, and exactly 1, which costs one evaluation instead of two, at the first. */
    static double scale(final double guidanceScale, final int node, final int steps) {
        return node == steps ? guidanceScale : 1 + (guidanceScale - 1) * (node - 1) / (steps - 1);
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        return nodes.get(node - 1).epsilon(state, node);
    }

    @Override
    public NDArray clean(final NDArray state, final int node) {
        return nodes.get(node - 1).clean(state, node);
    }
}
