package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import palindrome.engine.TorchEngine;
import palindrome.network.Conditioning;
import palindrome.network.ReferenceTensors;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.CleanNode;
import palindrome.sampler.Ddim;
import palindrome.sampler.DdimStep;
import palindrome.sampler.Latent;
import palindrome.sampler.Lattice;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoiseSchedule;
import palindrome.sampler.OneWaySampler;
import palindrome.sampler.PredictionType;
import palindrome.sampler.StepListener;
import palindrome.sampler.TimestepSpacing;

/** The published program, run in Python on the pipeline's UNet: same pivot, same losses, same way back. */
class NullTextFixtureTest {

    private static final int STEPS = 6;
    private static final double GUIDANCE = 3;
    private static final NullTextSettings SETTINGS = new NullTextSettings(GUIDANCE, 4, 1e-5, 1e-2);
    private static final NodeGrid GRID = NodeGrid.of(
            NoiseSchedule.scaledLinear(1000, 0.00085, 0.012), TimestepSpacing.LEADING, STEPS, 1, CleanNode.FIRST_LEVEL);

    private static NDManager manager;
    private static UNet2DConditionModel unet;
    private static ReferenceTensors fixture;
    private static NDArray prompt;
    private static Watched network;
    private static NullTextInversion.Result result;

    /** Notes the states of the pivot, and the loss wherever a gradient is asked for, from first principles. */
    private static final class Watched implements ContextNoise {

        private final ContextNoise network;
        private final List<double[]> pivot = new ArrayList<>();
        private final List<Double> losses = new ArrayList<>();
        private double[] conditional;

        Watched(final ContextNoise network) {
            this.network = network;
        }

        @Override
        public NDArray epsilon(final NDArray state, final int node, final Conditioning context) {
            final NDArray epsilon = network.epsilon(state, node, context);
            if (pivot.size() < STEPS) pivot.add(state.toDoubleArray());
            if (Told.states(context).hasGradient())
                losses.add(loss(state.toDoubleArray(), node, epsilon.toDoubleArray()));
            else conditional = epsilon.toDoubleArray();
            return epsilon;
        }

        private double loss(final double[] state, final int node, final double[] unconditional) {
            final DdimStep step = DdimStep.of(GRID, node, node - 1);
            double sum = 0;
            for (int i = 0; i < state.length; i++) {
                final double guided = unconditional[i] + GUIDANCE * (conditional[i] - unconditional[i]);
                final double miss = step.linear() * state[i] + step.noise() * guided - pivot.get(node - 1)[i];
                sum += miss * miss;
            }
            return sum / state.length;
        }
    }

    @BeforeAll
    static void invert() throws IOException {
        manager = TorchEngine.start().newManager(Device.cpu());
        unet = ReferenceNetwork.open(manager);
        fixture = ReferenceTensors.read(manager, DataType.FLOAT64, "null_text/case.safetensors");
        final NDArray context = ReferenceTensors.read(manager, DataType.FLOAT32, "null_text/case.safetensors")
                .get("context");
        prompt = context.get("1:2");
        network = new Watched(new NetworkNoise(unet, PredictionType.EPSILON, GRID, () -> {}));
        result = new NullTextInversion(network, GRID, SETTINGS)
                .invert(fixture.get("z0"), Told.prompts(prompt, context.get("0:1")), StepListener.NONE);
    }

    @AfterAll
    static void close() {
        unet.close();
        manager.close();
    }

    @Test
    void theGridIsThatOfTheFixture() {
        final long[] timesteps = fixture.get("timesteps").toLongArray();
        for (int i = 0; i < STEPS; i++) assertEquals(timesteps[i], GRID.timestep(STEPS - i));
    }

    @Test
    void thePivotIsThatOfTheFixture() {
        final double[] expected = fixture.get("out.ddim_latents").toDoubleArray();
        final int size = expected.length / (STEPS + 1);
        for (int i = 0; i < STEPS; i++)
            assertArrayEquals(part(expected, i, size), network.pivot.get(i), 1e-4, "state " + i);
        assertArrayEquals(part(expected, STEPS, size), result.latent().value(0).toDoubleArray(), 1e-4);
    }

    @Test
    void theLossesAreThoseOfTheFixture() {
        final double[] expected = fixture.get("out.losses").toDoubleArray();
        assertEquals(expected.length, network.losses.size());
        for (int i = 0; i < expected.length; i++)
            assertEquals(1, network.losses.get(i) / expected[i], 1e-3, "loss " + i);
    }

    /** Adam divides by the size of the gradient, so single entries may differ. */
    @Test
    void theEmbeddingsAreThoseOfTheFixtureInTheMean() {
        final double[] expected = fixture.get("out.uncond_embeddings").toDoubleArray();
        final float[] actual = result.embeddings().values();
        final int size = expected.length / STEPS;
        for (int node = STEPS; node >= 1; node--) {
            double sum = 0;
            for (int i = 0; i < size; i++)
                sum += Math.abs(actual[(node - 1) * size + i] - expected[(STEPS - node) * size + i]);
            assertTrue(sum / size < 1e-4, "mean difference " + sum / size + " at node " + node);
        }
    }

    @Test
    void theReplayGoesWhereThatOfTheFixtureGoes() {
        final double[] expected = fixture.get("out.latent_cur").toDoubleArray();
        final int size = expected.length / STEPS;
        final List<double[]> states = new ArrayList<>();
        final GuidedNoise guided = new GuidedNoise(
                network, node -> Told.prompts(prompt, result.embeddings().at(node, manager)), GUIDANCE);
        final Latent clean = new OneWaySampler(Ddim.pivotal(), new Lattice())
                .sample(
                        result.latent(),
                        GRID,
                        (state, node) -> {
                            states.add(state.toDoubleArray());
                            return guided.epsilon(state, node);
                        },
                        StepListener.NONE);
        final NDArray image = clean.image();
        states.add(image.toDoubleArray());
        for (int i = 0; i < STEPS; i++)
            assertArrayEquals(part(expected, i, size), states.get(i + 1), 1e-2, "after step " + i);
        assertEquals(
                image.sub(fixture.get("z0")).abs().max().getDouble(),
                result.maxError(),
                "the error that was told is not that of the replay");
    }

    private static double[] part(final double[] values, final int index, final int size) {
        return Arrays.copyOfRange(values, index * size, (index + 1) * size);
    }
}
