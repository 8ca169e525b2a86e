package palindrome.sampler;

import ai.djl.ndarray.NDArray;

/**
 * f(v) = linear·v + noise·ε(v, node): all that a coupling over DDIM's steps needs.
 *
 * @param linear factor of v
 * @param noise factor of the predicted noise
 * @param node where the network is asked, or {@link Coupling#MIXING} for not at all
 */
public record LinearIncrement(double linear, double noise, int node) implements Increment {

    /**
     * @throws IllegalArgumentException if a factor is not finite
     */
    public LinearIncrement {
        if (!Double.isFinite(linear) || !Double.isFinite(noise))
            throw new IllegalArgumentException(
                    "An increment of " + linear + "·v + " + noise + "·ε is not finite; check the sampler's grid.");
    }

    /** linear·v, without the network. */
    static LinearIncrement mixing(final double linear) {
        return new LinearIncrement(linear, 0, Coupling.MIXING);
    }

    @Override
    public int evaluations() {
        return node == Coupling.MIXING ? 0 : 1;
    }

    @Override
    public NDArray of(final NDArray state, final Predictor network) {
        final NDArray straight = linear == 0 && evaluations() > 0 ? null : state.mul(linear);
        if (evaluations() == 0) return straight;
        try (NDArray predicted = network.epsilon(state, node)) {
            final NDArray weighted = predicted.mul(noise);
            if (straight == null) return weighted;
            straight.addi(weighted);
            weighted.close();
            return straight;
        }
    }
}
