package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import palindrome.edit.NativeArrays;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** What a run does besides arithmetic: progress, cancelling, memory, errors, and what it leaves behind. */
class SamplerRunTest {

    private static final NodeGrid GRID = ToyData.stableDiffusion(10);

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @MethodSource("recordingNothing")
    void liveArraysDoNotGrowFromStepToStep(final SamplerChoice choice) {
        final Sampler sampler = choice.create(SamplerSettings.defaults());
        final NDArray image = noise();
        final List<Integer> live = new ArrayList<>();
        final Predictor wasteful = (state, node) -> {
            live.add(alive());
            state.mul(2).add(1);
            return state.mul(0.5);
        };
        final int before = alive();
        final Latent noisy = sampler.invert(image, GRID, wasteful, StepListener.NONE);
        requireConstant(live);
        final Latent clean = sampler.sample(noisy, GRID, wasteful, StepListener.NONE);
        requireConstant(live);
        noisy.close();
        clean.close();
        assertEquals(before, alive());
    }

    /** Four times the steps take no more native memory at any time; what Cycle-SDE records grows with them, and no faster. */
    @ParameterizedTest
    @EnumSource
    void peakMemoryDoesNotDependOnTheNumberOfSteps(final SamplerChoice choice) {
        final int few = peak(choice, 10);
        final int more = peak(choice, 20);
        final int many = peak(choice, 40);
        if (choice == SamplerChoice.CYCLE_SDE || choice == SamplerChoice.CYCLE_DIFFUSION)
            assertEquals(2 * (more - few), many - more);
        else {
            assertEquals(few, more);
            assertEquals(few, many);
        }
    }

    /** @return the most arrays that were alive at an evaluation, both ways where there are two */
    private int peak(final SamplerChoice choice, final int steps) {
        final Sampler sampler = choice.create(SamplerSettings.defaults());
        final NodeGrid grid = ToyData.stableDiffusion(steps);
        final int[] peak = new int[1];
        final Predictor wasteful = (state, node) -> {
            peak[0] = Math.max(peak[0], alive());
            state.mul(2).add(1);
            return state.mul(0.5);
        };
        try (NDArray start = noise()) {
            final int before = alive();
            if (choice.inverse() != SamplerChoice.Inverse.NONE)
                try (Latent noisy = sampler.invert(start, grid, wasteful, StepListener.NONE)) {
                    sampler.sample(noisy, grid, wasteful, StepListener.NONE).close();
                }
            sampler.generate(start, grid, wasteful, StepListener.NONE).close();
            assertEquals(before, alive());
            return peak[0] - before;
        }
    }

    private int alive() {
        return NativeArrays.under(manager);
    }

    /** Steps of several evaluations hold more in the middle of a step; no later one holds more than an early one. */
    private static void requireConstant(final List<Integer> live) {
        final int half = live.size() / 2;
        assertTrue(
                Collections.max(live.subList(half, live.size())) <= Collections.max(live.subList(1, half)),
                "live arrays at each evaluation: " + live);
        live.clear();
    }

    static Stream<SamplerChoice> invertible() {
        return Arrays.stream(SamplerChoice.values()).filter(choice -> choice.inverse() != SamplerChoice.Inverse.NONE);
    }

    static Stream<SamplerChoice> recordingNothing() {
        return invertible()
                .filter(choice -> choice != SamplerChoice.CYCLE_SDE && choice != SamplerChoice.CYCLE_DIFFUSION);
    }

    @ParameterizedTest
    @MethodSource("invertible")
    void everyEvaluationIsReportedAndCancellingFreesAll(final SamplerChoice choice) {
        final Sampler sampler = choice.create(SamplerSettings.defaults());
        final NDArray image = noise();
        final int before = alive();
        final List<Integer> reported = new ArrayList<>();
        final int[] total = new int[1];
        final Latent noisy = sampler.invert(image, GRID, half(), (done, of) -> {
            reported.add(done);
            total[0] = of;
        });
        noisy.close();
        assertEquals(sampler.evaluations(GRID), total[0]);
        for (int k = 0; k <= total[0]; k++) assertEquals(k, reported.get(k));
        for (int stop = 0; stop <= total[0]; stop++) {
            final int at = stop;
            assertThrows(
                    CancellationException.class,
                    () -> sampler.invert(image, GRID, half(), (done, of) -> {
                        if (done == at) throw new CancellationException();
                    }));
            assertEquals(before, alive());
        }
    }

