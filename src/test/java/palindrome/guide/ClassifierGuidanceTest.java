package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.engine.TorchEngine;
import palindrome.sampler.CleanNode;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoiseSchedule;
import palindrome.sampler.Predictor;
import palindrome.sampler.TimestepSpacing;
import palindrome.sampler.TorchNoise;

/** The decorator with the exact classifier of a Gaussian mixture: weights .3, .5, .2, means −1.2, .4, 1.5, deviation .3. */
class ClassifierGuidanceTest {

    private static final double[] WEIGHTS = {0.3, 0.5, 0.2};
    private static final double[] MEANS = {-1.2, 0.4, 1.5};
    private static final double DEVIATION = 0.3;
    private static final int STEPS = 10;

    private final NodeGrid grid = NodeGrid.of(
            NoiseSchedule.scaledLinear(1000, 0.00085, 0.012), TimestepSpacing.LEADING, STEPS, 1, CleanNode.NOISE_FREE);
    private NDManager manager;
    private NDArray state;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
        state = new TorchNoise(4, 5).draw(manager, 2, 3, 4, 5);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private double variance(final int node) {
        final double spread = grid.alpha(node) * DEVIATION;
        return spread * spread + grid.sigma(node) * grid.sigma(node);
    }

    /** Of one component alone: ε = σ(x − αμ)/v. */
    private Predictor component(final int k) {
        return (x, node) -> x.sub(grid.alpha(node) * MEANS[k]).mul(grid.sigma(node) / variance(node));
    }

    /** log w + log N(x; αμ, v) of each component, up to a common constant, along a new last axis. */
    private NDArray joint(final NDArray x, final int node) {
        final NDList components = new NDList();
        for (int k = 0; k < WEIGHTS.length; k++)
            components.add(x.sub(grid.alpha(node) * MEANS[k])
                    .square()
                    .div(-2 * variance(node))
                    .add(Math.log(WEIGHTS[k])));
        return NDArrays.stack(components, -1);
    }

    /** Of the whole mixture: the components' noise, weighted by their posteriors. */
    private NDArray mixture(final NDArray x, final int node) {
        final NDArray posterior = joint(x, node).softmax(-1);
        final NDList components = new NDList();
        for (int k = 0; k < WEIGHTS.length; k++) components.add(component(k).epsilon(x, node));
        return posterior.mul(NDArrays.stack(components, -1)).sum(new int[] {-1});
    }

    private LogProbability classifier(final int k) {
        return (x, node) -> joint(x, node).logSoftmax(-1).get("..., " + k).sum();
    }

    /** algorithms: with s = 1 and the exact classifier, the noise is that of the selected component. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theExactClassifierSelectsItsComponent(final int k) {
        final Predictor guided = new ClassifierGuidance(this::mixture, classifier(k), grid, 1);
        for (int node = 1; node <= STEPS; node++) {
            final NDArray epsilon = guided.epsilon(state, node);
            assertEquals(state.getShape(), epsilon.getShape());
            assertArrayEquals(
                    component(k).epsilon(state, node).toDoubleArray(), epsilon.toDoubleArray(), 1e-12, "node " + node);
        }
    }

    @Test
    void theScaleIsAFactorOfTheGradient() {
        final double[] plain = mixture(state, 4).toDoubleArray();
        final double[] full = component(1).epsilon(state, 4).toDoubleArray();
        for (final double scale : new double[] {0, 0.5, 7}) {
            final double[] guided = new ClassifierGuidance(this::mixture, classifier(1), grid, scale)
                    .epsilon(state, 4)
                    .toDoubleArray();
            for (int i = 0; i < guided.length; i++)
                assertEquals(plain[i] + scale * (full[i] - plain[i]), guided[i], 1e-12);
        }
    }

    @Test
    void theSameStateGivesTheSameBitsAndStaysAsItIs() {
        final double[] before = state.toDoubleArray();
        final Predictor guided = new ClassifierGuidance(this::mixture, classifier(2), grid, 3);
        final double[] first = guided.epsilon(state, 7).toDoubleArray();
        assertArrayEquals(first, guided.epsilon(state, 7).toDoubleArray());
        assertArrayEquals(before, state.toDoubleArray());
        assertEquals(manager, state.getManager());
    }

    @Test
    void nothingButTheNoiseIsLeftOnTheStatesManager() {
        final Predictor guided = new ClassifierGuidance(this::mixture, classifier(0), grid, 2);
        guided.epsilon(state, 3).close();
        final int before = manager.getManagedArrays().size();
        for (int node = 1; node <= STEPS; node++) guided.epsilon(state, node).close();
        assertEquals(before, manager.getManagedArrays().size());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void scalesOutOfRangeAreNamed(final double scale) {
        final IllegalArgumentException exc = assertThrows(
                IllegalArgumentException.class,
                () -> new ClassifierGuidance(this::mixture, classifier(0), grid, scale));
        assertTrue(
                exc.getMessage().equals("Classifier guidance is " + scale + "; use a number from 0 up, 0 for none."),
                exc.getMessage());
    }
}
