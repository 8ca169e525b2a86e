package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
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
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.scaledLinear(1000, .00085, .012);

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

    /** One step of the program, from a timestep to the one a stride below. */
    private record Step(int timestep, int stride, double guidance) {

        NodeGrid grid() {
            final double[] alpha = new double[2];
            final double[] sigma = new double[2];
            for (int i = 0; i < 2; i++) {
                final double power = SCHEDULE.alphaCumprod(timestep - (1 - i) * stride);
                alpha[i] = Math.sqrt(power);
                sigma[i] = Math.sqrt(1 - power);
            }
            return NodeGrid.ofNodes(alpha, sigma, new double[] {timestep, timestep});
        }

        Predictor predictor() {
            return new Elementwise((x, node) -> Fixture.guided(x, timestep, guidance));
        }
    }

    private Step step(final JsonObject entry, final double timestep) {
        return new Step(
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
            x = noised(x, new Step(from + stride, stride, 1), fixture.state(name + ".noise_forward", k));
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
                x = noised(x, new Step(from + stride, stride, 1), fixture.state(name + ".noise_forward", k));
                assertArrayEquals(fixture.state(name + ".out.forward_x", k + 1), x, TOLERANCE, name + " step " + k);
            }
        }
    }

    private double[] noised(final double[] x, final Step step, final double[] noise) {
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
        final Sampler sampler = new CycleSde(CycleSde.Encoding.MARKOV, 1, new TorchNoise(0), new FloatingPoint());
        double[] back = fixture.state(name + ".out.forward_x", -1);
        double[] disturbed = fixture.get(name + ".perturbed_start");
        for (int k = 0; k < steps; k++) {
            final Step step = step(entry, timesteps[k]);
            final double[] noisier = fixture.state(name + ".out.forward_x", steps - 1 - k);
            final double[] cleaner =
                    k == steps - 1 ? fixture.get(name + ".img") : fixture.state(name + ".out.forward_x", steps - 2 - k);
            final Latent path = new Latent(
                    List.of(of(cleaner), of(noisier).sub(of(cleaner))),
                    List.of(1.0, 1.0),
                    List.of(0, 1),
                    End.CLEAN,
                    End.CLEAN,
                    new FloatingPoint());
            final NDArray recorded = sampler.invert(path, step.grid(), step.predictor(), StepListener.NONE)
                    .states()
                    .get(1);
            back = replayed(sampler, step, back, recorded);
            disturbed = replayed(sampler, step, disturbed, recorded);
            assertArrayEquals(fixture.state(name + ".out.rec_states", k), back, TOLERANCE, "step " + k);
            assertArrayEquals(fixture.state(name + ".out.perturbed_states", k), disturbed, TOLERANCE, "step " + k);
        }
        assertArrayEquals(fixture.get(name + ".img"), back, 1e-12);
    }

    private double[] replayed(final Sampler sampler, final Step step, final double[] x, final NDArray recorded) {
        final Latent noisy = new Latent(
                List.of(of(x), recorded.duplicate()),
                List.of(1.0, 1.0),
                List.of(1, 0),
                End.NOISY,
                End.CLEAN,
                new FloatingPoint());
        return sampler.sample(noisy, step.grid(), step.predictor(), StepListener.NONE)
                .image()
                .toDoubleArray();
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
            final Step step = step(entry, timesteps[k]);
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
                PatchDrag.Fill.NOISE);
    }

    /** Back from what was pasted, with the path itself outside of the mask after every step. */
    @ParameterizedTest
    @ValueSource(strings = {"drag_a", "drag_two_points"})
    void whatDragsLeadTo(final String name) {
        final JsonObject entry = fixture.caseNamed(name);
        final int stride = 1000 / entry.get("steps").getAsInt();
        final NDArray editable = editable(name);
        for (int drag = 0; drag < drags(entry).size(); drag++) {
            final String run = name + "." + drag;
            final double[] guidances = fixture.get(run + ".cfg_scales");
            final double[] timesteps = fixture.get(run + ".unet_t_backward");
            double[] x = fixture.get(run + ".out.pasted");
            for (int k = 0; k < timesteps.length; k++) {
                final Step step = new Step((int) timesteps[k], stride, guidances[timesteps.length - 1 - k]);
                final List<NDArray> path = List.of(
                        of(fixture.state(run + ".out.forward_x", timesteps.length - 1 - k)),
                        of(fixture.state(run + ".out.forward_x", timesteps.length - k)));
                final NoiseAt network = new NoiseAt(step.predictor(), StepListener.NONE, step.grid());
                x = SdeDrag.back(
                                path,
                                of(x),
                                Optional.of(editable),
                                new RecordedStep(step.grid(), 1, new FloatingPoint(), network))
                        .toDoubleArray();
            }
            assertArrayEquals(fixture.get(run + ".out.img"), x, TOLERANCE, run);
        }
    }

    private NDArray editable(final String name) {
        final byte[] mask = fixture.bytesOf(name + ".mask");
        final long[] everyChannel = new long[1024];
        for (int i = 0; i < everyChannel.length; i++) everyChannel[i] = mask[i % mask.length];
        return Tensors.cast(Tensors.of(manager, everyChannel, SHAPE), DataType.BOOLEAN);
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
