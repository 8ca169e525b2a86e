package palindrome.sampler;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.DoubleUnaryOperator;

/**
 * The noise levels a sampler visits: node 0 is the clean image, node N the
 * noisiest, and σ̄ = σ/α rises strictly in between. Both directions of a run use
 * the same grid, which is what makes one the inverse of the other.
 * <p>
 * Immutable. The clean node has no timestep the network was trained on; where an
 * inversion has to ask for the noise in the image itself, it asks at node 1. Only
 * the noisiest node may be noise alone (α = 0), where samplers need the network's
 * own prediction of the image. Beside the nodes there may be a raised level for
 * each, to which EDM's churn lifts a state before it steps on.
 */
public final class NodeGrid {

    private static final int MIN_STEPS = 2;
    /** A count such as 10·0.3 must not lose a step to binary rounding. */
    private static final double COUNT_TOLERANCE = 1e-9;

    private final double[] alpha;
    private final double[] sigma;
    private final double[] sigmaBar;
    private final double[] timestep;
    private final int steps;

    /** The nodes, and after them the raised levels of nodes 1 to N, if there are any. */
    private NodeGrid(final double[] alpha, final double[] sigma, final double[] timestep, final int steps) {
        this.alpha = alpha;
        this.sigma = sigma;
        this.timestep = timestep;
        this.steps = steps;
        sigmaBar = new double[alpha.length];
        for (int i = 0; i < alpha.length; i++) sigmaBar[i] = sigma[i] / alpha[i];
    }

    /**
     * @param schedule the model's noise levels
     * @param spacing which of them to visit
     * @param steps number N of steps, from 2 to the model's number of levels
     * @param stepsOffset diffusers' {@code steps_offset}, for leading spacing
     * @param clean what node 0 is
     * @return N + 1 nodes
     * @throws IllegalArgumentException if the number of steps does not fit the
     *           model, or two nodes coincide, or the last one is noise alone
     */
    public static NodeGrid of(
            final NoiseSchedule schedule,
            final TimestepSpacing spacing,
            final int steps,
            final int stepsOffset,
            final CleanNode clean) {
        final int levels = schedule.levels();
        if (steps < MIN_STEPS || steps > levels)
            throw new IllegalArgumentException("Steps is " + steps + "; use a number from " + MIN_STEPS + " to "
                    + levels + ", the noise levels this model was trained on (10 to 100 are usual).");
        final int[] timesteps = spacing.timesteps(steps, levels, stepsOffset);
        final double[] alpha = new double[steps + 1];
        final double[] sigma = new double[steps + 1];
        final double[] label = new double[steps + 1];
        final double first = clean == CleanNode.NOISE_FREE ? 1 : schedule.alphaCumprod(0);
        alpha[0] = Math.sqrt(first);
        sigma[0] = Math.sqrt(1 - first);
        for (int i = 1; i <= steps; i++) {
            final int level = timesteps[i - 1];
            if (level < 0 || level >= levels)
                throw new IllegalArgumentException("With " + steps + " steps and a steps offset of " + stepsOffset
                        + " the sampler would visit timestep " + level + ", but the model knows only 0 to "
                        + (levels - 1) + ". Use fewer steps or an offset of 0.");
            alpha[i] = Math.sqrt(schedule.alphaCumprod(level));
            sigma[i] = Math.sqrt(1 - schedule.alphaCumprod(level));
            label[i] = level;
        }
        label[0] = label[1];
        return new NodeGrid(alpha, sigma, label, steps).validated();
    }

