package palindrome.evaluate;

import java.util.List;
import palindrome.sampler.Arithmetic;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;

/**
 * A sampler of the evaluation under the name its tables use.
 *
 * @param label what tables say, such as "BDIA γ=0.5"
 * @param choice the method
 * @param settings its knobs
 * @param evaluationsPerStep how many steps an evaluation budget buys: budget / this
 */
record Contestant(String label, SamplerChoice choice, SamplerSettings settings, int evaluationsPerStep) {

    static final Contestant DDIM = of("DDIM", SamplerChoice.DDIM, SamplerSettings.defaults(), 1);
    static final Contestant EDICT = of("EDICT", SamplerChoice.EDICT, SamplerSettings.defaults(), 2);
    static final Contestant BDIA = of("BDIA", SamplerChoice.BDIA, SamplerSettings.defaults(), 1);
    static final Contestant BDIA_HALF =
            of("BDIA γ=0.5", SamplerChoice.BDIA, SamplerSettings.defaults().withGamma(0.5), 1);
    static final Contestant BDIA_ONE =
            of("BDIA γ=1", SamplerChoice.BDIA, SamplerSettings.defaults().withGamma(1), 1);
    static final Contestant O_BELM = of("O-BELM", SamplerChoice.O_BELM, SamplerSettings.defaults(), 1);
    static final Contestant CYCLE_SDE = of("Cycle-SDE", SamplerChoice.CYCLE_SDE, SamplerSettings.defaults(), 1);

    /** The rows of the published table of reconstruction errors, and Cycle-SDE. */
    static final List<Contestant> INVERTIBLE = List.of(DDIM, EDICT, BDIA, O_BELM, CYCLE_SDE);

    /** Whose images are compared at equal evaluations. */
    static final List<Contestant> GENERATING = List.of(DDIM, EDICT, BDIA_HALF, BDIA_ONE, O_BELM);

    private static Contestant of(
            final String label, final SamplerChoice choice, final SamplerSettings settings, final int cost) {
        return new Contestant(label, choice, settings, cost);
    }

    Setup steps(final int steps, final Arithmetic arithmetic) {
        return new Setup(choice, settings, steps, arithmetic);
    }

    Setup evaluations(final int evaluations, final Arithmetic arithmetic) {
        return steps(evaluations / evaluationsPerStep, arithmetic);
    }
}
