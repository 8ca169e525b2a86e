package palindrome.sampler;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The samplers by the names users know, with what a dialog and a manual say about them. */
public enum SamplerChoice {
    /** The default. */
    O_BELM(
            "O-BELM",
            "Exact, second order, and nothing to tune. The best choice unless you have a reason for another.",
            2,
            1,
            true,
            "Wang et al., BELM: Bidirectional Explicit Linear Multi-step Sampler for Exact Inversion in Diffusion"
                    + " Models, NeurIPS 2024") {
        @Override
        public Sampler create(final SamplerSettings settings) {
            return new ReversibleSampler(new OBelm());
        }
    },
    BDIA(
            "BDIA",
            "Exact; gamma trades accuracy (1) against damping of the alternation between steps (smaller)."
                    + " Use auto for editing, and about 0.5 to generate in 10 steps.",
            2,
            1,
            true,
            "Zhang, Lewis and Kleijn, Exact Diffusion Inversion via Bi-directional Integration Approximation, ECCV"
                    + " 2024") {
        @Override
        public Sampler create(final SamplerSettings settings) {
            return new ReversibleSampler(
                    settings.gamma().isPresent() ? Bdia.of(settings.gamma().getAsDouble()) : Bdia.auto());
        }
    },
    EDICT(
            "EDICT",
            "Exact, with two coupled copies of the image and twice the time per step."
                    + " Images stay close to those of DDIM.",
            1,
            2,
            true,
            "Wallace, Gokul and Naik, EDICT: Exact Diffusion Inversion via Coupled Transformations, CVPR 2023") {
        @Override
        public Sampler create(final SamplerSettings settings) {
            return new ReversibleSampler(new Edict(settings.mixing()));
        }
    },
    DDIM(
            "DDIM",
            "The common sampler, for comparison: its inversion is approximate and does not return the image."
                    + " Eta above 0 adds fresh noise at every step.",
            1,
            1,
            false,
            "Song, Meng and Ermon, Denoising Diffusion Implicit Models, ICLR 2021") {
        @Override
        public Sampler create(final SamplerSettings settings) {
            return new Ddim(settings.eta(), settings.noise(), settings.inversionLabel(), new Lattice());
        }
    },
    /** To invert and edit only; the embeddings that lead back are found by palindrome.guide.NullTextInversion. */
    NULL_TEXT(
            "Null-text",
            "For guidance above 1: DDIM, led back to the image by a text embedding of its own at every step."
                    + " Approximate, and slow to invert: up to 10 passes forward and backward through the network a step.",
            1,
            1,
            false,
            "Mokady et al., Null-text Inversion for Editing Real Images using Guided Diffusion Models, CVPR 2023") {
        @Override
        public Sampler create(final SamplerSettings settings) {
            return Ddim.pivotal(new Lattice());
        }

        @Override
        public boolean isInvertible() {
            return true;
        }

        @Override
        public boolean generates() {
            return false;
        }
    };

    private final String label;
    private final String help;
    private final int order;
    private final int evaluationsPerStep;
    private final boolean exact;
    private final String citation;

    SamplerChoice(
            final String label,
            final String help,
            final int order,
            final int evaluationsPerStep,
            final boolean exact,
            final String citation) {
        this.label = label;
        this.help = help;
        this.order = order;
        this.evaluationsPerStep = evaluationsPerStep;
        this.exact = exact;
        this.citation = citation;
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
    public abstract Sampler create(SamplerSettings settings);

    /** @return the name users know */
    public String label() {
        return label;
    }

    /** @return two sentences on when to use it */
    public String help() {
        return help;
    }

    /** @return order of accuracy in the number of steps (BDIA: at gamma 1) */
    public int order() {
        return order;
    }

    /** @return network evaluations of one step, not counting guidance */
    public int evaluationsPerStep() {
        return evaluationsPerStep;
    }

    /** @return whether its inversion is exact */
    public boolean isExact() {
        return exact;
    }

    /** @return whether images can be inverted and edited with it, exactly or nearly so */
    public boolean isInvertible() {
        return exact;
    }

    /** @return whether it makes images of drawn noise */
    public boolean generates() {
        return true;
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
