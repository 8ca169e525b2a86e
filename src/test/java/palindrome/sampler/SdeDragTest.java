package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.edit.NativeArrays;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** Drags with a small network of random weights, on the lattice. */
class SdeDragTest {

    private static final int SIDE = RandomNetwork.SIDE;
    private static final long[] SHAPE = {1, RandomNetwork.CHANNELS, SIDE, SIDE};
    private static final NodeGrid GRID = ToyData.stableDiffusion(10).withStrength(.6, 1);
    private static final DragRoute ROUTE = DragRoute.together(List.of(new DragShift(2, 3, 6, 3)), 2);

    private NDManager manager;
    private RandomNetwork network;
    private NDArray image;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
        network = new RandomNetwork(manager);
        image = new TorchNoise(4).draw(manager, SHAPE).mul(32).round().div(64);
    }

    @AfterEach
    void close() {
        network.close();
        manager.close();
    }

    private NDArray dragged(
            final SdeDrag.Path path, final PatchDrag patch, final DragRoute route, final Optional<NDArray> weights) {
        return new SdeDrag(path, patch, new TorchNoise(7), new Lattice())
                .run(image, route, weights, GRID, predictor(), StepListener.NONE, DragListener.NONE);
    }

    private Predictor predictor() {
        return network.predictor(GRID, PredictionType.EPSILON, 3);
    }

    private NDArray mask(final int fromColumn) {
        final double[] mask = new double[SIDE * SIDE];
        for (int i = 0; i < mask.length; i++) mask[i] = i % SIDE >= fromColumn ? 1 : 0;
        return Tensors.of(manager, mask, 1, 1, SIDE, SIDE);
    }

    /** Full copies of the source on itself change nothing, however the image is led to noise. */
    @ParameterizedTest
    @EnumSource
    void aDragThatMovesNothingReturnsEveryBit(final SdeDrag.Path path) {
        final DragRoute still = new DragRoute(List.of(
                List.of(new DragShift(3, 4, 3, 4)), List.of(new DragShift(3, 4, 3, 4), new DragShift(6, 1, 6, 1))));
        for (final PatchDrag.Fill fill : PatchDrag.Fill.values())
            assertArrayEquals(
                    image.toDoubleArray(),
                    dragged(path, new PatchDrag(2, 1, 1, fill), still, Optional.empty())
                            .toDoubleArray(),
                    0);
        final NDArray other = dragged(path, new PatchDrag(2, 1.1, 1, PatchDrag.Fill.ZERO), still, Optional.empty());
        assertTrue(other.sub(image).abs().max().getDouble() > .01);
    }

    @ParameterizedTest
    @EnumSource
    void whereNothingMayChangeEveryBitStays(final SdeDrag.Path path) {
        final PatchDrag patch = new PatchDrag(3, 1.1, .3, PatchDrag.Fill.ZERO);
        final double[] before = image.toDoubleArray();
        assertArrayEquals(
                before, dragged(path, patch, ROUTE, Optional.of(mask(SIDE))).toDoubleArray(), 0);
        final double[] after = dragged(path, patch, ROUTE, Optional.of(mask(4))).toDoubleArray();
        int changed = 0;
        for (int i = 0; i < before.length; i++)
            if (i % SIDE < 4) assertEquals(before[i], after[i], 0, "number " + i);
            else if (before[i] != after[i]) changed++;
        assertEquals(before.length / 2, changed);
    }

    @Test
    void theSeedAndThePathMakeTheDifference() {
        final PatchDrag patch = new PatchDrag(2, 1.1, .3, PatchDrag.Fill.ZERO);
        final double[] once =
                dragged(SdeDrag.Path.SDE, patch, ROUTE, Optional.empty()).toDoubleArray();
        assertArrayEquals(
                once, dragged(SdeDrag.Path.SDE, patch, ROUTE, Optional.empty()).toDoubleArray(), 0);
        assertNotEquals(
                Arrays.toString(once),
                Arrays.toString(dragged(SdeDrag.Path.ODE, patch, ROUTE, Optional.empty())
                        .toDoubleArray()));
        final NDArray otherSeed = new SdeDrag(SdeDrag.Path.SDE, patch, new TorchNoise(8), new Lattice())
                .run(image, ROUTE, Optional.empty(), GRID, predictor(), StepListener.NONE, DragListener.NONE);
        assertNotEquals(Arrays.toString(once), Arrays.toString(otherSeed.toDoubleArray()));
    }

    /** Each drag begins with what the one before left. */
    @Test
    void theListenerSeesEveryDrag() {
        final List<double[]> seen = new ArrayList<>();
        final SdeDrag drag = new SdeDrag(
                SdeDrag.Path.SDE, new PatchDrag(2, 1.1, .3, PatchDrag.Fill.ZERO), new TorchNoise(7), new Lattice());
        final double[] last = drag.run(
                        image, ROUTE, Optional.empty(), GRID, predictor(), StepListener.NONE, (done, now) -> {
                            seen.add(now.toDoubleArray());
                            assertEquals(seen.size(), done);
                        })
                .toDoubleArray();
        assertEquals(2, seen.size());
        assertArrayEquals(last, seen.get(1), 0);
        assertArrayEquals(
                seen.get(0),
                dragged(
                                SdeDrag.Path.SDE,
                                new PatchDrag(2, 1.1, .3, PatchDrag.Fill.ZERO),
                                new DragRoute(ROUTE.drags().subList(0, 1)),
                                Optional.empty())
                        .toDoubleArray(),
                0);
    }

    @ParameterizedTest
    @EnumSource
    void evaluationsAreCounted(final SdeDrag.Path path) {
        final SdeDrag drag =
                new SdeDrag(path, new PatchDrag(2, 1.1, .3, PatchDrag.Fill.ZERO), new TorchNoise(7), new Lattice());
        final List<Integer> told = new ArrayList<>();
        final int[] asked = {0};
        final Predictor counting = (state, node) -> {
            asked[0]++;
            return state.mul(.5);
        };
        drag.run(
                image,
                ROUTE,
                Optional.empty(),
                GRID,
                counting,
                (done, total) -> {
                    told.add(done);
                    assertEquals(drag.evaluations(ROUTE, GRID), total);
                },
                DragListener.NONE);
        assertEquals(drag.evaluations(ROUTE, GRID), asked[0]);
        assertEquals(asked[0], told.get(told.size() - 1));
        assertEquals(2 * GRID.steps() * (path == SdeDrag.Path.SDE ? 2 : 3), asked[0]);
    }

    /** Whatever ends a run, it leaves nothing behind, and no drag takes more than the one before. */
    @ParameterizedTest
    @EnumSource
    void memoryIsFreed(final SdeDrag.Path path) {
        final SdeDrag drag =
                new SdeDrag(path, new PatchDrag(2, 1.1, .3, PatchDrag.Fill.ZERO), new TorchNoise(7), new Lattice());
        final NDArray weights = mask(4);
        final int before = NativeArrays.under(manager);
        final List<Integer> live = new ArrayList<>();
        drag.run(
                        image,
                        new DragRoute(List.of(
                                ROUTE.drags().get(0),
                                ROUTE.drags().get(1),
                                ROUTE.drags().get(0))),
                        Optional.of(weights),
                        GRID,
                        (state, node) -> state.mul(.5),
                        StepListener.NONE,
                        (done, now) -> live.add(NativeArrays.under(manager)))
                .close();
        assertEquals(1, live.stream().distinct().count(), live.toString());
        assertEquals(before, NativeArrays.under(manager));
        assertThrows(
                CancellationException.class,
                () -> drag.run(
                        image,
                        ROUTE,
                        Optional.of(weights),
                        GRID,
                        (state, node) -> state.mul(.5),
                        (done, total) -> {
                            if (done == total - 1) throw new CancellationException();
                        },
                        DragListener.NONE));
        assertEquals(before, NativeArrays.under(manager));
    }

    @Test
    void badNumbersAreSaid() {
        final SdeDrag drag = new SdeDrag(
                SdeDrag.Path.SDE, new PatchDrag(2, 1.1, .3, PatchDrag.Fill.ZERO), new TorchNoise(7), new Lattice());
        final Predictor broken = (state, node) -> node == 3 ? state.mul(Double.NaN) : state.mul(.5);
        final Exception network = assertThrows(
                SamplingException.class,
                () -> drag.run(image, ROUTE, Optional.empty(), GRID, broken, StepListener.NONE, DragListener.NONE));
        assertTrue(network.getMessage().contains("step 4 of 6"), network.getMessage());
        final NDArray bad = image.mul(Double.NaN);
        final Exception start = assertThrows(
                SamplingException.class,
                () -> drag.run(bad, ROUTE, Optional.empty(), GRID, broken, StepListener.NONE, DragListener.NONE));
        assertTrue(start.getMessage().contains("The image holds NaN"), start.getMessage());
    }

    @Test
    void badNumbersOfADragAreRefused() {
        for (final double alpha : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
            assertThrows(IllegalArgumentException.class, () -> new PatchDrag(2, alpha, .3, PatchDrag.Fill.ZERO));
        for (final double beta : new double[] {-.1, 1.1, Double.NaN})
            assertThrows(IllegalArgumentException.class, () -> new PatchDrag(2, 1, beta, PatchDrag.Fill.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new PatchDrag(0, 1, .3, PatchDrag.Fill.ZERO));
    }
}
