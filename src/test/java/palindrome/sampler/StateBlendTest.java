package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.edit.NativeArrays;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** Walks held to what is known: against the rule written out in plain numbers, and against SDE-Drag's own program. */
class StateBlendTest {

    private static final long[] SHAPE = {1, 2, 3, 4};
    private static final int SIZE = 24;
    private static final NodeGrid GRID = ToyData.stableDiffusion(10);
    /** Known everywhere but in one corner, in both channels. */
    private static final double[] CORNER = {1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};

    private NDManager manager;
    private final double[] image = random(1, 0.4);
    private final double[] noise = random(2, 1);
    private final double[] start = random(3, 1);

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    static Stream<SamplerChoice> oneWay() {
        return Stream.of(SamplerChoice.values())
                .filter(choice -> choice.create(SamplerSettings.defaults()) instanceof OneWaySampler);
    }

    private static OneWaySampler sampler(final SamplerChoice choice) {
        return (OneWaySampler) choice.create(SamplerSettings.defaults().withNoise(new TorchNoise(7)));
    }

    private StateBlend blend(final double... weights) {
        return new StateBlend(
                Tensors.of(manager, weights, 1, weights.length / 12, 3, 4), new NoisedImage(of(image), of(noise)));
    }

    private double[] run(final OneWaySampler sampler, final Predictor network) {
        return sampler.generate(of(start), GRID, network, StepListener.NONE)
                .image()
                .toDoubleArray();
    }

    @ParameterizedTest
    @MethodSource("oneWay")
    void whatIsKnownComesOutToTheLastBit(final SamplerChoice choice) {
        final double[] made = run(sampler(choice).holding(blend(CORNER)), new Elementwise(ToyData.mixture(GRID)));
        for (int i = 0; i < SIZE; i++)
            if (CORNER[i % 12] == 0) assertEquals(image[i], made[i], "value " + i);
            else assertTrue(Math.abs(image[i] - made[i]) > 1e-6, "value " + i + " is the image's");
    }

    /** The walk that is free sees what it would see alone: the network here looks at one value at a time. */
    @ParameterizedTest
    @MethodSource("oneWay")
    void whatIsFreeIsNotTouched(final SamplerChoice choice) {
        final double[] alone = run(sampler(choice), new Elementwise(ToyData.mixture(GRID)));
        final double[] corner = run(sampler(choice).holding(blend(CORNER)), new Elementwise(ToyData.mixture(GRID)));
        final double[] everywhere = new double[12];
        Arrays.fill(everywhere, 1);
        assertArrayEquals(
                alone, run(sampler(choice).holding(blend(everywhere)), new Elementwise(ToyData.mixture(GRID))));
        for (int i = 0; i < SIZE; i++) if (CORNER[i % 12] == 1) assertEquals(alone[i], corner[i], "value " + i);
    }

    @Test
    void theNetworkSeesTheImageInOneAndTheSameNoise() {
        final Elementwise network = new Elementwise(ToyData.mixture(GRID));
        run(sampler(SamplerChoice.SDE_DPM_2M).holding(blend(CORNER)), network);
        assertEquals(GRID.steps(), network.nodes().size());
        for (int k = 1; k < network.nodes().size(); k++) {
            final int node = network.nodes().get(k);
            for (int i = 0; i < SIZE; i++)
                if (CORNER[i % 12] == 0)
                    assertEquals(
                            GRID.alpha(node) * image[i] + GRID.sigma(node) * noise[i],
                            network.inputs().get(k)[i],
                            1e-15);
        }
    }

