package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** There and back in float64 and on the lattice: any second state, any number of steps, any strength. */
class RoundTripTest {

    private static final List<ReversibleMethod> METHODS =
            List.of(Bdia.of(1), Bdia.of(.94), Bdia.auto(), new OBelm(), new Edict(.93));
    private static final int[] STEPS = {2, 3, 7, 10, 13, 30, 50};
    private static final double[] STRENGTHS = {0.3, 0.8, 1};

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
    void anySecondStateReturnsForAnyNumberOfStepsAndStrength() {
        for (final ReversibleMethod method : METHODS)
            for (final int steps : STEPS)
                for (final double strength : STRENGTHS) {
                    final NodeGrid grid = ToyData.stableDiffusion(steps).withStrength(strength, method.minimumSteps());
                    final String name = method.name() + " " + steps + " " + strength;
                    arbitraryPairReturns(new ReversibleSampler(method, new FloatingPoint()), grid, name, 1e-11);
                    arbitraryPairReturns(new ReversibleSampler(method), grid, name, 0);
                }
    }

    /** A pair that no start-up rule makes, from noise to image and back. */
    private void arbitraryPairReturns(
            final ReversibleSampler sampler, final NodeGrid grid, final String name, final double tolerance) {
        final TorchNoise noise = new TorchNoise(3);
        final NDArray first = noise.draw(manager, 1, 1, 4, 4);
        final NDArray second = noise.draw(manager, 1, 1, 4, 4);
        final Elementwise predictor = new Elementwise(ToyData.mixture(grid));
        try (Latent pair = sampler.pair(first, second, End.NOISY, grid);
                Latent clean = sampler.sample(pair, grid, predictor, StepListener.NONE);
                Latent back = sampler.invert(clean, grid, predictor, StepListener.NONE)) {
            if (tolerance == 0) assertTrue(pair.sameAs(back), name);
            for (int slot = 0; slot < 2; slot++)
                assertArrayEquals(
                        pair.value(slot).toDoubleArray(), back.value(slot).toDoubleArray(), tolerance, name);
        }
    }

    @Test
    void float64IsGoodToRoundingForHealthyMethods() {
        for (final ReversibleMethod method : List.of(Bdia.of(1), Bdia.of(.94), new OBelm()))
            assertTrue(roundTripError(new ReversibleSampler(method, new FloatingPoint()), 50) <= 1e-12, method.name());
    }

    /** The reason for the lattice: γ = 0.5 over 50 steps. */
    @Test
    void float64LosesWhatTheLatticeKeeps() {
        assertTrue(roundTripError(new ReversibleSampler(Bdia.of(.5), new FloatingPoint()), 50) > 1e-6);
        assertEquals(0, roundTripError(new ReversibleSampler(Bdia.of(.5)), 50));
    }

    @Test
    void theLatticeFollowsFloat64Closely() {
        final NodeGrid grid = ToyData.stableDiffusion(10);
        for (final ReversibleMethod method : METHODS) {
            final double[] exact = generated(new ReversibleSampler(method), grid);
            final double[] real = generated(new ReversibleSampler(method, new FloatingPoint()), grid);
            assertArrayEquals(real, exact, 1e-5, method.name());
        }
    }

    @Test
    void anotherPredictorAtTheTurningPointChangesTheImage() {
        final NodeGrid grid = ToyData.stableDiffusion(10);
        for (final ReversibleMethod method : METHODS) {
            final Sampler sampler = new ReversibleSampler(method);
            final NDArray image = image();
            final Latent noisy = sampler.invert(image, grid, new Elementwise(ToyData.mixture(grid)), StepListener.NONE);
            final Latent edited =
                    sampler.sample(noisy, grid, new Elementwise(ToyData.gaussian(grid)), StepListener.NONE);
            assertFalse(edited.image().allClose(image, 1e-2, 1e-2, false), method.name());
        }
    }

    @Test
    void ddimRoundTripIsOnlyApproximate() {
        final Sampler sampler = new OneWaySampler(new Ddim(0, new TorchNoise(0), InversionLabel.SOURCE), new Lattice());
        final double error = roundTripError(sampler, 50);
        assertTrue(error > 1e-3 && error < 0.5, "max " + error);
    }

    /** With data of almost no variance, a disturbed second state answers with γ^(N−1)·σ_N/σ_1. */
    @Test
    void theParasiticModeHasItsKnownGain() {
        assertEquals(24.1, parasiticGain(1), 0.241);
        assertEquals(13.8, parasiticGain(.94), 0.138);
    }

    private double parasiticGain(final double gamma) {
        final NodeGrid grid = ToyData.stableDiffusion(10);
        final ReversibleSampler sampler = new ReversibleSampler(Bdia.of(gamma), new FloatingPoint());
        final Elementwise.Formula narrow = ToyData.gaussian(grid, 0.3, 1e-4);
        final double disturbance = 1e-6;
        final double[] images = new double[2];
        for (int k = 0; k < 2; k++) {
            final double second = 0.9 + k * disturbance;
            final Latent pair = sampler.pair(of(1), of(second), End.NOISY, grid);
            images[k] = sampler.sample(pair, grid, new Elementwise(narrow), StepListener.NONE)
                    .image()
                    .toDoubleArray()[0];
        }
        return Math.abs(images[1] - images[0]) / disturbance;
    }

    private double roundTripError(final Sampler sampler, final int steps) {
        final NodeGrid grid = ToyData.stableDiffusion(steps);
        final Elementwise predictor = new Elementwise(ToyData.mixture(grid));
        // On the lattice the image is what it stands for, the nearest multiple of 2^-24.
        final NDArray image = image().mul(0x1p24).round().mul(0x1p-24);
        final Latent noisy = sampler.invert(image, grid, predictor, StepListener.NONE);
        final Latent clean = sampler.sample(noisy, grid, predictor, StepListener.NONE);
        return clean.image().sub(image).abs().max().getDouble();
    }

    private double[] generated(final Sampler sampler, final NodeGrid grid) {
        final NDArray noise = new TorchNoise(3).draw(manager, 1, 1, 8, 8);
        return sampler.generate(noise, grid, new Elementwise(ToyData.mixture(grid)), StepListener.NONE)
                .image()
                .toDoubleArray();
    }

    private NDArray image() {
        return new TorchNoise(9).draw(manager, 1, 1, 16, 16).mul(0.5);
    }

    private NDArray of(final double value) {
        return Tensors.of(manager, new double[] {value}, 1, 1, 1, 1);
    }
}
