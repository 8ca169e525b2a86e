package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/**
 * SDE-Drag's program: its walk to noise, Cycle-SDE back, also from a disturbed state, the ODE, and drags. The program
 * steps by a fixed stride, ⌊1000/N⌋, which at one level is not the next timestep of its own list; so every step is
 * compared by itself, each begun where ours ended before.
 */
class SdeDragFixtureTest {

    private static final double TOLERANCE = 1e-10;
    private static final long[] SHAPE = {1, 4, 16, 16};

    private NDManager manager;
    private Fixture fixture;

    @BeforeEach
    void open() throws IOException {
        manager = TorchEngine.start().newManager(Device.cpu());
        fixture = Fixture.read("sde_drag");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private SdeDragStep step(final JsonObject entry, final double timestep) {
        return new SdeDragStep(
                (int) timestep,
                1000 / entry.get("steps").getAsInt(),
                entry.get("guidance").getAsDouble());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cycle_s10_g1", "cycle_s8_g3"})
    void theRandomWalkToNoise(final String name) {
        final JsonObject entry = fixture.caseNamed(name);
        final double[] timesteps = fixture.get(name + ".timesteps");
        final int steps = timesteps.length - 1;
        double[] x = fixture.get(name + ".img");
        for (int k = 0; k < steps; k++) {
            final int from = (int) timesteps[steps - k];
            final int stride = 1000 / entry.get("steps").getAsInt();
            x = noised(x, new SdeDragStep(from + stride, stride, 1), fixture.state(name + ".noise_forward", k));
            assertArrayEquals(fixture.state(name + ".out.forward_x", k), x, TOLERANCE, "step " + k);
        }
    }

    /** The drags begin by the same walk, the second where the first ended. */
    @Test
    void theRandomWalksOfDrags() {
        for (final String name : List.of("drag_a.0", "drag_a.1", "drag_two_points.0")) {
            final String run = name.substring(0, name.indexOf('.'));
            final double[] timesteps = fixture.get(run + ".timesteps");
            final int stride = 1000 / fixture.caseNamed(run).get("steps").getAsInt();
            final int steps = fixture.get(name + ".cfg_scales").length;
            double[] x = fixture.state(name + ".out.forward_x", 0);
            assertArrayEquals(fixture.get(name.endsWith("1") ? run + ".0.out.img" : run + ".img"), x, TOLERANCE);
            for (int k = 0; k < steps; k++) {
                final int from = (int) timesteps[timesteps.length - 1 - k];
                x = noised(x, new SdeDragStep(from + stride, stride, 1), fixture.state(name + ".noise_forward", k));
                assertArrayEquals(fixture.state(name + ".out.forward_x", k + 1), x, TOLERANCE, name + " step " + k);
            }
        }
    }

    private double[] noised(final double[] x, final SdeDragStep step, final double[] noise) {
        return CycleSde.Encoding.MARKOV
                .path(of(x), step.grid(), 1, (owner, shape) -> Tensors.of(owner, noise, SHAPE))
                .get(1)
                .toDoubleArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cycle_s10_g1", "cycle_s8_g3"})
    void cycleSdeComesBackAndFollowsADisturbance(final String name) {
        final JsonObject entry = fixture.caseNamed(name);
        final double[] timesteps = fixture.get(name + ".timesteps");
        final int steps = timesteps.length - 1;
        double[] back = fixture.state(name + ".out.forward_x", -1);
        double[] disturbed = fixture.get(name + ".perturbed_start");
        for (int k = 0; k < steps; k++) {
            final SdeDragStep step = step(entry, timesteps[k]);
            final double[] noisier = fixture.state(name + ".out.forward_x", steps - 1 - k);
            final double[] cleaner =
                    k == steps - 1 ? fixture.get(name + ".img") : fixture.state(name + ".out.forward_x", steps - 2 - k);
            back = step.replayed(of(back), of(noisier), of(cleaner)).toDoubleArray();
            disturbed = step.replayed(of(disturbed), of(noisier), of(cleaner)).toDoubleArray();
            assertArrayEquals(fixture.state(name + ".out.rec_states", k), back, TOLERANCE, "step " + k);
            assertArrayEquals(fixture.state(name + ".out.perturbed_states", k), disturbed, TOLERANCE, "step " + k);
        }
        assertArrayEquals(fixture.get(name + ".img"), back, 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cycle_s10_g1", "cycle_s8_g3"})
    void theOdeFromTheSameNoise(final String name) {
        final JsonObject entry = fixture.caseNamed(name);
        final double[] timesteps = fixture.get(name + ".timesteps");
        final Sampler ddim =
                new OneWaySampler(new Ddim(0, new TorchNoise(0), InversionLabel.SOURCE), new FloatingPoint());
        double[] x = fixture.state(name + ".out.forward_x", -1);
        for (int k = 0; k < timesteps.length - 1; k++) {
            final SdeDragStep step = step(entry, timesteps[k]);
            x = ddim.generate(of(x), step.grid(), step.predictor(), StepListener.NONE)
                    .image()
                    .toDoubleArray();
        }
        assertEquals(1024, x.length);
        assertArrayEquals(fixture.get(name + ".out.ode_final"), x, TOLERANCE);
    }

    /** Where each drag begins and ends. */
    @ParameterizedTest
    @ValueSource(strings = {"drag_a", "drag_two_points"})
    void theRoutesOfDrags(final String name) {
        final JsonObject entry = fixture.caseNamed(name);
        final double stride = entry.get("step_size").getAsDouble();
        final DragRoute route = DragRoute.together(
                shifts(entry.getAsJsonArray("source_latent"), entry.getAsJsonArray("target_latent")), stride);
        final List<List<DragShift>> expected = drags(entry);
        assertEquals(entry.get("drag_num").getAsInt(), expected.size());
        assertEquals(expected, route.drags());
    }

    /** Copy and paste with the program's draws, exactly. */
    @ParameterizedTest
    @ValueSource(strings = {"drag_a", "drag_two_points"})
    void whatDragsCopyAndPaste(final String name) {
        final JsonObject entry = fixture.caseNamed(name);
        int drag = 0;
        for (final List<DragShift> shifts : drags(entry)) {
            final String run = name + "." + drag++;
            final Iterator<double[]> draws = IntStream.range(0, shifts.size())
                    .mapToObj(point -> fixture.get(run + ".noise_paste." + point))
                    .iterator();
            final NDArray pasted = patch(entry)
                    .applyTo(
                            of(fixture.state(run + ".out.forward_x", -1)),
                            shifts,
                            (owner, shape) -> Tensors.of(owner, draws.next(), shape));
            assertFalse(draws.hasNext());
            assertArrayEquals(fixture.get(run + ".out.pasted"), pasted.toDoubleArray(), 1e-14, run);
        }
    }

    private static PatchDrag patch(final JsonObject entry) {
        return new PatchDrag(
                entry.get("r").getAsInt(),
                entry.get("alpha").getAsDouble(),
                entry.get("beta").getAsDouble(),
                PatchDrag.Fill.ZERO);
    }

    /** Back from what was pasted, with the path itself outside of the mask after every step. */
    @ParameterizedTest
    @ValueSource(strings = {"drag_a", "drag_two_points"})
    void whatDragsLeadTo(final String name) {
        final JsonObject entry = fixture.caseNamed(name);
        final int stride = 1000 / entry.get("steps").getAsInt();
        final NDArray weights = Tensors.of(
                manager,
                Arrays.stream(fixture.get(name + ".mask"))
                        .map(value -> value > 0 ? 1 : 0)
                        .toArray(),
                1,
                1,
                16,
                16);
        final Arithmetic arithmetic = new FloatingPoint();
        final SdeDrag sampler = new SdeDrag(SdeDrag.Path.SDE, patch(entry), new TorchNoise(0), arithmetic);
        for (int drag = 0; drag < drags(entry).size(); drag++) {
            final String run = name + "." + drag;
            final double[] guidances = fixture.get(run + ".cfg_scales");
            final double[] timesteps = fixture.get(run + ".unet_t_backward");
            double[] x = fixture.get(run + ".out.pasted");
            for (int k = 0; k < timesteps.length; k++) {
                final SdeDragStep step =
                        new SdeDragStep((int) timesteps[k], stride, guidances[timesteps.length - 1 - k]);
                final List<NDArray> path = List.of(
                        of(fixture.state(run + ".out.forward_x", timesteps.length - 1 - k)),
                        of(fixture.state(run + ".out.forward_x", timesteps.length - k)));
                final NoiseAt network = new NoiseAt(step.predictor(), StepListener.NONE, step.grid());
                final StateBlend blend = new StateBlend(
                        weights, (node, grid, scope) -> path.get(node).duplicate());
                x = sampler.back(path, of(x), Optional.of(blend), new RecordedStep(step.grid(), 1, arithmetic, network))
                        .toDoubleArray();
            }
            assertArrayEquals(fixture.get(run + ".out.img"), x, TOLERANCE, run);
        }
    }

    private static List<List<DragShift>> drags(final JsonObject entry) {
        final List<List<DragShift>> drags = new ArrayList<>();
        for (final JsonElement drag : entry.getAsJsonArray("drags"))
            drags.add(shifts(
                    drag.getAsJsonObject().getAsJsonArray("source"),
                    drag.getAsJsonObject().getAsJsonArray("target")));
        return drags;
    }

    private static List<DragShift> shifts(final JsonArray sources, final JsonArray targets) {
        final List<DragShift> shifts = new ArrayList<>();
        for (int k = 0; k < sources.size(); k++) {
            final JsonArray from = sources.get(k).getAsJsonArray();
            final JsonArray to = targets.get(k).getAsJsonArray();
            shifts.add(new DragShift(
                    from.get(0).getAsInt(),
                    from.get(1).getAsInt(),
                    to.get(0).getAsInt(),
                    to.get(1).getAsInt()));
        }
        return shifts;
    }

    private NDArray of(final double[] state) {
        return Tensors.of(manager, state, SHAPE);
    }
}
