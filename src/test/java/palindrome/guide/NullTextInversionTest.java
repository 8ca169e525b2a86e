package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import palindrome.edit.NativeArrays;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;
import palindrome.network.ReferenceTensors;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.CleanNode;
import palindrome.sampler.Ddim;
import palindrome.sampler.DdimStep;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoiseSchedule;
import palindrome.sampler.OneWaySampler;
import palindrome.sampler.PredictionType;
import palindrome.sampler.StepListener;
import palindrome.sampler.TimestepSpacing;
import palindrome.sampler.TorchNoise;

/** The search, on a network whose best embedding is known in closed form: ε(x, node; φ) = f(x, node) + φ. */
class NullTextInversionTest {

    private static final int STEPS = 8;
    private static final double W = 3;
    private static final NodeGrid GRID = grid(STEPS);

    /** As many elements as the state has, so that one embedding can lead to any next state. */
    private static final long[] SHAPE = {1, 1, 3, 4};

    private NDManager manager;
    private NDArray image;
    private NDArray prompt;
    private NDArray start;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
        image = new TorchNoise(1).draw(manager, SHAPE).mul(0.5);
        prompt = context(new TorchNoise(2).draw(manager, SHAPE).mul(0.1));
        start = context(new TorchNoise(3).draw(manager, SHAPE).mul(0.1));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static NodeGrid grid(final int steps) {
        return NodeGrid.of(
                NoiseSchedule.scaledLinear(1000, 0.00085, 0.012),
                TimestepSpacing.LEADING,
                steps,
                1,
                CleanNode.NOISE_FREE);
    }

    private static NDArray context(final NDArray values) {
        return Tensors.cast(values, DataType.FLOAT32).reshape(1, SHAPE[2], SHAPE[3]);
    }

    private static NDArray formula(final NDArray state, final int node) {
        return state.mul(0.7).add(state.sin().mul(0.2)).add(0.1 * Math.cos(GRID.timestep(node) / 150));
    }

