package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

class SlerpTest {

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

    /** Values from an independent program. */
    @Test
    void knownValues() {
        assertArrayEquals(new double[] {0.92387953, 0.76536686}, mixed(.25, of(1, 0), of(0, 2)), 1e-8);
        assertArrayEquals(
                new double[] {2.57268407, 0.64317102, 2.25109856}, mixed(.5, of(1, 2, 3), of(3, -1, .5)), 1e-8);
    }

    @Test
    void parallelAndEmptyStatesStayFinite() {
        assertArrayEquals(new double[] {1, 2}, mixed(.3, of(1, 2), of(1, 2)), 1e-12);
        assertArrayEquals(new double[] {1.3, 2.6}, mixed(.3, of(1, 2), of(2, 4)), 1e-12);
        assertArrayEquals(new double[] {0, 0}, mixed(.3, of(0, 0), of(0, 0)), 0);
    }

    /** Both states go along, the ends are exact, and noise keeps its length in between. */
    @Test
    void bothStatesAreInterpolated() {
        final ReversibleSampler sampler = new ReversibleSampler(new OBelm());
        final Predictor data = new Elementwise(ToyData.mixture(GRID));
        final Latent a = inverted(sampler, data, 1);
        final Latent b = inverted(sampler, data, 2);
        assertTrue(a.sameAs(Slerp.between(a, b, 0)));
        assertTrue(b.sameAs(Slerp.between(a, b, 1)));
        final Latent half = Slerp.between(a, b, .5);
        for (int slot = 0; slot < 2; slot++) {
            final double expected = (rms(a.value(slot)) + rms(b.value(slot))) / 2;
            assertEquals(expected, rms(half.value(slot)), .05 * expected);
        }
        final Latent image = sampler.sample(half, GRID, data, StepListener.NONE);
        assertTrue(half.sameAs(sampler.invert(image, GRID, data, StepListener.NONE)));
    }

    @Test
    void latentsOfAnotherKindAreRefused() {
        final Predictor data = new Elementwise(ToyData.mixture(GRID));
        final Latent a = inverted(new ReversibleSampler(new OBelm()), data, 1);
        final Latent other = inverted(new ReversibleSampler(Bdia.of(.9)), data, 2);
        assertThrows(IllegalArgumentException.class, () -> Slerp.between(a, other, .5));
        for (final double u : new double[] {-.1, 1.1, Double.NaN})
            assertThrows(IllegalArgumentException.class, () -> Slerp.between(a, a, u));
    }

    private Latent inverted(final Sampler sampler, final Predictor data, final long seed) {
        return sampler.invert(new TorchNoise(seed).draw(manager, 1, 3, 16, 16).mul(.7), GRID, data, StepListener.NONE);
    }

    private static double rms(final NDArray values) {
        return Math.sqrt(values.square().mean().getDouble());
    }

    private static double[] mixed(final double u, final NDArray a, final NDArray b) {
        return Slerp.mixed(a, b, u).toDoubleArray();
    }

    private NDArray of(final double... values) {
        return Tensors.of(manager, values, values.length);
    }
}
