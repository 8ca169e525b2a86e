package palindrome.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import palindrome.engine.Kernel;
import palindrome.sampler.PredictionType;

/**
 * What the network is asked for at a noise level, and how errors there count.
 * The target is the clean image, the noise or the velocity v = αε − σx₀
 * (Salimans and Ho 2022). A squared error of the clean image counts 1 + SNR, which
 * is the plain error of v, but never more than a cap: the last bit of an almost
 * clean image must not drown the rest (Hang et al. 2023).
 */
final class Objective implements AutoCloseable {

    private final PredictionType type;
    private final double maxWeight;
    private final Kernel kernel;

    Objective(final PredictionType type, final TrainingRecipe recipe) {
        this.type = type;
        maxWeight = recipe.maxWeight();
        kernel = Kernel.load(Objective.class, "objective.py", Map.of("UNSHUFFLE", recipe.pixelUnshuffle()));
    }

    /**
     * @param pixels [B, 3, H, W]
     * @return the network's state [B, 3·f², H/f, W/f]
     */
    NDArray toState(final NDArray pixels) {
        return kernel.call("to_state", pixels);
    }

    /** @return αx₀ + σε, with one α and σ an image */
    NDArray noisy(final NDArray clean, final NDArray noise, final NDArray alpha, final NDArray sigma) {
        return kernel.call("noisy", clean, noise, alpha, sigma);
    }

    /** @return what the network should return at that noise level */
    NDArray target(final NDArray clean, final NDArray noise, final NDArray alpha, final NDArray sigma) {
        return switch (type) {
            case EPSILON -> noise;
            case SAMPLE -> clean;
            case V_PREDICTION -> kernel.call("velocity", clean, noise, alpha, sigma);
        };
    }

    /** @return mean squared error of each image, [B] */
    NDArray error(final NDArray prediction, final NDArray target) {
        return kernel.call("error", prediction, target);
    }

    /** @return the weighted mean of the errors of a batch */
    NDArray loss(final NDArray error, final NDArray weight) {
        return kernel.call("weighted", error, weight);
    }

    /**
     * @param alpha signal scale, in (0, 1)
     * @param sigma noise scale, in (0, 1)
     * @return weight of the target's squared error there
     */
    double weight(final double alpha, final double sigma) {
        final double snr = alpha * alpha / (sigma * sigma);
        return Math.min(1 + snr, maxWeight) * cleanErrorFactor(alpha, sigma);
    }

    /** @return squared error of x₀ for a squared error 1 of the target */
    private double cleanErrorFactor(final double alpha, final double sigma) {
        return switch (type) {
            case EPSILON -> sigma * sigma / (alpha * alpha);
            case SAMPLE -> 1;
            case V_PREDICTION -> sigma * sigma;
        };
    }

    /**
     * @param alpha signal scale, in (0, 1)
     * @param sigma noise scale, in (0, 1)
     * @return squared error of ε for a squared error 1 of the target
     */
    double noiseErrorFactor(final double alpha, final double sigma) {
        return cleanErrorFactor(alpha, sigma) * alpha * alpha / (sigma * sigma);
    }

    @Override
    public void close() {
        kernel.close();
    }
}
