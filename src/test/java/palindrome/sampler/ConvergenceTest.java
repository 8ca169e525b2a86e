package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** Errors against the exact solution of the probability-flow ODE on a smooth grid, and how they fall with N. */
class ConvergenceTest {

    private static final int[] SAMPLING_STEPS = {20, 80, 320, 1280};
    private static final double START = 1.1;
    private static final double IMAGE = 0.7;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void samplingErrorsAndOrders() {
        check(ddim(), 1, 5.09e-2, 1.32e-2, 3.33e-3, 8.34e-4);
        check(exact(Bdia.of(1)), 2, 3.37e-3, 2.08e-4, 1.30e-5, 8.10e-7);
        check(exact(Bdia.of(.5)), 1, 1.47e-2, 4.25e-3, 1.10e-3, 2.78e-4);
        check(exact(new OBelm()), 2, 8.04e-3, 5.08e-4, 3.18e-5, 1.99e-6);
        check(exact(new Edict(.93)), 1, 2.66e-2, 8.30e-3, 2.16e-3, 5.46e-4);
        check(oneWay(DpmSolverMultistep.second()), 2, 1.59e-2, 9.40e-4, 5.63e-5, 3.48e-6);
        check(edm(OneStepSolver.EULER), 1, 5.09e-2, 1.32e-2, 3.33e-3, 8.34e-4);
        check(edm(OneStepSolver.HEUN), 2, 8.50e-3, 5.14e-4, 3.19e-5, 1.99e-6);
    }

    /** No published values: the order alone. */
    @Test
    void ordersOfTheOthers() {
        final ToDoubleFunction<Sampler> fit =
                sampler -> order(samplingError(sampler, 160), samplingError(sampler, 640));
        assertEquals(1, fit.applyAsDouble(oneWay(DpmSolverMultistep.first())), .1);
        assertEquals(2, fit.applyAsDouble(oneWay(OneStepMethod.dpmSolver())), .1);
        assertEquals(2, fit.applyAsDouble(exact(Bdia.overDpmSolver(OptionalDouble.of(1)))), .1);
        assertEquals(2, fit.applyAsDouble(exact(Bdia.overEdmEuler(OptionalDouble.of(1)))), .1);
        assertEquals(2, fit.applyAsDouble(exact(Bdia.overEdmHeun(OptionalDouble.of(1)))), .1);
        assertEquals(1, fit.applyAsDouble(exact(new Belm(.5))), .1);
    }

    /**
     * The distribution that the stochastic samplers end in, where the data are normal and each step is affine: from noise
     * of the right mean and variance their mean is right with any number of steps, and the error of the variance is of
     * first order for SDE-DPM-Solver++ 1 and of second for 2S.
     */
    @Test
    void distributionsOfStochasticSamplers() {
        final double[] first = new double[2];
        final double[] second = new double[2];
        for (int k = 0; k < 2; k++) {
            final int steps = SAMPLING_STEPS[k + 1];
            first[k] = varianceError(DpmSolverMultistep::firstSde, steps);
            second[k] = varianceError(SdeDpmSolverSinglestep::new, steps);
            assertEquals(first[k], varianceError(n -> new Ddpm(n, DdpmVariance.FIXED_SMALL), steps), 1e-12);
        }
        assertEquals(1, order(first[0], first[1]), .1);
        assertEquals(2, order(second[0], second[1]), .15);
        assertEquals(4.23e-4, second[1], .01e-4, "by an independent program");
    }

    /** The images of a mean, and of what each unit of noise adds to it, give the mean and variance of all images. */
    private double varianceError(final Function<NoiseSource, OneWayMethod> method, final int steps) {
        final NodeGrid grid = ToyData.smoothGrid(steps);
        final double mean = grid.alpha(steps) * .3;
        final double deviation = Math.hypot(grid.alpha(steps) * .5, grid.sigma(steps));
        final double centre = image(method, grid, mean, -1);
        assertEquals(grid.alpha(0) * .3, centre, 1e-12);
        double variance = Math.pow(image(method, grid, mean + deviation, -1) - centre, 2);
        for (int draw = 0; draw < steps; draw++) variance += Math.pow(image(method, grid, mean, draw) - centre, 2);
        return Math.abs(variance - Math.pow(grid.alpha(0) * .5, 2) - Math.pow(grid.sigma(0), 2));
    }

