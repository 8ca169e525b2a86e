package palindrome.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

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

    private final OptionalDouble chosen;

    /**
     * @param mixing p, above 0 and below 1; 0.90 to 0.97 for 50 steps
     * @throws IllegalArgumentException if it is out of range
     */
    public Edict(final double mixing) {
        this(OptionalDouble.of(mixing));
    }

    /**
     * @param mixing p as above, or empty for the automatic one: the authors' 0.93, or on long grids as much as keeps
     *          un-mixing from driving the copies apart
     */
    Edict(final OptionalDouble mixing) {
        if (mixing.isPresent() && !(mixing.getAsDouble() > 0 && mixing.getAsDouble() < 1))
            throw new IllegalArgumentException("The mixing weight is " + mixing.getAsDouble()
                    + "; use a number above 0 and below 1, usually 0.93, or auto.");
        chosen = mixing;
    }

    /** @return p used on that grid, in (0, 1) */
    public double mixing(final NodeGrid grid) {
        if (chosen.isPresent()) return chosen.getAsDouble();
        // NB: StrictMath, so that a latent opens on every machine.
        return Math.max(DEFAULT_MIXING, StrictMath.pow(MIN_MIXING_POWER, 0.5 / grid.steps()));
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
    public CouplingProgram program(final NodeGrid grid) {
        final double mixing = mixing(grid);
        final int last = grid.steps();
        final List<Coupling> couplings = new ArrayList<>();
        for (int i = last; i >= 1; i--) {
            final DdimStep step = DdimStep.of(grid, i, i - 1);
            final int first = (last - i) & 1;
            final Increment noise = new LinearIncrement(0, step.noise(), i);
            couplings.add(new Coupling(first, step.linear(), noise));
            couplings.add(new Coupling(1 - first, step.linear(), noise));
            couplings.add(Coupling.mixing(0, mixing, 1 - mixing));
            couplings.add(Coupling.mixing(1, mixing, 1 - mixing));
        }
        return new CouplingProgram(
                couplings, SecondState.copy(), SecondState.copy(), List.of(last, last), List.of(0, 0));
    }

    @Override
    public double amplification(final NodeGrid grid) {
        return Math.pow(mixing(grid), -2 * grid.steps());
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return Map.of("mixing", mixing(grid));
    }

    @Override
    public List<String> warnings(final NodeGrid grid) {
        final double mixing = mixing(grid);
        // NB: the automatic weight is at the limit itself, give or take rounding.
        if (Math.pow(mixing, 2 * grid.steps()) >= MIN_MIXING_POWER * 0.999) return List.of();
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
        final double mixing = mixing(grid);
        return String.format(
                Locale.ROOT,
                "Use at most %d steps after strength, or a mixing weight of %.3f or above.",
                Math.max(1, (int) (SAFETY * share * grid.steps())),
                Math.min(0.999, Math.ceil(Math.pow(mixing, SAFETY * share) * 1000) / 1000));
    }
}
