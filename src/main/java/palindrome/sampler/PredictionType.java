package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import palindrome.engine.Tensors;

/** What a network returns for a noisy image x = αx₀ + σε, and the one place where it becomes ε. */
public enum PredictionType {

    /** The noise ε itself. */
    EPSILON {
        @Override
        NDArray convert(final NDArray output, final NDArray state, final double alpha, final double sigma) {
            return output;
        }
    },

    /** The velocity v = αε − σx₀ (Salimans and Ho 2022): ε = αv + σx. */
    V_PREDICTION {
        @Override
        NDArray convert(final NDArray output, final NDArray state, final double alpha, final double sigma) {
            return times(output, alpha).add(times(state, sigma));
        }
    },

    /** The clean image x₀: ε = (x − αx₀)/σ. */
    SAMPLE {
        @Override
        NDArray convert(final NDArray output, final NDArray state, final double alpha, final double sigma) {
            if (!(sigma > 0))
                throw new IllegalArgumentException(
                        "The noise in a noise-free state is undefined for a network that predicts the image; "
                                + "evaluate it at node 1 or above.");
            final NDArray noise = state.sub(times(output, alpha));
            try (NDArray divisor = Tensors.number(noise.getManager(), sigma)) {
                return noise.div(divisor);
            }
        }
    };

    abstract NDArray convert(NDArray output, NDArray state, double alpha, double sigma);

    /** Gradients may pass. */
    private static NDArray times(final NDArray array, final double factor) {
        try (NDArray number = Tensors.number(array.getManager(), factor)) {
            return array.mul(number);
        }
    }

    /**
     * @param output the network's output in pure noise (α = 0), any float type
     * @return x₀ as float64
     * @throws SamplingException for a network that predicts noise
     */
    public NDArray cleanFromNoise(final NDArray output) {
        final NDArray exact = Tensors.cast(output, DataType.FLOAT64);
        return switch (this) {
            case EPSILON -> throw SamplingException.noSignal();
            // v = −σx₀, and σ = 1.
            case V_PREDICTION -> exact.neg();
            case SAMPLE -> exact;
        };
    }

    /**
     * @param output the network's output, any float type, any shape
     * @param state what the network was shown, float64, same shape
     * @param alpha signal scale of the state, in [0, 1]
     * @param sigma noise scale of the state, in [0, 1]
     * @return ε as float64, in the manager of one of the arrays; it may be
     *         {@code output} itself
     */
    public NDArray toEpsilon(final NDArray output, final NDArray state, final double alpha, final double sigma) {
        return convert(Tensors.cast(output, DataType.FLOAT64), Tensors.cast(state, DataType.FLOAT64), alpha, sigma);
    }
}
