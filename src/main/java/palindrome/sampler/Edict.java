package palindrome.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * EDICT, exact diffusion inversion via coupled transformations (Wallace, Gokul and
 * Naik 2023, eqs. 12 and 14): two copies of the state, each stepped by DDIM with
 * the noise of the other, then mixed with weight p. Which copy goes first
 * alternates from step to step, counted from the noisiest, as in the authors'
 * code. The image is the first copy.
 */
public final class Edict implements ReversibleMethod {

    /** The authors' p. */
    public static final double DEFAULT_MIXING = 0.93;
    /** p^(2N) under which un-mixing drives the copies apart. */
    private static final double MIN_MIXING_POWER = 1e-4;

    private static final double SAFETY = 0.9;

    private final double mixing;

    /**
     * @param mixing p, above 0 and below 1; 0.90 to 0.97 for 50 steps
     * @throws IllegalArgumentException if it is out of range
     */
    public Edict(final double mixing) {
        if (!(mixing > 0 && mixing < 1))
            throw new IllegalArgumentException(
                    "The mixing weight is " + mixing + "; use a number above 0 and below 1, usually 0.93.");
        this.mixing = mixing;
    }

    @Override
    public String name() {
        return "EDICT";
    }

    @Override
    public int minimumSteps() {
        return 1;
    }

    @Override
    public int evaluationsPerStep() {
        return 2;
    }

    @Override
    public CouplingProgram program(final NodeGrid grid) {
        final int last = grid.steps();
        final List<Coupling> couplings = new ArrayList<>();
        for (int i = last; i >= 1; i--) {
            final DdimStep step = DdimStep.of(grid, i, i - 1);
            final int first = (last - i) & 1;
            couplings.add(new Coupling(first, step.linear(), 0, step.noise(), i));
            couplings.add(new Coupling(1 - first, step.linear(), 0, step.noise(), i));
            couplings.add(Coupling.mixing(0, mixing, 1 - mixing));
            couplings.add(Coupling.mixing(1, mixing, 1 - mixing));
        }
        return new CouplingProgram(
                couplings, SecondState.copy(), SecondState.copy(), List.of(last, last), List.of(0, 0));
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return Map.of("mixing", mixing);
    }

    @Override
    public List<String> warnings(final NodeGrid grid) {
        if (Math.pow(mixing, 2 * grid.steps()) >= MIN_MIXING_POWER) return List.of();
        return List.of(String.format(
                Locale.ROOT,
                "Inverting %d steps with a mixing weight of %.3g drives EDICT's two copies apart; the latent is exact"
                        + " but far from noise. Use at most %d steps after strength, or a mixing weight of %.3f or above.",
                grid.steps(),
                mixing,
                (int) (Math.log(MIN_MIXING_POWER) / (2 * Math.log(mixing))),
                Math.pow(MIN_MIXING_POWER, 0.5 / grid.steps())));
    }

    @Override
    public String remedy(final NodeGrid grid, final double share) {
        return String.format(
                Locale.ROOT,
                "Use at most %d steps after strength, or a mixing weight of %.3f or above.",
                Math.max(1, (int) (SAFETY * share * grid.steps())),
                Math.min(0.999, Math.ceil(Math.pow(mixing, SAFETY * share) * 1000) / 1000));
    }
}
