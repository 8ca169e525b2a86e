package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;

/**
 * Whether a latent is the noise an edit needs. A round trip may be exact while the
 * latent is far from noise, since what inversion amplifies, sampling shrinks again.
 * All numbers but the last two are of the noisiest state, and mean something where it is
 * noise alone, at full strength.
 *
 * @param rms root mean square; that of noise is 1
 * @param channelRms the same of each channel
 * @param excessKurtosis that of noise is 0
 * @param kolmogorovSmirnov largest distance of its distribution function to that of N(0, 1), from 0 to 1
 * @param alternation of a two-step method: rms of the noise (x̄_N − x̄_(N−1))/h_N that its two states imply, less the
 *          noisiest state itself, which is that noise where nothing alternates; NaN for another
 * @param copyGap of EDICT: rms of the difference of its two copies; NaN for another
 * @param amplification by how much the inversion amplified what alternates, an estimate
 */
public record LatentHealth(
        double rms,
        List<Double> channelRms,
        double excessKurtosis,
        double kolmogorovSmirnov,
        double alternation,
        double copyGap,
        double amplification) {

    private static final double MIN_RMS = 0.5;
    private static final double MAX_RMS = 1.5;
    private static final double MAX_KURTOSIS = 1;
    private static final double MAX_DISTANCE = 0.1;
    private static final double MAX_ALTERNATION = 1.5;
    private static final double MAX_GAP = 0.5;
    private static final NormalDistribution NORMAL = new NormalDistribution();

    public LatentHealth {
        channelRms = List.copyOf(channelRms);
    }

    /**
     * @param latent a noisy end
     * @param grid the grid it stands on
     * @param sampler what made it
     * @throws IllegalArgumentException if the latent is a clean end
     */
    public static LatentHealth of(final Latent latent, final NodeGrid grid, final Sampler sampler) {
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
            final List<Double> channels = new ArrayList<>();
            for (final double power : channelPowers(noisiest)) channels.add(Math.sqrt(power));
            return new LatentHealth(
                    rms(noisiest),
                    channels,
                    // NB: a constant has no shape to judge, and NaN has no place in a record.
                    variance == 0 ? 0 : fourth / (variance * variance) - 3,
                    new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(NORMAL, noisiest.toDoubleArray()),
                    alternation(latent, slot, noisiest, grid, scope),
                    copyGap(latent, scope),
                    sampler.amplification(grid));
        }
    }

    /** @return whether the two states of a two-step method disagree more than edits bear */
    public boolean isAlternating() {
        return alternation > MAX_ALTERNATION;
    }

    /** @return whether EDICT's copies are farther apart than edits bear */
    public boolean isApart() {
        return copyGap > MAX_GAP;
    }

    /**
     * @param taken what the latent was made with already, and is not to be advised
     * @return sentences for the user, each with what to change; none where the latent is near noise
     */
    public List<String> warnings(final Set<Remedy> taken) {
        final List<String> warnings = new ArrayList<>();
        if (!(rms >= MIN_RMS && rms <= MAX_RMS))
            warnings.add(String.format(
                    Locale.ROOT,
                    "The latent's rms is %.3g where noise has 1, and edits from it will look wrong: use %s.",
                    rms,
                    advice(taken, Remedy.GUIDANCE_1, Remedy.MORE_STEPS, Remedy.GAMMA_AUTO, Remedy.O_BELM)));
        if (Math.abs(excessKurtosis) > MAX_KURTOSIS || kolmogorovSmirnov > MAX_DISTANCE)
            warnings.add(String.format(
                    Locale.ROOT,
                    "The latent is not Gaussian (excess kurtosis %.2g, distance to the normal distribution %.2g), so parts"
                            + " of the image are not noise yet: use %s.",
                    excessKurtosis,
                    kolmogorovSmirnov,
                    advice(taken, Remedy.MORE_STEPS, Remedy.FITTING_PROMPT)));
        if (isAlternating())
            warnings.add(String.format(
                    Locale.ROOT,
                    "The latent's two states disagree (%.3g, at most about 1 is healthy), and edits may show it: use %s.",
                    alternation,
                    advice(taken, Remedy.GUIDANCE_1, Remedy.FEWER_STEPS, Remedy.LESS_STRENGTH, Remedy.BDIA_AUTO)));
        if (isApart())
            warnings.add(String.format(
                    Locale.ROOT,
                    "EDICT's two copies have moved apart by %.3g, and edits may show it: use %s.",
                    copyGap,
                    advice(taken, Remedy.MIXING_AUTO, Remedy.FEWER_STEPS, Remedy.LESS_STRENGTH)));
        return warnings;
    }

    /** NB: of each row some cannot be taken already, so there is always one left. */
    private static String advice(final Set<Remedy> taken, final Remedy... remedies) {
        final List<String> words = Stream.of(remedies)
                .filter(remedy -> !taken.contains(remedy))
                .map(Remedy::toString)
                .toList();
        final int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    /** NB: DJL takes means over one axis at a time. */
    private static double[] channelPowers(final NDArray state) {
        return state.square()
                .mean(new int[] {3})
                .mean(new int[] {2})
                .mean(new int[] {0})
                .toDoubleArray();
    }

    private static double alternation(
            final Latent latent, final int slot, final NDArray noisiest, final NodeGrid grid, final NDManager scope) {
        if (latent.states().size() != 2
                || latent.nodes().get(0).equals(latent.nodes().get(1))) return Double.NaN;
        final NDArray other = latent.value(1 - slot);
        other.attach(scope);
        final int node = latent.nodes().get(slot);
        final int otherNode = latent.nodes().get(1 - slot);
        final NDArray slope = noisiest.div(grid.alpha(node))
                .sub(other.div(grid.alpha(otherNode)))
                .div(grid.sigmaBar(node) - grid.sigmaBar(otherNode));
        return rms(slope.sub(noisiest));
    }

    private static double copyGap(final Latent latent, final NDManager scope) {
        if (latent.states().size() != 2
                || !latent.nodes().get(0).equals(latent.nodes().get(1))) return Double.NaN;
        final NDArray first = latent.value(0);
        final NDArray second = latent.value(1);
        first.attach(scope);
        second.attach(scope);
        return rms(first.sub(second));
    }

    private static double rms(final NDArray values) {
        return Math.sqrt(values.square().mean().getDouble());
    }
}
