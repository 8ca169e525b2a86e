package palindrome.sampler;

import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** The samplers by the names users know, with what a dialog and a manual say about them. */
public enum SamplerChoice {
    /** The default. */
    O_BELM(
            "O-BELM",
            Inverse.EXACT,
            Levels.TIMESTEPS,
            "Exact, second order, and nothing to tune. The best choice unless you have a reason for another.",
            2,
            "1",
            Papers.BELM,
            (settings, arithmetic) -> new ReversibleSampler(new OBelm(), arithmetic)),
    BDIA(
            "BDIA",
            Inverse.EXACT,
            Levels.TIMESTEPS,
            "Exact; gamma trades accuracy (1) against damping of the alternation between steps (smaller)."
                    + " Use auto for editing, and about 0.5 to generate in 10 steps.",
            2,
            "1",
            Papers.BDIA,
            (settings, arithmetic) -> new ReversibleSampler(Bdia.overDdim(settings.gamma()), arithmetic)),
    BDIA_DPM_2S(
            "BDIA-DPM-Solver++ 2S",
            Inverse.EXACT,
            Levels.TIMESTEPS,
            "Exact, BDIA over DPM-Solver++ of second order, with fewer and longer steps."
                    + " Over its first order BDIA is plain BDIA.",
            2,
            "1.5",
            Papers.BDIA + "; " + Papers.DPM,
            (settings, arithmetic) -> new ReversibleSampler(Bdia.overDpmSolver(settings.gamma()), arithmetic)),
    BDIA_EDM_EULER(
            "BDIA-EDM Euler",
            Inverse.EXACT,
            Levels.KARRAS,
            "Exact, BDIA over EDM's Euler steps on Karras noise levels, which lie closer near the image."
                    + " Gamma is as in BDIA.",
            2,
            "1",
            Papers.BDIA + "; " + Papers.EDM,
            (settings, arithmetic) -> new ReversibleSampler(Bdia.overEdmEuler(settings.gamma()), arithmetic)),
    BDIA_EDM_HEUN(
            "BDIA-EDM Heun",
            Inverse.EXACT,
            Levels.KARRAS,
            "Exact, BDIA over EDM's Heun steps on Karras noise levels, three times the time per step."
                    + " Gamma is as in BDIA.",
            2,
            "3",
            Papers.BDIA + "; " + Papers.EDM,
            (settings, arithmetic) -> new ReversibleSampler(Bdia.overEdmHeun(settings.gamma()), arithmetic)),
    BELM(
            "BELM",
            Inverse.EXACT,
            Levels.TIMESTEPS,
            "Exact, the general two-step scheme with coefficients of your own, given as gamma: one number, or one a step."
                    + " O-BELM has the optimal ones.",
            1,
            "1",
            Papers.BELM,
            (settings, arithmetic) -> new ReversibleSampler(Belm.of(settings.coefficients()), arithmetic)),
    EDICT(
            "EDICT",
            Inverse.EXACT,
            Levels.TIMESTEPS,
            "Exact, with two coupled copies of the image, mixed at every step, and twice the time per step."
                    + " Images stay close to those of DDIM.",
            1,
            "2",
            "Wallace, Gokul and Naik, EDICT: Exact Diffusion Inversion via Coupled Transformations, CVPR 2023",
            (settings, arithmetic) -> new ReversibleSampler(new Edict(settings.mixing()), arithmetic)),
    CYCLE_SDE(
            "Cycle-SDE",
            Inverse.EXACT,
            Levels.TIMESTEPS,
            "Exact, a random path to the noise whose every step is recorded, so latents grow with the number of steps."
                    + " Its authors find edits more natural than those of samplers without randomness.",
            1,
            "1",
            "Nie et al., The Blessing of Randomness: SDE Beats ODE in General Diffusion-based Image Editing, ICLR 2024",
            (settings, arithmetic) ->
                    new CycleSde(CycleSde.Encoding.MARKOV, settings.eta().orElse(1), settings.noise(), arithmetic)),
    CYCLE_DIFFUSION(
            "CycleDiffusion",
            Inverse.EXACT,
            Levels.TIMESTEPS,
            "Exact, as Cycle-SDE, but the path comes from DDIM's posterior with little noise (eta 0.1)."
                    + " An edit keeps the noise of the original.",
            1,
            "1",
            "Wu and De la Torre, A Latent Space of Stochastic Diffusion Models for Zero-Shot Image Editing and Guidance,"
                    + " ICCV 2023",
            (settings, arithmetic) -> new CycleSde(
                    CycleSde.Encoding.POSTERIOR,
                    settings.eta().orElse(CycleSde.CYCLE_DIFFUSION_ETA),
                    settings.noise(),
                    arithmetic)),
    DDIM(
            "DDIM",
            Inverse.APPROXIMATE,
            Levels.TIMESTEPS,
            "The common sampler, for comparison: its inversion is approximate and does not return the image."
                    + " Eta above 0 adds fresh noise at every step.",
            1,
            "1",
            "Song, Meng and Ermon, Denoising Diffusion Implicit Models, ICLR 2021",
            (settings, arithmetic) -> new OneWaySampler(
                    new Ddim(settings.eta().orElse(0), settings.noise(), settings.inversionLabel()), arithmetic)),
    /** To invert and edit only; the embeddings that lead back are found by palindrome.guide.NullTextInversion. */
    NULL_TEXT(
            "Null-text",
            Inverse.APPROXIMATE,
            Levels.TIMESTEPS,
            "For guidance above 1: DDIM, led back to the image by a text embedding of its own at every step."
                    + " Approximate, and slow to invert: up to 10 passes forward and backward through the network a step.",
            1,
            "1",
            "Mokady et al., Null-text Inversion for Editing Real Images using Guided Diffusion Models, CVPR 2023",
            (settings, arithmetic) -> new OneWaySampler(Ddim.pivotal(), arithmetic)),
    DDPM(
            "DDPM",
            Inverse.NONE,
            Levels.TIMESTEPS,
            "The first sampler, which draws fresh noise at every step, as much as the model's scheduler says, and has no"
                    + " inverse. It takes many steps, and forgives an inaccurate network.",
            1,
            "1",
            "Ho, Jain and Abbeel, Denoising Diffusion Probabilistic Models, NeurIPS 2020",
            (settings, arithmetic) -> new OneWaySampler(new Ddpm(settings.noise(), settings.variance()), arithmetic)),
    DPM_1(
            "DPM-Solver++ 1",
            Inverse.APPROXIMATE,
            Levels.TIMESTEPS,
            "DDIM, written in the predicted image. For comparison.",
            1,
            "1",
            Papers.DPM,
            (settings, arithmetic) -> new OneWaySampler(DpmSolverMultistep.first(), arithmetic)),
    DPM_2M(
            "DPM-Solver++ 2M",
            Inverse.APPROXIMATE,
            Levels.TIMESTEPS,
            "Fast and accurate for new images, from the steps before: 15 to 25 are enough."
                    + " Its inversion is approximate.",
            2,
            "1",
            Papers.DPM,
            (settings, arithmetic) -> new OneWaySampler(DpmSolverMultistep.second(), arithmetic)),
    DPM_2S(
            "DPM-Solver++ 2S",
            Inverse.APPROXIMATE,
            Levels.TIMESTEPS,
            "As 2M, from an evaluation in the middle of each step, which spans two of the steps asked for."
                    + " Its inversion is approximate.",
            2,
            "1",
            Papers.DPM,
            (settings, arithmetic) -> new OneWaySampler(OneStepMethod.dpmSolver(), arithmetic)),
    SDE_DPM_1(
            "SDE-DPM-Solver++ 1",
            Inverse.NONE,
            Levels.TIMESTEPS,
            "DDPM, written in the predicted image. For comparison.",
            1,
            "1",
            Papers.DPM,
            (settings, arithmetic) -> new OneWaySampler(DpmSolverMultistep.firstSde(settings.noise()), arithmetic)),
    SDE_DPM_2M(
            "SDE-DPM-Solver++ 2M",
            Inverse.NONE,
            Levels.TIMESTEPS,
            "2M with fresh noise at every step, which corrects earlier errors. It has no inverse.",
            2,
            "1",
            Papers.DPM,
            (settings, arithmetic) -> new OneWaySampler(DpmSolverMultistep.secondSde(settings.noise()), arithmetic)),
    SDE_DPM_2S(
            "SDE-DPM-Solver++ 2S",
            Inverse.NONE,
            Levels.TIMESTEPS,
            "2S with fresh noise at every step, both of whose evaluations lie on one random path. It has no inverse.",
            2,
            "1",
            Papers.DPM,
            (settings, arithmetic) -> new OneWaySampler(new SdeDpmSolverSinglestep(settings.noise()), arithmetic)),
    EDM_EULER(
            "EDM Euler",
            Inverse.APPROXIMATE,
            Levels.KARRAS,
            "DDIM on Karras noise levels, which lie closer near the image."
                    + " With churn, noise is added again at every step, and there is no inverse.",
            1,
            "1",
            Papers.EDM,
            (settings, arithmetic) -> edm(OneStepSolver.EULER, settings, arithmetic)),
    EDM_HEUN(
            "EDM Heun",
            Inverse.APPROXIMATE,
            Levels.KARRAS,
            "Heun's method on Karras noise levels: accurate, for twice the time per step."
                    + " With churn, noise is added again at every step, and there is no inverse.",
            2,
            "2",
            Papers.EDM,
            (settings, arithmetic) -> edm(OneStepSolver.HEUN, settings, arithmetic));