    /**
     * A grid of one's own, such as that of another program.
     *
     * @param alpha signal scales of the nodes, the clean one first, each in (0, 1];
     *          copied
     * @param sigma noise scales, as many, each in [0, 1]; copied
     * @param timestep what the network is told at each node; copied
     * @throws IllegalArgumentException as {@link #of(NoiseSchedule, TimestepSpacing,
     *           int, int, CleanNode)}
     */
    public static NodeGrid ofNodes(final double[] alpha, final double[] sigma, final double[] timestep) {
        if (alpha.length < 2 || sigma.length != alpha.length || timestep.length != alpha.length)
            throw new IllegalArgumentException("A grid needs at least 2 nodes and as many noise scales ("
                    + sigma.length + ") and timesteps (" + timestep.length + ") as signal scales (" + alpha.length
                    + ").");
        return new NodeGrid(alpha.clone(), sigma.clone(), timestep.clone(), alpha.length - 1).validated();
    }

    /**
     * The noise levels σ̄ that Karras et al. recommend ("Elucidating the Design Space of Diffusion-Based Generative
     * Models", 2022, eq. 5), evenly spaced in their ρ-th root, as far as the model's reach, and a noise-free node.
     * The network is told the timestep whose ln σ̄ it is, in between as a fraction.
     *
     * @param schedule the model's noise levels
     * @param steps number N of steps, at least 2
     * @param karras range, ρ and churn
     * @throws IllegalArgumentException if the steps are too few or the range does not overlap the model's
     */
    public static NodeGrid karras(final NoiseSchedule schedule, final int steps, final KarrasSpacing karras) {
        if (steps < MIN_STEPS || steps > schedule.levels())
            throw new IllegalArgumentException("Steps is " + steps + "; use a number from " + MIN_STEPS + " to "
                    + schedule.levels() + " (10 to 100 are usual).");
        return karras(karras.levels(steps, schedule), karras, schedule::timestepAt);
    }

    /**
     * As above, for a network of any noise level.
     *
     * @param levels σ̄ of nodes 1 to N, rising
     * @param timestepAt what the network is told at a σ̄
     */
    static NodeGrid karras(final double[] levels, final KarrasSpacing karras, final DoubleUnaryOperator timestepAt) {
        final int steps = levels.length;
        final double[] alpha = new double[2 * steps + 1];
        final double[] sigma = new double[alpha.length];
        final double[] label = new double[alpha.length];
        alpha[0] = 1;
        for (int i = 1; i < alpha.length; i++) {
            final double level = i <= steps ? levels[i - 1] : karras.raised(levels[i - steps - 1], steps);
            alpha[i] = 1 / Math.sqrt(1 + level * level);
            sigma[i] = level * alpha[i];
            label[i] = timestepAt.applyAsDouble(level);
        }
        label[0] = label[1];
        return new NodeGrid(alpha, sigma, label, steps).validated();
    }

    /** @return number N of steps between the N + 1 nodes */
    public int steps() {
        return steps;
    }

    /**
     * @param node from 1 to N
     * @return index, for {@link #alpha}, {@link #sigma}, {@link #sigmaBar} and {@link #timestep}, of the level to which
     *         churn raises a state at that node; the node itself where there is no churn
     */
    public int raised(final int node) {
        if (alpha.length == steps + 1 || sigma[steps + node] == sigma[node]) return node;
        return steps + node;
    }

    /** @return λ = ln(α/σ), half the logarithm of the signal-to-noise ratio, of a node from 0 to N; may be infinite */
    public double logSnr(final int node) {
        return -Math.log(sigmaBar[node]);
    }

    /** @return whether the noisiest node is noise alone, α = 0 (zero terminal signal-to-noise, Lin et al. 2024) */
    public boolean endsInNoiseAlone() {
        return alpha[steps] == 0;
    }

    /** @return this grid without a noisiest node of noise alone, out of which no exact sampler can step */
    public NodeGrid withSignal() {
        return endsInNoiseAlone() ? cleanest(steps - 1) : this;
    }

    /** @return signal scale α of a node from 0 to N */
    public double alpha(final int node) {
        return alpha[node];
    }

    /** @return noise scale σ of a node from 0 to N */
    public double sigma(final int node) {
        return sigma[node];
    }

    /** @return σ̄ = σ/α of a node from 0 to N; infinite where α = 0 */
    public double sigmaBar(final int node) {
        return sigmaBar[node];
    }