    /** Weights of 0.25, 0.5 and 0.75 of 10 steps: held down to nodes 3, 5 and 8, and free from there on. */
    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.5, 0.75})
    void aWeightInBetweenIsLetGoOnTheWay(final double weight) {
        final double[] weights = new double[12];
        Arrays.fill(weights, weight);
        final int free = (int) Math.ceil(weight * GRID.steps());
        final double[] made =
                run(sampler(SamplerChoice.DDIM).holding(blend(weights)), new Elementwise(ToyData.mixture(GRID)));
        final double[] noised = new double[SIZE];
        for (int i = 0; i < SIZE; i++) noised[i] = GRID.alpha(free) * image[i] + GRID.sigma(free) * noise[i];
        final double[] expected = sampler(SamplerChoice.DDIM)
                .generate(of(noised), GRID.cleanest(free), new Elementwise(ToyData.mixture(GRID)), StepListener.NONE)
                .image()
                .toDoubleArray();
        assertArrayEquals(expected, made, 1e-7);
    }

    /**
     * DPM-Solver++ 2M, its SDE form and first order, written out: the remembered prediction is of the state that was
     * seen, blended as it was, and is itself not blended.
     */
    @ParameterizedTest
    @ValueSource(strings = {"DPM-Solver++ 1", "DPM-Solver++ 2M", "SDE-DPM-Solver++ 1", "SDE-DPM-Solver++ 2M"})
    void theRuleWrittenOut(final String name) {
        // The network looks at the neighbour too, so that what is known reaches what is free.
        final Predictor neighbours = (state, node) -> {
            final double[] x = state.toDoubleArray();
            final double[] epsilon = new double[x.length];
            for (int i = 0; i < x.length; i++) epsilon[i] = network(x, i, node);
            return Tensors.of(state.getManager(), epsilon, state.getShape().getShape());
        };
        final double[] made = run(sampler(SamplerChoice.of(name)).holding(blend(CORNER)), neighbours);
        assertArrayEquals(writtenOut(name.startsWith("SDE"), name.endsWith("2M")), made, 1e-6);
    }

    private static double network(final double[] x, final int i, final int node) {
        return Fixture.network(x[i] + 0.3 * x[(i + 1) % x.length], GRID.timestep(node));
    }

    private double[] writtenOut(final boolean stochastic, final boolean second) {
        final TorchNoise drawn = new TorchNoise(7);
        double[] x = start.clone();
        double[] before = null;
        for (int i = GRID.steps(); i >= 1; i--) {
            final double h = GRID.logSnr(i - 1) - GRID.logSnr(i);
            final double[] z = stochastic && i > 1 ? drawn.draw(manager, SHAPE).toDoubleArray() : new double[SIZE];
            final double[] data = new double[SIZE];
            final double[] next = new double[SIZE];
            for (int k = 0; k < SIZE; k++) {
                data[k] = (x[k] - GRID.sigma(i) * network(x, k, i)) / GRID.alpha(i);
                double slope = data[k];
                if (second && before != null && i > 1)
                    slope += (data[k] - before[k]) * h / (2 * (GRID.logSnr(i) - GRID.logSnr(i + 1)));
                final double decay = Math.exp(-h);
                final double ratio = GRID.sigma(i - 1) / GRID.sigma(i);
                next[k] = stochastic
                        ? ratio * decay * x[k]
                                + GRID.alpha(i - 1) * (1 - decay * decay) * slope
                                + GRID.sigma(i - 1) * Math.sqrt(1 - decay * decay) * z[k]
                        : ratio * x[k] + GRID.alpha(i - 1) * (1 - decay) * slope;
                if (CORNER[k % 12] == 0)
                    next[k] = i == 1 ? image[k] : GRID.alpha(i - 1) * image[k] + GRID.sigma(i - 1) * noise[k];
            }
            before = data;
            x = next;
        }
        return x;
    }

    /** SDE-Drag's way back from its drags: Cycle-SDE, held to the states of the way there outside of the mask. */
    @ParameterizedTest
    @ValueSource(strings = {"drag_a.0", "drag_a.1", "drag_two_points.0"})
    void sdeDragsWayBack(final String name) throws IOException {
        final Fixture fixture = Fixture.read("sde_drag");
        final String run = name.substring(0, name.indexOf('.'));
        final int stride = 1000 / fixture.caseNamed(run).get("steps").getAsInt();
        final double[] labels = fixture.get(name + ".unet_t_backward");
        final double[] scales = fixture.get(name + ".cfg_scales");
        final double[] mask = fixture.get(run + ".mask");
        for (int i = 0; i < mask.length; i++) mask[i] = mask[i] > 0 ? 1 : 0;
        assertTrue(Arrays.stream(mask).sum() > 0 && Arrays.stream(mask).sum() < mask.length, "nothing is held");
        double[] x = fixture.get(name + ".out.pasted");
        for (int k = 0; k < labels.length; k++) {
            final int from = labels.length - k;
            final SdeDragStep step = new SdeDragStep((int) labels[k], stride, scales[scales.length - 1 - k]);
            final double[] stored = fixture.state(name + ".out.forward_x", from - 1);
            final NDArray moved = step.replayed(
                    dragState(x), dragState(fixture.state(name + ".out.forward_x", from)), dragState(stored));
            final StateBlend blend =
                    new StateBlend(Tensors.of(manager, mask, 16, 16), (node, grid, scope) -> dragState(stored));
            x = blend.blend(moved, 0, step.grid()).toDoubleArray();
        }
        assertArrayEquals(fixture.get(name + ".out.img"), x, 1e-10);
    }

    private NDArray dragState(final double[] values) {
        return Tensors.of(manager, values, 1, 4, 16, 16);
    }

    @Test
    void nothingIsLeftBehind() {
        final StateBlend blend = blend(CORNER);
        final NDArray noisy = of(start);
        final List<Integer> live = new ArrayList<>();
        final int before = NativeArrays.under(manager);
        final Predictor network = (state, node) -> {
            live.add(NativeArrays.under(manager));
            return state.mul(0.5);
        };
        sampler(SamplerChoice.DPM_2M)
                .holding(blend)
                .generate(noisy, GRID, network, StepListener.NONE)
                .close();
        assertEquals(1, live.subList(2, live.size()).stream().distinct().count(), live.toString());
        assertEquals(before, NativeArrays.under(manager));
    }

    /** A weight of 0 must not turn the network's failure into a known value. */
    @Test
    void failuresAreNotCovered() {
        final double[] held = new double[12];
        assertThrows(
                SamplingException.class,
                () -> run(sampler(SamplerChoice.DDIM).holding(blend(held)), new Elementwise((x, node) -> Double.NaN)));
    }

    private NDArray of(final double[] values) {
        return Tensors.of(manager, values, SHAPE);
    }

    /** Multiples of 2⁻²⁴, as the numbers of images are. */
    private static double[] random(final int seed, final double deviation) {
        final Random random = new Random(seed);
        final double[] values = new double[SIZE];
        for (int i = 0; i < SIZE; i++) values[i] = Math.rint(random.nextGaussian() * deviation * 0x1p24) * 0x1p-24;
        return values;
    }
}
