package palindrome.evaluate;

import palindrome.model.DiffusionModel;
import palindrome.model.SchedulerConfig;
import palindrome.sampler.Arithmetic;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoiseSource;
import palindrome.sampler.Sampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;

/**
 * A sampler as it is measured.
 *
 * @param choice the method
 * @param settings its knobs
 * @param steps number of steps, from 2 up
 * @param arithmetic how states are kept
 */
record Setup(SamplerChoice choice, SamplerSettings settings, int steps, Arithmetic arithmetic) {

    /** Everything automatic. */
    static Setup of(final SamplerChoice choice, final int steps, final Arithmetic arithmetic) {
        return new Setup(choice, SamplerSettings.defaults(), steps, arithmetic);
    }

    Setup withNoise(final NoiseSource noise) {
        return new Setup(choice, settings.withNoise(noise), steps, arithmetic);
    }

    Sampler sampler() {
        return choice.create(settings, arithmetic);
    }

    NodeGrid grid(final DiffusionModel model) {
        final SchedulerConfig scheduler = model.scheduler();
        return choice.grid(scheduler.schedule(), scheduler::grid, steps, settings);
    }

    /** @return evaluations of the predictor from one end to the other, give or take one */
    int evaluations(final DiffusionModel model) {
        return sampler().evaluations(grid(model));
    }

    @Override
    public String toString() {
        return choice + ", " + steps + " steps, " + arithmetic.name();
    }
}