    /** @return what the network is told at a node from 0 to N; at 0 the same as at 1 */
    public double timestep(final int node) {
        return timestep[node];
    }

    /** @return step size h = σ̄_node − σ̄_(node−1), positive, of a node from 1 to N */
    public double stepSize(final int node) {
        return sigmaBar[node] - sigmaBar[node - 1];
    }

    /**
     * Partial inversion: the image is taken only part of the way into the noise, so
     * that more of it survives an edit.
     *
     * @param strength share of the steps to use, in (0, 1]; rounded down to whole
     *          steps
     * @param minimumSteps steps the sampler needs at least (see
     *          {@link Sampler#minimumSteps()}); taken where the strength leaves fewer
     * @return the cleanest nodes of this grid
     * @throws IllegalArgumentException if the strength is out of range or the grid
     *           is shorter than the minimum
     */
    public NodeGrid withStrength(final double strength, final int minimumSteps) {
        if (!(strength > 0 && strength <= 1))
            throw new IllegalArgumentException(
                    "Strength is " + strength + "; use a number above 0 and at most 1, where 1 uses all steps.");
        final int active = (int) Math.floor(steps() * strength + COUNT_TOLERANCE);
        return cleanest(Math.max(active, minimumSteps));
    }

    /**
     * @param active number of steps, from 1 to N
     * @return the cleanest {@code active + 1} nodes
     */
    public NodeGrid cleanest(final int active) {
        if (active < 1 || active > steps())
            throw new IllegalArgumentException("The sampler needs " + active + " step(s), but the grid has " + steps()
                    + ". Use more steps or a greater strength.");
        if (active == steps()) return this;
        return new NodeGrid(cleanest(alpha, active), cleanest(sigma, active), cleanest(timestep, active), active);
    }

    /** Nodes 0 to {@code active} and the raised levels of those from 1 on. */
    private double[] cleanest(final double[] values, final int active) {
        final double[] kept = Arrays.copyOf(values, values.length == steps + 1 ? active + 1 : 2 * active + 1);
        if (values.length > steps + 1) System.arraycopy(values, steps + 1, kept, active + 1, active);
        return kept;
    }

    /**
     * @return 64 hexadecimal digits that differ for every other grid, the same in
     *         every Java process: for the provenance
     */
    public String hash() {
        final ByteBuffer bytes = ByteBuffer.allocate(3 * alpha.length * Double.BYTES);
        for (int i = 0; i < alpha.length; i++)
            bytes.putDouble(alpha[i]).putDouble(sigma[i]).putDouble(timestep[i]);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (final NoSuchAlgorithmException exc) {
            throw new IllegalStateException("Every Java platform has SHA-256.", exc);
        }
    }

    private NodeGrid validated() {
        for (int i = 0; i < alpha.length; i++) {
            if (!Double.isFinite(timestep[i]))
                throw new IllegalArgumentException("The timestep of node " + i + " is " + timestep[i] + ".");
            final boolean noiseAlone = i == steps && alpha[i] == 0 && sigma[i] > 0;
            if (!noiseAlone && (!(alpha[i] > 0 && sigma[i] >= 0) || Double.isInfinite(sigmaBar[i])))
                throw new IllegalArgumentException("Node " + i + " has signal scale " + alpha[i] + " and noise scale "
                        + sigma[i] + "; the first must be above 0 (only the noisiest may be noise alone) and the second"
                        + " at least 0.");
            if (i > 0 && i <= steps && !(sigmaBar[i] > sigmaBar[i - 1]))
                throw new IllegalArgumentException("Nodes " + (i - 1) + " and " + i + " (timestep " + timestep[i]
                        + ") of the sampler's grid are not in rising order of noise (" + sigmaBar[i - 1] + ", then "
                        + sigmaBar[i]
                        + "), so the step between them could not be undone. "
                        + (i == 1 ? "Use a noise-free clean node, or a steps offset of 1." : "Use fewer steps."));
        }
        return this;
    }
}