    private double image(
            final Function<NoiseSource, OneWayMethod> method, final NodeGrid grid, final double x, final int unit) {
        final int[] drawn = {0};
        final NoiseSource noise = (owner, shape) -> Tensors.of(owner, new double[] {drawn[0]++ == unit ? 1 : 0}, shape);
        final double image =
                image(oneWay(method.apply(noise)).generate(of(x), grid, gaussian(grid), StepListener.NONE));
        assertEquals(grid.steps(), drawn[0]);
        return image;
    }

    /** Zero terminal signal-to-noise: of three steps 2S makes two, and the first, out of noise alone, spans two levels. */
    @Test
    void twoSStepsOutOfNoiseAlone() {
        final NodeGrid grid = NodeGrid.of(
                NoiseSchedule.scaledLinear(1000, .00085, .012).withZeroTerminalSnr(),
                TimestepSpacing.TRAILING,
                3,
                0,
                CleanNode.NOISE_FREE);
        final NoiseSource silent = (owner, shape) -> Tensors.of(owner, new double[] {0}, shape);
        reachesNodeOne(OneStepMethod.dpmSolver(), grid, grid.alpha(1) * .3 + grid.sigma(1) * START);
        reachesNodeOne(new SdeDpmSolverSinglestep(silent), grid, grid.alpha(1) * .3);
    }

    private void reachesNodeOne(final OneWayMethod method, final NodeGrid grid, final double expected) {
        final Elementwise data = gaussian(grid);
        final Predictor predictor = new Predictor() {
            @Override
            public NDArray epsilon(final NDArray state, final int node) {
                return data.epsilon(state, node);
            }

            @Override
            public NDArray clean(final NDArray state, final int node) {
                return Tensors.of(state.getManager(), new double[] {.3}, 1, 1, 1, 1);
            }
        };
        oneWay(method).generate(of(START), grid, predictor, StepListener.NONE);
        assertEquals(List.of(1), data.nodes());
        assertEquals(expected, data.inputs().get(0)[0], 1e-12, method.name());
    }

    /** DPM-Solver++ 1 is DDIM, EDM's Euler step is DDIM in σ̄, and BELM with the right coefficients is O-BELM. */
    @Test
    void sameMethodsUnderOtherNames() {
        final double ddim = samplingError(ddim(), 20);
        assertEquals(ddim, samplingError(oneWay(DpmSolverMultistep.first()), 20), 1e-12);
        assertEquals(ddim, samplingError(edm(OneStepSolver.EULER), 20), 1e-12);
        final NodeGrid grid = ToyData.smoothGrid(20);
        final double[] coefficients = new double[19];
        for (int i = 19; i >= 1; i--) coefficients[19 - i] = Math.pow(grid.stepSize(i) / grid.stepSize(i + 1), 2);
        assertEquals(samplingError(exact(new OBelm()), 20), samplingError(exact(new Belm(coefficients)), 20), 1e-12);
    }

    /** Beginning with two copies of the noise costs BDIA its second order. */
    @Test
    void aCopiedSecondStateCostsTheOrder() {
        final double[] errors = new double[2];
        for (int k = 0; k < 2; k++) {
            final NodeGrid grid = ToyData.smoothGrid(SAMPLING_STEPS[k + 2]);
            final ReversibleSampler sampler = exact(Bdia.of(1));
            final Latent pair = sampler.pair(of(START), of(START), End.NOISY, grid);
            errors[k] = Math.abs(image(sampler.sample(pair, grid, gaussian(grid), StepListener.NONE))
                    - ToyData.exactGaussian(grid, START, grid.steps(), 0));
        }
        assertEquals(1.05, order(errors[0], errors[1]), 0.05);
    }

