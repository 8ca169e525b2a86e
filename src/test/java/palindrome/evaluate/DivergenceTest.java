package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.sampler.NodeGrid;

/** "SDE beats ODE" with numbers, against values computed beforehand by another program. */
class DivergenceTest {

    private static final GaussianData DATA = new GaussianData(0.3, 0.5);

    @ParameterizedTest
    @CsvSource({
        "2, 0.25, 0,   25, 2.282957, 1.996620",
        "2, 0.25, 0,   100, 2.282957, 2.196340",
        "2, 0.25, 0,   1000, 2.282957, 2.268911",
        "2, 0.25, 1,   25, 2.282957, 0.030148",
        "2, 0.25, 1,   100, 2.282957, 0.005897",
        "2, 0.25, 1,   1000, 2.282957, 0.002401",
        "1, 1,    0,   1000, 0.481416, 0.477165",
        "1, 1,    0.5, 1000, 0.481416, 0.088963",
        "1, 1,    1,   1000, 0.481416, 0.000656",
        "0, 0.25, 1,   1000, 0.317045, 0.000102"
    })
    void gaussianDivergences(
            final double mean,
            final double variance,
            final double eta,
            final int steps,
            final double before,
            final double after) {
        final GaussianDivergence kl = GaussianDivergence.of(DATA, RandomnessPart.grid(steps), eta, mean, variance);
        assertEquals(before, kl.before(), 1e-6);
        assertEquals(after, kl.after(), 1e-6);
    }

    /** With η = 1 the mean contracts exactly, however few the steps. */
    @Test
    void theSdesMeanIsExactForAnyNumberOfSteps() {
        for (final int steps : new int[] {25, 100, 1000})
            assertEquals(
                    0.316775,
                    GaussianDivergence.of(DATA, RandomnessPart.grid(steps), 1, 1, 1)
                            .mean(),
                    1e-6);
    }

    @Test
    void mixtureDivergences() {
        final ToDoubleFunction<Random> normal = random -> 1 + 0.5 * random.nextGaussian();
        final ToDoubleFunction<Random> uniform = random -> 4 * random.nextDouble() - 2;
        check(normal, 0.8098, 0.8096);
        check(uniform, 0.199, 0.196);
    }

    private static void check(final ToDoubleFunction<Random> prior, final double before, final double afterOde) {
        final int samples = 100_000;
        final NodeGrid grid = RandomnessPart.grid(200);
        final MixtureDivergence ode = MixtureDivergence.of(samples, grid, 0, prior, 1);
        assertEquals(before, ode.before(), 0.03 * before);
        assertEquals(afterOde, ode.after(), 0.03 * afterOde);
        final MixtureDivergence sde = MixtureDivergence.of(samples, grid, 1, prior, 1);
        assertTrue(sde.after() < 0.02, "SDE " + sde.after());
    }
}