    /** What inversion a sampler has. */
    public enum Inverse {
        /** Every bit comes back. */
        EXACT,
        /** Nearly the same image comes back. */
        APPROXIMATE,
        /** Nothing leads back. */
        NONE
    }

    private enum Levels {
        TIMESTEPS,
        KARRAS
    }

    private static final class Papers {

        static final String BELM = "Wang et al., BELM: Bidirectional Explicit Linear Multi-step Sampler for Exact"
                + " Inversion in Diffusion Models, NeurIPS 2024";
        static final String BDIA =
                "Zhang, Lewis and Kleijn, Exact Diffusion Inversion via Bi-directional Integration Approximation, ECCV 2024";
        static final String DPM =
                "Lu et al., DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models, 2022";
        static final String EDM =
                "Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, NeurIPS 2022";
    }

    private final String label;
    private final Inverse inverse;
    private final Levels levels;
    private final String help;
    private final int order;
    private final String cost;
    private final String citation;
    private final BiFunction<SamplerSettings, Arithmetic, Sampler> factory;

    SamplerChoice(
            final String label,
            final Inverse inverse,
            final Levels levels,
            final String help,
            final int order,
            final String cost,
            final String citation,
            final BiFunction<SamplerSettings, Arithmetic, Sampler> factory) {
        this.label = label;
        this.inverse = inverse;
        this.levels = levels;
        this.help = help;
        this.order = order;
        this.cost = cost;
        this.citation = citation;
        this.factory = factory;
    }

