package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a latent is the noise an edit needs. A round trip may be exact while the
 * latent is far from noise, since what inversion amplifies, sampling shrinks again.
 *
 * @param rms root mean square of the noisiest state; that of noise is 1
 * @param excessKurtosis of the noisiest state; that of noise is 0
 * @param disagreement of the two states, relative to what noise would give: for a
 *          two-step method the rms of the noise (x̄_N − x̄_(N−1))/h_N they imply, 1
 *          where nothing alternates; for two copies of one node the rms of their
 *          difference; NaN for a sampler with one state
 */
public record LatentHealth(double rms, double excessKurtosis, double disagreement) {

    private static final double MIN_RMS = 0.5;
    private static final double MAX_RMS = 1.5;
    private static final double MAX_KURTOSIS = 1;
    private static final double MAX_DISAGREEMENT = 2;

    /**
     * @param latent a noisy end
     * @param grid the grid it stands on
     * @throws IllegalArgumentException if the latent is a clean end
     */
    public static LatentHealth of(final Latent latent, final NodeGrid grid) {
        if (latent.end() != End.NOISY)
            throw new IllegalArgumentException("Only noise has a health; this latent is an image.");
        final NDManager owner = latent.states().get(0).getManager();
        try (NDManager scope = owner.newSubManager()) {
            final int slot = latent.noisiestSlot();
            final NDArray noisiest = latent.value(slot);
            noisiest.attach(scope);
            final NDArray centred = noisiest.sub(noisiest.mean());
            final NDArray squares = centred.square();
            final double variance = squares.mean().getDouble();
            final double fourth = squares.square().mean().getDouble();
            return new LatentHealth(
                    rms(noisiest),
                    // NB: a constant has no shape to judge, and NaN has no place in a record.
                    variance == 0 ? 0 : fourth / (variance * variance) - 3,
                    latent.states().size() == 1 ? Double.NaN : disagreement(latent, slot, noisiest, grid, scope));
        }
    }

    /** @return sentences for the user; none where the latent is near noise */
    public List<String> warnings() {
        final List<String> warnings = new ArrayList<>();
        if (!(rms >= MIN_RMS && rms <= MAX_RMS))
            warnings.add(String.format(
                    Locale.ROOT,
                    "The latent's rms is %.3g where noise has 1; edits from it will look wrong. Use O-BELM, or BDIA"
                            + " with gamma=auto, or a smaller guidance.",
                    rms));
        if (Math.abs(excessKurtosis) > MAX_KURTOSIS)
            warnings.add(String.format(
                    Locale.ROOT,
                    "The latent is not Gaussian (excess kurtosis %.2g); parts of the image are not noise yet.",
                    excessKurtosis));
        if (disagreement > MAX_DISAGREEMENT)
            warnings.add(String.format(
                    Locale.ROOT,
                    "The latent's two states disagree (%.3g, at most about 1 is healthy); steps alternate and edits"
                            + " may show it.",
                    disagreement));
        return warnings;
    }

    private static double disagreement(
            final Latent latent, final int slot, final NDArray noisiest, final NodeGrid grid, final NDManager scope) {
        final NDArray other = latent.value(1 - slot);
        other.attach(scope);
        final int node = latent.nodes().get(slot);
        final int otherNode = latent.nodes().get(1 - slot);
        if (node == otherNode) return rms(noisiest.sub(other));
        final NDArray slope = noisiest.div(grid.alpha(node))
                .sub(other.div(grid.alpha(otherNode)))
                .div(grid.stepSize(node));
        return rms(slope);
    }

    private static double rms(final NDArray values) {
        return Math.sqrt(values.square().mean().getDouble());
    }
}