    @ParameterizedTest
    @MethodSource("invertible")
    void anUnfitNetworkIsNamedWithTheStep(final SamplerChoice choice) {
        final Sampler sampler = choice.create(SamplerSettings.defaults());
        final NDArray image = noise();
        final int before = alive();
        final Predictor broken = (state, node) -> node == 5 ? state.mul(Double.NaN) : state.mul(0.5);
        final Exception exc =
                assertThrows(SamplingException.class, () -> sampler.invert(image, GRID, broken, StepListener.NONE));
        assertTrue(exc.getMessage().matches(".*node [456], timestep [345]01.*"), exc.getMessage());
        final Predictor misshapen = (state, node) -> state.reshape(1, -1);
        assertThrows(IllegalStateException.class, () -> sampler.invert(image, GRID, misshapen, StepListener.NONE));
        assertEquals(before, alive());
    }

    @ParameterizedTest
    @MethodSource("invertible")
    void anImageOfNansIsRefused(final SamplerChoice choice) {
        final NDArray image = noise().mul(Double.NaN);
        final Sampler sampler = choice.create(SamplerSettings.defaults());
        final Exception exc =
                assertThrows(SamplingException.class, () -> sampler.invert(image, GRID, half(), StepListener.NONE));
        assertTrue(exc.getMessage().contains("The image holds NaN"), exc.getMessage());
    }

    /** γ = 0.5 over 100 steps needs more than 63 bits; what the message proposes fits. */
    @Test
    void overflowIsExplainedAndTheRemedyFits() {
        final NDArray image = noise();
        final int before = alive();
        final Exception exc = assertThrows(SamplingException.class, () -> inverted(image, 100, .5));
        assertEquals(before, alive());
        final Matcher remedy = Pattern.compile("gamma ([0-9.]+) or above, or at most ([0-9]+) steps")
                .matcher(exc.getMessage());
        assertTrue(remedy.find(), exc.getMessage());
        final double gamma = Double.parseDouble(remedy.group(1));
        final int steps = Integer.parseInt(remedy.group(2));
        assertTrue(gamma < .75 && steps > 50, "not a timid proposal: " + exc.getMessage());
        assertDoesNotThrow(() -> inverted(image, 100, gamma));
        assertDoesNotThrow(() -> inverted(image, steps, .5));
        final Exception generating = assertThrows(SamplingException.class, () -> new ReversibleSampler(Bdia.of(.5))
                .generate(noise(), ToyData.stableDiffusion(100), mixture(100), StepListener.NONE));
        assertTrue(generating.getMessage().contains("gamma"), generating.getMessage());
    }

    private void inverted(final NDArray image, final int steps, final double gamma) {
        new ReversibleSampler(Bdia.of(gamma))
                .invert(image, ToyData.stableDiffusion(steps), mixture(steps), StepListener.NONE)
                .close();
    }

    @Test
    void edictOverflowNamesItsMixing() {
        final Exception exc = assertThrows(SamplingException.class, () -> new ReversibleSampler(new Edict(.5))
                .invert(noise(), ToyData.stableDiffusion(100), mixture(100), StepListener.NONE));
        assertTrue(exc.getMessage().contains("mixing weight"), exc.getMessage());
    }

    @ParameterizedTest
    @MethodSource("invertible")
    void aLatentSurvivesHostMemoryAndGoesOnExactly(final SamplerChoice choice) {
        final Sampler sampler = choice.create(SamplerSettings.defaults());
        final Latent noisy = sampler.invert(noise(), GRID, mixture(10), StepListener.NONE);
        final Latent restored = noisy.store().restore(manager);
        assertTrue(noisy.sameAs(restored));
        final Latent one = sampler.sample(noisy, GRID, mixture(10), StepListener.NONE);
        final Latent other = sampler.sample(restored, GRID, mixture(10), StepListener.NONE);
        assertTrue(one.sameAs(other));
        assertArrayEquals(one.image().toDoubleArray(), other.image().toDoubleArray());
    }

    @ParameterizedTest
    @MethodSource("invertible")
    void aLatentOfAnotherRunIsRefused(final SamplerChoice choice) {
        final Sampler sampler = choice.create(SamplerSettings.defaults());
        final Latent noisy = sampler.invert(noise(), GRID, half(), StepListener.NONE);
        final NodeGrid other = ToyData.stableDiffusion(11);
        assertThrows(IllegalArgumentException.class, () -> sampler.sample(noisy, other, half(), StepListener.NONE));
        assertThrows(IllegalArgumentException.class, () -> sampler.invert(noisy, GRID, half(), StepListener.NONE));
        assertThrows(IllegalStateException.class, noisy::image);
    }