    /** BDIA's error is (1−γ)/(1+γ) of DDIM's. */
    @Test
    void gammaSetsTheErrorConstant() {
        final int steps = 1280;
        final double ddim = samplingError(ddim(), steps);
        for (final double gamma : new double[] {.1, .5, .9}) {
            final double expected = (1 - gamma) / (1 + gamma);
            assertEquals(expected, samplingError(exact(Bdia.of(gamma)), steps) / ddim, 0.03 * expected);
        }
    }

    @Test
    void inversionOrders() {
        final ToDoubleFunction<Sampler> fit =
                sampler -> order(inversionError(sampler, 160), inversionError(sampler, 640));
        assertTrue(fit.applyAsDouble(ddim()) >= 0.9);
        assertTrue(fit.applyAsDouble(exact(Bdia.of(1))) >= 1.9);
        assertTrue(fit.applyAsDouble(exact(new OBelm())) >= 1.9);
    }

    /** Expected: their inverses amplify a mode without bound as N grows. */
    @Test
    void dampedMethodsDivergeWhenInvertingManySteps() {
        assertTrue(inversionError(exact(Bdia.of(.5)), 160) > 1e6);
        assertTrue(inversionError(exact(Bdia.of(.94)), 640) > 10 * inversionError(exact(Bdia.of(.94)), 80));
        assertTrue(inversionError(exact(new Edict(.93)), 640) > 1e6);
    }

    private void check(final Sampler sampler, final double order, final double... expected) {
        final double[] errors = new double[expected.length];
        for (int k = 0; k < expected.length; k++) {
            errors[k] = samplingError(sampler, SAMPLING_STEPS[k]);
            // The table has three digits.
            assertEquals(expected[k], errors[k], 0.006 * expected[k], sampler.name() + " at N = " + SAMPLING_STEPS[k]);
        }
        assertEquals(order, order(errors[2], errors[3]), 0.02, sampler.name());
    }

    private double samplingError(final Sampler sampler, final int steps) {
        final NodeGrid grid = ToyData.smoothGrid(steps);
        final Latent clean = sampler.generate(of(START), grid, gaussian(grid), StepListener.NONE);
        return Math.abs(image(clean) - ToyData.exactGaussian(grid, START, steps, 0));
    }

    private double inversionError(final Sampler sampler, final int steps) {
        final NodeGrid grid = ToyData.smoothGrid(steps);
        final Latent noisy = sampler.invert(of(IMAGE), grid, gaussian(grid), StepListener.NONE);
        return Math.abs(
                noisy.value(noisy.noisiestSlot()).toDoubleArray()[0] - ToyData.exactGaussian(grid, IMAGE, 0, steps));
    }

    /** Fitted from errors at N and 4N. */
    private static double order(final double coarse, final double fine) {
        return Math.log(coarse / fine) / Math.log(4);
    }

    private static Elementwise gaussian(final NodeGrid grid) {
        return new Elementwise(ToyData.gaussian(grid));
    }

    private static ReversibleSampler exact(final ReversibleMethod method) {
        return new ReversibleSampler(method, new FloatingPoint());
    }

    private static Sampler ddim() {
        return new OneWaySampler(new Ddim(0, new TorchNoise(0), InversionLabel.SOURCE), new FloatingPoint());
    }

    private static Sampler oneWay(final OneWayMethod method) {
        return new OneWaySampler(method, new FloatingPoint());
    }

    private static Sampler edm(final OneStepSolver solver) {
        return oneWay(OneStepMethod.edm(solver, KarrasSpacing.DEFAULT, 1, new TorchNoise(0)));
    }

    private static double image(final Latent clean) {
        return clean.image().toDoubleArray()[0];
    }

    private NDArray of(final double value) {
        return Tensors.of(manager, new double[] {value}, 1, 1, 1, 1);
    }
}