    private static final ContextNoise TOY = (state, node, context) -> {
        final NDManager owner = state.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(state);
            final NDArray epsilon = formula(state, node).add(Told.states(context));
            epsilon.attach(owner);
            return epsilon;
        }
    };

    /** φ* = (target ε − guided ε at φ = 0)/(1 − w) */
    private NDArray best(final NDArray state, final int node, final double[] next) {
        final DdimStep step = DdimStep.of(GRID, node, node - 1);
        final NDArray target =
                Tensors.of(manager, next, SHAPE).sub(state.mul(step.linear())).div(step.noise());
        final NDArray unconditional = formula(state, node);
        final NDArray conditional = TOY.epsilon(state, node, Told.text(prompt));
        return target.sub(unconditional.add(conditional.sub(unconditional).mul(W)))
                .div(1 - W);
    }

    /** The states of the pivot, clean first. */
    private List<double[]> pivot() {
        final List<double[]> states = new ArrayList<>();
        final Latent noisy = new OneWaySampler(Ddim.pivotal(), new FloatingPoint())
                .invert(
                        image,
                        GRID,
                        (state, node) -> {
                            states.add(state.toDoubleArray());
                            return TOY.epsilon(state, node, Told.text(prompt));
                        },
                        StepListener.NONE);
        states.add(noisy.value(0).toDoubleArray());
        return states;
    }

    private NullTextInversion inversion(final ContextNoise network, final NullTextSettings settings) {
        return new NullTextInversion(network, GRID, settings, new OneWaySampler(Ddim.pivotal(), new FloatingPoint()));
    }

    @Test
    void theBestEmbeddingsLeadBackAlongThePivot() {
        final List<double[]> pivot = pivot();
        final NDArray[] embedding = new NDArray[1];
        final GuidedNoise guided = new GuidedNoise(TOY, node -> Told.prompts(prompt, embedding[0]), W);
        final int[] node = {STEPS};
        final Latent noisy = new Latent(
                List.of(Tensors.of(manager, pivot.get(STEPS), SHAPE)),
                List.of(1.0),
                List.of(STEPS),
                palindrome.sampler.End.NOISY,
                palindrome.sampler.End.CLEAN,
                new FloatingPoint());
        final Latent clean = new OneWaySampler(Ddim.pivotal(), new FloatingPoint())
                .sample(
                        noisy,
                        GRID,
                        (state, at) -> {
                            assertEquals(node[0]--, at);
                            assertArrayEquals(pivot.get(at), state.toDoubleArray(), 1e-12, "node " + at);
                            embedding[0] = best(state, at, pivot.get(at - 1)).reshape(1, SHAPE[2], SHAPE[3]);
                            return guided.epsilon(state, at);
                        },
                        StepListener.NONE);
        assertArrayEquals(image.toDoubleArray(), clean.image().toDoubleArray(), 1e-12);
    }

    @Test
    void theSearchApproachesTheBestEmbeddings() {
        final List<double[]> pivot = pivot();
        final NullTextSettings settings = new NullTextSettings(W, 400, 0, 1e-2);
        final NullTextInversion.Result result =
                inversion(TOY, settings).invert(image, Told.prompts(prompt, start), StepListener.NONE);
        final GuidedNoise guided = new GuidedNoise(
                TOY, node -> Told.prompts(prompt, result.embeddings().at(node, manager)), W);
        new OneWaySampler(Ddim.pivotal(), new FloatingPoint())
                .sample(
                        result.latent(),
                        GRID,
                        (state, node) -> {
                            final double[] best =
                                    best(state, node, pivot.get(node - 1)).toDoubleArray();
                            final float[] found =
                                    result.embeddings().at(node, manager).toFloatArray();
                            final DdimStep step = DdimStep.of(GRID, node, node - 1);
                            double sum = 0;
                            for (int i = 0; i < best.length; i++) sum += Math.pow(found[i] - best[i], 2);
                            final double loss = Math.pow(step.noise() * (1 - W), 2) * sum / best.length;
                            assertTrue(
                                    loss <= settings.goodEnough(STEPS - node) + 1e-6, "loss " + loss + " at " + node);
                            if (node == STEPS)
                                for (int i = 0; i < best.length; i++) assertEquals(best[i], found[i], 1e-3);
                            return guided.epsilon(state, node);
                        },
                        StepListener.NONE);
        assertTrue(result.rmsError() < 0.02, "rms " + result.rmsError());
        assertTrue(result.maxError() >= result.rmsError());
    }

    @Test
    void everySearchBeginsWhereTheLastEnded() {
        final List<float[]> first = new ArrayList<>();
        final int[] last = {-1};
        final ContextNoise watched = (state, node, context) -> {
            if (Told.states(context).hasGradient() && node != last[0]) {
                first.add(Told.states(context).toFloatArray());
                last[0] = node;
            }
            return TOY.epsilon(state, node, context);
        };
        final NullTextEmbeddings found = inversion(watched, NullTextSettings.of(W))
                .invert(image, Told.prompts(prompt, start), StepListener.NONE)
                .embeddings();
        assertEquals(STEPS, first.size());
        assertArrayEquals(start.toFloatArray(), first.get(0));
        for (int k = 1; k < STEPS; k++)
            assertArrayEquals(found.at(STEPS - k + 1, manager).toFloatArray(), first.get(k), "step " + k);
        assertNotEquals(
                Arrays.hashCode(start.toFloatArray()),
                Arrays.hashCode(found.at(STEPS, manager).toFloatArray()));
    }

    @Test
    void contentSearchesEndEarly() {
        final int[] calls = new int[1];
        final ContextNoise counting = (state, node, context) -> {
            calls[0]++;
            return TOY.epsilon(state, node, context);
        };
        inversion(counting, new NullTextSettings(W, 10, 1e6, 1e-2))
                .invert(image, Told.prompts(prompt, start), StepListener.NONE);
        assertEquals(STEPS * (1 + 1 + 1 + 2), calls[0]);
        calls[0] = 0;
        inversion(counting, new NullTextSettings(W, 2, 0, 1e-2))
                .invert(image, Told.prompts(prompt, start), StepListener.NONE);
        assertTrue(calls[0] <= STEPS * (1 + 1 + 2 + 2) && calls[0] > STEPS * 5, calls[0] + " evaluations");
    }

    @Test
    void theLearningRateStaysAboveZero() {
        final NullTextSettings settings = NullTextSettings.of(W);
        assertEquals(1e-2, settings.learningRateAt(0));
        assertEquals(5e-3, settings.learningRateAt(50), 1e-18);
        assertEquals(1e-4, settings.learningRateAt(99), 1e-18);
        assertEquals(1e-4, settings.learningRateAt(100), 1e-18);
        assertEquals(1e-4, settings.learningRateAt(999), 1e-18);
        assertEquals(1e-5, settings.goodEnough(0));
        assertEquals(1e-5 + 49 * 2e-5, settings.goodEnough(49), 1e-18);
    }

    @Test
    void whatCannotBeSearchedIsRefused() {
        for (final double w : new double[] {1, 0, -1, 0.5, Double.NaN, Double.POSITIVE_INFINITY})
            assertTrue(assertThrows(IllegalArgumentException.class, () -> NullTextSettings.of(w))
                    .getMessage()
                    .startsWith("Guidance is " + w + ","));
        assertThrows(IllegalArgumentException.class, () -> new NullTextSettings(W, 0, 1e-5, 1e-2));
        assertThrows(IllegalArgumentException.class, () -> new NullTextSettings(W, 1, -1, 1e-2));
        assertThrows(IllegalArgumentException.class, () -> new NullTextSettings(W, 1, Double.NaN, 1e-2));
        assertThrows(IllegalArgumentException.class, () -> new NullTextEmbeddings(2, 3, 4, new float[23]));
        final NullTextEmbeddings two = new NullTextEmbeddings(2, 1, 1, new float[] {1, 2});
        assertEquals(1, two.at(1, manager).getFloat());
        assertEquals(2, two.at(2, manager).getFloat());
        assertThrows(IllegalArgumentException.class, () -> two.at(0, manager));
        assertThrows(IllegalArgumentException.class, () -> two.at(3, manager));
        assertThrows(IllegalArgumentException.class, () -> new NullTextSettings(W, 1, 0, 0));
        final NDArray pair = Tensors.zeros(manager, DataType.FLOAT64, 2, 1, 3, 4);
        assertThrows(IllegalArgumentException.class, () -> inversion(TOY, NullTextSettings.of(W))
                .invert(pair, Told.prompts(prompt, start), StepListener.NONE));
    }

    /** On a real UNet: reports, memory at every evaluation, and what cancelling leaves. */
    @Test
    void everyEvaluationIsReportedAndMemoryIsFreedStepByStep() throws IOException {
        final NodeGrid short4 = grid(4);
        final int iterations = 5;
        final int total = 4 * (1 + 1 + iterations + 2);
        try (UNet2DConditionModel unet = ReferenceNetwork.open(manager)) {
            final ReferenceTensors fixture =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "null_text/case.safetensors");
            final NDArray z0 = Tensors.cast(fixture.get("z0"), DataType.FLOAT64);
            final NDArray empty = fixture.get("context").get("0:1");
            final NDArray cat = fixture.get("context").get("1:2");
            final List<List<Integer>> searching = new ArrayList<>();
            for (int node = 0; node <= 4; node++) searching.add(new ArrayList<>());
            final ContextNoise network = new NetworkNoise(unet, PredictionType.EPSILON, short4, () -> {});
            final ContextNoise watched = (state, node, context) -> {
                if (Told.states(context).hasGradient()) searching.get(node).add(NativeArrays.under(manager));
                return network.epsilon(state, node, context);
            };
            final NullTextInversion inversion =
                    new NullTextInversion(watched, short4, new NullTextSettings(W, iterations, 0, 1e-2));
            assertEquals(total, inversion.evaluations());
            // the first run compiles kernels
            inversion.invert(z0, Told.prompts(cat, empty), StepListener.NONE).close();
            searching.forEach(List::clear);
            final int before = NativeArrays.under(manager);
            final List<Integer> reported = new ArrayList<>();
            inversion
                    .invert(z0, Told.prompts(cat, empty), (done, of) -> {
                        assertEquals(total, of);
                        reported.add(done);
                    })
                    .close();
            assertEquals(before, NativeArrays.under(manager));
            for (int i = 0; i <= total; i++) assertEquals(i, reported.get(i));
            assertEquals(total + 1, reported.size());
            for (int node = 1; node <= 4; node++)
                assertEquals(
                        iterations,
                        searching.get(node).stream()
                                .filter(searching.get(4).get(0)::equals)
                                .count(),
                        "arrays alive at each iteration: " + searching);
            // in the pivot, before, in and after a search, and at the very end
            for (final int at : new int[] {0, 1, 4, 5, 6, 9, 10, 11, 12, total - 1, total}) {
                assertThrows(
                        CancellationException.class,
                        () -> inversion.invert(z0, Told.prompts(cat, empty), (done, of) -> {
                            if (done == at) throw new CancellationException();
                        }));
                assertEquals(before, NativeArrays.under(manager), "after cancelling at " + at);
            }
        }
    }

    /** Steps that end early jump ahead, and the last report is the whole. */
    @Test
    void reportsReachTheWhole() {
        final List<Integer> reported = new ArrayList<>();
        final NullTextInversion inversion = inversion(TOY, new NullTextSettings(W, 10, 1e6, 1e-2));
        inversion.invert(image, Told.prompts(prompt, start), (done, of) -> reported.add(done));
        for (int i = 1; i < reported.size(); i++) assertTrue(reported.get(i) > reported.get(i - 1));
        assertEquals(inversion.evaluations(), reported.get(reported.size() - 1));
    }
}