    @Test
    void anotherGammaIsRefused() {
        final Latent noisy = new ReversibleSampler(Bdia.of(.9)).invert(noise(), GRID, half(), StepListener.NONE);
        final Exception exc = assertThrows(IllegalArgumentException.class, () -> new ReversibleSampler(Bdia.of(.91))
                .sample(noisy, GRID, half(), StepListener.NONE));
        assertTrue(exc.getMessage().contains("gamma"), exc.getMessage());
    }

    @Test
    void parametersOutOfRangeAreNamed() {
        for (final double gamma : new double[] {0, -1, 1.5, Double.NaN})
            assertTrue(assertThrows(IllegalArgumentException.class, () -> Bdia.of(gamma))
                    .getMessage()
                    .contains("Gamma is " + gamma));
        for (final double mixing : new double[] {0, 1, Double.NaN})
            assertThrows(IllegalArgumentException.class, () -> new Edict(mixing));
        for (final double eta : new double[] {-0.1, 1.1, Double.NaN})
            assertThrows(
                    IllegalArgumentException.class,
                    () -> SamplerChoice.DDIM.create(SamplerSettings.defaults().withEta(eta)));
        assertThrows(IllegalArgumentException.class, () -> new OBelm().program(GRID.cleanest(1)));
    }

    /** Balanced, but never under 0.9. */
    @Test
    void automaticGammaIsTheBalancedOneWithinLimits() {
        final Bdia auto = Bdia.auto();
        assertEquals(.937, auto.gamma(ToyData.stableDiffusion(50)), 5e-4);
        assertEquals(.968, auto.gamma(ToyData.stableDiffusion(100)), 5e-4);
        assertEquals(.922, auto.gamma(ToyData.stableDiffusion(50).withStrength(0.8, 2)), 5e-4);
        assertEquals(.9, auto.gamma(GRID));
    }

    @Test
    void theAutomaticCoefficientBoundsTheAmplification() {
        final ReversibleMethod auto = Belm.auto();
        assertEquals(.5, auto.parameters(ToyData.stableDiffusion(4)).get("a"));
        for (final int steps : new int[] {50, 100, 200})
            assertEquals(5, auto.amplification(ToyData.stableDiffusion(steps)), 1e-9);
        assertTrue(auto.warnings(ToyData.stableDiffusion(200)).isEmpty());
    }

    @Test
    void amplifyingSettingsAreWarnedAbout() {
        assertTrue(new OBelm().warnings(GRID).isEmpty());
        assertTrue(Bdia.auto().warnings(GRID).isEmpty());
        assertFalse(Bdia.of(.5).warnings(GRID).isEmpty());
        assertTrue(new Edict(.93).warnings(GRID).isEmpty());
        assertFalse(new Edict(.93).warnings(ToyData.stableDiffusion(150)).isEmpty());
    }

    /** A latent can be exact and useless. */
    @Test
    void healthTellsNoiseFromAnAmplifiedMode() {
        final NodeGrid grid = ToyData.stableDiffusion(50);
        final NDArray image =
                new TorchNoise(6).draw(manager, 1, 3, 16, 16).mul(.5).add(.3);
        final Elementwise data = new Elementwise(ToyData.gaussian(grid));
        for (final ReversibleMethod method : List.of(Bdia.of(1), Bdia.auto(), new OBelm(), new Edict(.93))) {
            final LatentHealth health = health(new ReversibleSampler(method), image, grid, data);
            assertEquals(1, health.rms(), .25, method.name() + " " + health);
            assertEquals(3, health.channelRms().size());
            for (final double channel : health.channelRms())
                assertEquals(health.rms(), channel, .25, health.toString());
            assertEquals(0, health.excessKurtosis(), .6, method.name() + " " + health);
            assertTrue(health.kolmogorovSmirnov() < .1, method.name() + " " + health);
            assertEquals(method instanceof Edict, Double.isNaN(health.alternation()));
            assertEquals(!(method instanceof Edict), Double.isNaN(health.copyGap()));
            assertTrue(health.warnings(Set.of()).isEmpty(), method.name() + " " + health);
        }
        final LatentHealth lost = health(new ReversibleSampler(Bdia.of(.5)), image, grid, data);
        assertTrue(lost.alternation() > 1e6, lost.toString());
        assertEquals(Math.pow(2, 49), lost.amplification(), 1);
        assertTrue(lost.rms() > 1e6, lost.toString());
        assertTrue(
                lost.warnings(Set.of())
                        .get(0)
                        .endsWith("use guidance 1, more steps, gamma=auto or the sampler O-BELM."),
                lost.warnings(Set.of()).toString());
        // what is done already is not advised
        assertTrue(
                lost.warnings(Set.of(Remedy.GUIDANCE_1, Remedy.GAMMA_AUTO, Remedy.O_BELM))
                        .get(0)
                        .endsWith("will look wrong: use more steps."),
                lost.toString());
    }