    private static Sampler edm(
            final OneStepSolver solver, final SamplerSettings settings, final Arithmetic arithmetic) {
        return new OneWaySampler(OneStepMethod.edm(solver, settings.karras(), 1, settings.noise()), arithmetic);
    }

    /**
     * @param name such as "O-BELM", in any case
     * @throws IllegalArgumentException listing the names, if it is none of them
     */
    public static SamplerChoice of(final String name) {
        for (final SamplerChoice choice : values()) if (choice.label.equalsIgnoreCase(name.trim())) return choice;
        throw new IllegalArgumentException("Unknown sampler '" + name + "'. Use "
                + Arrays.stream(values()).map(SamplerChoice::label).collect(Collectors.joining(", ")) + ".");
    }

    /**
     * @return the sampler, with exact int64 states
     * @throws IllegalArgumentException naming a setting out of range
     */
    public Sampler create(final SamplerSettings settings) {
        return create(settings, new Lattice());
    }

    /**
     * @param arithmetic how states are kept
     * @return the sampler
     * @throws IllegalArgumentException naming a setting out of range
     */
    public Sampler create(final SamplerSettings settings, final Arithmetic arithmetic) {
        return factory.apply(settings, arithmetic);
    }

    /**
     * @param schedule the model's noise levels
     * @param trained the model's own nodes for a number of steps
     * @param steps number of steps between image and noise
     * @param settings of the sampler
     * @return the nodes this sampler visits: the model's own, or EDM's noise levels; without a node of noise alone
     *         for a sampler that cannot step out of it
     */
    public NodeGrid grid(
            final NoiseSchedule schedule,
            final IntFunction<NodeGrid> trained,
            final int steps,
            final SamplerSettings settings) {
        final NodeGrid grid =
                levels == Levels.KARRAS ? NodeGrid.karras(schedule, steps, settings.karras()) : trained.apply(steps);
        return isInvertible() ? grid.withSignal() : grid;
    }

    /** @return the name users know */
    public String label() {
        return label;
    }

    /** @return two sentences on when to use it */
    public String help() {
        return help;
    }

    /** @return order of accuracy in the number of steps (BDIA and its kin: at gamma 1) */
    public int order() {
        return order;
    }

    /** @return network evaluations of one step, not counting guidance, such as "1.5" */
    public String cost() {
        return cost;
    }

    /** @return which inversion it has */
    public Inverse inverse() {
        return inverse;
    }

    /** @return whether its inversion is exact */
    public boolean isExact() {
        return inverse == Inverse.EXACT;
    }

    /** @return whether images can be inverted and edited with it, exactly or nearly so */
    public boolean isInvertible() {
        return isExact() || this == NULL_TEXT;
    }

    /** @return whether it draws a path from an image to noise and records the noise of every step */
    public boolean recordsNoise() {
        return this == CYCLE_SDE || this == CYCLE_DIFFUSION;
    }

    /** @return whether it walks on one state, which can be held to an image on its way */
    public boolean hasOneState() {
        return generates() && !isExact();
    }

    /** @return whether it makes images of drawn noise */
    public boolean generates() {
        return this != NULL_TEXT;
    }

    /** @return the paper */
    public String citation() {
        return citation;
    }

    @Override
    public String toString() {
        return label;
    }
}
