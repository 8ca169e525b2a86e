package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import palindrome.guide.GuidedNoise;
import palindrome.model.DiffusionModel;
import palindrome.model.TilePlan;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Sampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.StepListener;

/**
 * An image to noise and back, timed.
 *
 * @param sampler the method
 * @param evaluations network evaluations made
 * @param seconds the whole round trip, without loading the model
 * @param networkSeconds the part of it spent evaluating the network
 * @param identical whether the image came back to the last bit
 * @param fingerprint first digits of the SHA-256 of the noise's integers: equal where the same bits were computed
 */
record RoundTrip(
        SamplerChoice sampler,
        int evaluations,
        double seconds,
        double networkSeconds,
        boolean identical,
        String fingerprint) {

    private static final int DIGITS = 12;

    /**
     * @param model the model to run
     * @param choice an exact sampler
     * @param steps number of steps
     * @param pixels float64 [1, 3, H, W], multiples of 2⁻²⁴
     */
    static RoundTrip run(
            final DiffusionModel model, final SamplerChoice choice, final int steps, final NDArray pixels) {
        final Sampler sampler = choice.create(SamplerSettings.defaults());
        try (NDManager manager = model.manager().newSubManager()) {
            final long start = System.nanoTime();
            final NodeGrid grid = model.scheduler().grid(steps);
            final TimedPredictor predictor = new TimedPredictor(noise(model, grid, manager));
            final NDArray state = state(model, pixels);
            state.attach(manager);
            final Latent noisy = sampler.invert(state, grid, predictor, StepListener.NONE);
            final Latent clean = sampler.sample(noisy, grid, predictor, StepListener.NONE);
            final NDArray back = clean.image();
            final double seconds = (System.nanoTime() - start) * 1e-9;
            return new RoundTrip(
                    choice,
                    predictor.evaluations(),
                    seconds,
                    predictor.seconds(),
                    back.contentEquals(state),
                    fingerprint(noisy));
        }
    }

    /** @return pixels [1, C, H, W] as a state of the model */
    static NDArray state(final DiffusionModel model, final NDArray pixels) {
        final int rows = (int) pixels.getShape().get(2) / model.factor();
        final int columns = (int) pixels.getShape().get(3) / model.factor();
        return model.imageSpace(model.tilePlan(rows, columns, TilePlan.USUAL_MEMORY), () -> {})
                .toState(pixels);
    }

    /** @return the model's noise under an empty prompt at guidance 1 */
    static GuidedNoise noise(final DiffusionModel model, final NodeGrid grid, final NDManager manager) {
        return GuidedNoise.of(
                model, grid, GuidedNoise.Prompts.of(model, "", "", 1, model.nativeSize(), manager), 1, () -> {});
    }

    /** @return time of the sampler's own arithmetic, as a share of the network's */
    double arithmeticShare() {
        return (seconds - networkSeconds) / networkSeconds;
    }

    /** @return seconds a network evaluation takes on the average */
    double secondsPerEvaluation() {
        return networkSeconds / evaluations;
    }

    private static String fingerprint(final Latent latent) {
        try {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (final NDArray state : latent.states()) {
                final long[] integers = state.toLongArray();
                final ByteBuffer bytes = ByteBuffer.allocate(integers.length * Long.BYTES);
                bytes.asLongBuffer().put(integers);
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (final NoSuchAlgorithmException exc) {
            throw new IllegalStateException("Every Java has SHA-256.", exc);
        }
    }
}