    private static LatentHealth health(
            final Sampler sampler, final NDArray image, final NodeGrid grid, final Predictor data) {
        return LatentHealth.of(sampler.invert(image, grid, data, StepListener.NONE), grid, sampler);
    }

    /** What inversion does to a small difference of the two states is what the estimate says. */
    @Test
    void amplificationIsMeasured() {
        final NodeGrid grid = ToyData.stableDiffusion(10);
        // Data that do not vary predict noise alone: the low-variance directions of the theory.
        final Elementwise data = new Elementwise(ToyData.gaussian(grid, 0, 1e-4));
        for (final double gamma : new double[] {1, .94}) {
            final ReversibleSampler sampler = new ReversibleSampler(Bdia.of(gamma), new FloatingPoint());
            final double[] start = new double[2];
            for (int k = 0; k < 2; k++) {
                final NDArray noise = Tensors.of(manager, new double[] {0}, 1, 1, 1, 1);
                final NDArray other = Tensors.of(manager, new double[] {k * 1e-6}, 1, 1, 1, 1);
                final Latent pair = sampler.pair(noise, other, End.NOISY, grid);
                start[k] = sampler.sample(pair, grid, data, StepListener.NONE)
                        .image()
                        .toDoubleArray()[0];
            }
            final double sigmas = grid.sigma(10) / grid.sigma(1);
            assertEquals(
                    sigmas / sampler.amplification(grid),
                    Math.abs(start[1] - start[0]) / 1e-6,
                    .01 * sigmas,
                    "" + gamma);
        }
        assertEquals(Math.pow(.93, -20), new Edict(.93).amplification(grid), 1e-9);
    }

    @Test
    void samplersAreFoundByName() {
        for (final SamplerChoice choice : SamplerChoice.values()) {
            assertEquals(choice, SamplerChoice.of(choice.label().toLowerCase(java.util.Locale.ROOT)));
            final Sampler sampler = choice.create(SamplerSettings.defaults());
            assertEquals(choice.label(), sampler.name());
            assertEquals(choice.isExact(), sampler.isExact());
            assertTrue(choice.help().split("[.] ").length == 2, choice.help());
            final NodeGrid grid = ToyData.stableDiffusion(100);
            assertEquals(Double.parseDouble(choice.cost()), sampler.evaluations(grid) / 100.0, .03, choice.label());
        }
        final Exception exc = assertThrows(IllegalArgumentException.class, () -> SamplerChoice.of("PLMS"));
        assertTrue(exc.getMessage().contains("O-BELM, BDIA, BDIA-DPM-Solver++ 2S"), exc.getMessage());
    }

    @Test
    void aSeedMeansTheSameNoiseInEveryBatch() {
        final double[] alone = new TorchNoise(8).draw(manager, 1, 3, 4, 4).toDoubleArray();
        final double[] batch = new TorchNoise(7, 8).draw(manager, 2, 3, 4, 4).toDoubleArray();
        assertArrayEquals(alone, java.util.Arrays.copyOfRange(batch, 48, 96));
        assertThrows(IllegalArgumentException.class, () -> new TorchNoise(7, 8).draw(manager, 1, 3, 4, 4));
    }

    @Test
    void everyPredictionTypeGivesBackTheSameNoise() {
        final NDArray clean = noise();
        final NDArray epsilon = new TorchNoise(2).draw(manager, 1, 3, 8, 8);
        final double alpha = 0.8;
        final double sigma = 0.6;
        final NDArray state = clean.mul(alpha).add(epsilon.mul(sigma));
        final NDArray velocity = epsilon.mul(alpha).sub(clean.mul(sigma));
        final double[] expected = epsilon.toDoubleArray();
        for (final PredictionType type : PredictionType.values()) {
            final NDArray output =
                    switch (type) {
                        case EPSILON -> epsilon;
                        case V_PREDICTION -> velocity;
                        case SAMPLE -> clean;
                    };
            assertArrayEquals(
                    expected, type.toEpsilon(output, state, alpha, sigma).toDoubleArray(), 1e-14, type.name());
        }
        assertThrows(IllegalArgumentException.class, () -> PredictionType.SAMPLE.toEpsilon(clean, state, 1, 0));
    }

    private NDArray noise() {
        return new TorchNoise(1).draw(manager, 1, 3, 8, 8);
    }

    private static Predictor half() {
        return (state, node) -> state.mul(0.5);
    }

    private static Elementwise mixture(final int steps) {
        return new Elementwise(ToyData.mixture(ToyData.stableDiffusion(steps)));
    }
}
