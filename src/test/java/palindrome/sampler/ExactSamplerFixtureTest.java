package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** The published programs of BELM, BDIA and EDICT: what they made of the same inputs. */
class ExactSamplerFixtureTest {

    private static final NoiseSchedule SD = NoiseSchedule.scaledLinear(1000, 0.00085, 0.012);

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /**
     * BELM repository: O-BELM, BDIA, EDICT (x always first) and DDIM, with and
     * without guidance and frozen steps. Not compared: the first inversion step of
     * its BDIA as published, which forgets the factor ε ("fixed" has it), and the
     * runs from one state only.
     */
    @Test
    void belmRepository() throws IOException {
        final Fixture fixture = Fixture.read("belm");
        for (final JsonObject entry : fixture.cases()) {
            final String method = entry.get("method").getAsString();
            final double guidance = entry.get("guidance").getAsDouble();
            final int steps = entry.get("steps").getAsInt();
            final NodeGrid grid = NodeGrid.of(SD, TimestepSpacing.LINSPACE, steps, 0, CleanNode.NOISE_FREE)
                    .cleanest(steps - entry.get("freeze_step").getAsInt());
            final String prefix = entry.get("case").getAsString() + "." + method;
            final double tolerance = entry.get("tolerance_f64").getAsDouble();
            final Sampler sampler = belmSampler(entry, method);
            final Elementwise.Formula formula = (x, node) -> Fixture.guided(x, grid.timestep(node), guidance);
            if (fixture.has(prefix + ".sample.states")) {
                final Latent clean =
                        sampler.generate(of(fixture.get("xT")), grid, new Elementwise(formula), StepListener.NONE);
                check(fixture, prefix + ".sample", clean, tolerance);
            }
            if (fixture.has(prefix + ".inv.states") && !(method.startsWith("bdia") && !method.endsWith("fixed"))) {
                // The repository asks for the noise in the clean state at timestep 1.
                final Elementwise predictor = method.startsWith("edict")
                        ? new Elementwise(formula)
                        : Elementwise.startingWith((x, node) -> Fixture.guided(x, 1, guidance), formula);
                final Latent noisy = sampler.invert(of(fixture.get("x0")), grid, predictor, StepListener.NONE);
                check(fixture, prefix + ".inv", noisy, tolerance);
                final Latent back = sampler.sample(noisy, grid, new Elementwise(formula), StepListener.NONE);
                check(fixture, prefix + ".rec", back, tolerance);
            }
        }
    }

    private static Sampler belmSampler(final JsonObject entry, final String method) {
        if (method.equals("ddim"))
            return new OneWaySampler(new Ddim(0, new TorchNoise(0), InversionLabel.SOURCE), new FloatingPoint());
        if (method.equals("belm")) return exact(new OBelm());
        if (method.startsWith("edict"))
            return exact(new SidedEdict(entry.get("p").getAsDouble()));
        return exact(Bdia.of(entry.get("gamma").getAsDouble()));
    }

    private static void check(final Fixture fixture, final String run, final Latent latent, final double tolerance) {
        final int main = latent.end() == End.CLEAN ? 0 : latent.noisiestSlot();
        assertArrayEquals(fixture.state(run + ".states", -1), latent.value(main).toDoubleArray(), tolerance, run);
        if (latent.states().size() == 1) return;
        final boolean edict = fixture.has(run + ".states_y");
        assertArrayEquals(
                edict ? fixture.state(run + ".states_y", -1) : fixture.state(run + ".states", -2),
                latent.value(1 - main).toDoubleArray(),
                tolerance,
                run + ", second state");
    }

    /**
     * BDIA repository, editing code. Its cleanest two levels are the same (both
     * timestep 0), so its first inversion step stands still and its pair begins as
     * (z, z); on a grid without the repetition that is a DDIM step with the noise
     * at timestep 0. Not compared: 30 steps, where its grid and its stride disagree
     * and its own round trip is 3e-3 off.
     */
    @Test
    void bdiaEditing() throws IOException {
        final Fixture fixture = Fixture.read("bdia_roundtrip");
        for (final JsonObject entry : fixture.cases()) {
            final int steps = entry.get("steps").getAsInt();
            if (steps == 30) continue;
            final double guidance = entry.get("guidance").getAsDouble();
            final double tolerance = entry.get("tolerance_f64").getAsDouble();
            final String name = entry.get("name").getAsString();
            final NodeGrid grid =
                    editingGrid(fixture, steps, entry.get("init_image_strength").getAsDouble());
            final ReversibleSampler sampler = exact(Bdia.of(entry.get("gamma").getAsDouble()));
            final Elementwise predictor =
                    new Elementwise((x, node) -> Fixture.guided(x, grid.timestep(node), guidance));
            final double[] image = fixture.get("z0");
            final DdimStep first = DdimStep.of(grid, 0, 1);
            final double[] second = Arrays.stream(image)
                    .map(x -> first.linear() * x + first.noise() * Fixture.guided(x, 0, guidance))
                    .toArray();
            final Latent pair = sampler.pair(of(image), of(second), End.CLEAN, grid);
            final Latent noisy = sampler.invert(pair, grid, predictor, StepListener.NONE);
            final int main = noisy.noisiestSlot();
            assertArrayEquals(
                    fixture.get(name + ".inv.out.pair0_most_noisy"),
                    noisy.value(main).toDoubleArray(),
                    tolerance,
                    name);
            assertArrayEquals(
                    fixture.get(name + ".inv.out.pair1_previous"),
                    noisy.value(1 - main).toDoubleArray(),
                    tolerance,
                    name);
            final Latent clean = sampler.sample(noisy, grid, predictor, StepListener.NONE);
            assertArrayEquals(fixture.get(name + ".rec.out"), clean.image().toDoubleArray(), tolerance, name);
        }
    }

    /** The leading grid without offset, its noisy steps left off, and without the repeated clean level. */
    private static NodeGrid editingGrid(final Fixture fixture, final int steps, final double strength) {
        final double[] timesteps = fixture.get("s" + steps + ".scheduler_timesteps");
        final int active = (int) Math.floor(steps * strength + 1e-9);
        final double[] rising = IntStream.range(0, active)
                .mapToDouble(i -> timesteps[timesteps.length - 1 - i])
                .toArray();
        final double[] powers =
                Arrays.stream(rising).map(t -> SD.alphaCumprod((int) t)).toArray();
        return NodeGrid.ofNodes(
                Arrays.stream(powers).map(Math::sqrt).toArray(),
                Arrays.stream(powers).map(p -> Math.sqrt(1 - p)).toArray(),
                rising);
    }

    /** BDIA repository, text-to-image sampler; γ = 0 is DDIM. */
    @Test
    void bdiaTextToImage() throws IOException {
        final Fixture fixture = Fixture.read("bdia_sampler");
        for (final JsonObject entry : fixture.cases()) {
            final String name = entry.get("name").getAsString();
            final int steps = entry.get("steps").getAsInt();
            final double gamma = entry.get("gamma").getAsDouble();
            final NodeGrid grid = NodeGrid.of(SD, TimestepSpacing.LEADING, steps, 1, CleanNode.FIRST_LEVEL);
            final boolean velocity = entry.get("parameterization").getAsString().equals("v");
            final Elementwise predictor = new Elementwise((x, node) -> {
                final double output = Fixture.guided(x, grid.timestep(node), 1);
                return velocity ? grid.alpha(node) * output + grid.sigma(node) * x : output;
            });
            final Sampler sampler = gamma == 0
                    ? new OneWaySampler(new Ddim(0, new TorchNoise(0), InversionLabel.SOURCE), new FloatingPoint())
                    : exact(Bdia.of(gamma));
            final Latent clean = sampler.generate(of(fixture.get(name + ".xT")), grid, predictor, StepListener.NONE);
            final double tolerance = 1e-10 * Math.max(1, entry.get("max_abs").getAsDouble());
            final double[] timesteps = fixture.get(name + ".unet_t");
            for (int k = 0; k < steps; k++) {
                assertEquals(timesteps[k], grid.timestep(predictor.nodes().get(k)));
                assertArrayEquals(
                        fixture.state(name + ".out.states", k),
                        predictor.inputs().get(k),
                        tolerance,
                        name);
            }
            assertArrayEquals(
                    fixture.state(name + ".out.states", -1), clean.image().toDoubleArray(), tolerance, name);
        }
    }

    /**
     * EDICT repository, alternating. Its cleanest two levels are the same, where a
     * step is the mixing alone: an inversion from two equal copies does not notice,
     * a generation is mixed once more. Not compared: 30 steps (31 in its grid, with
     * another stride).
     */
    @Test
    void edictRepository() throws IOException {
        final Fixture fixture = Fixture.read("edict_original");
        for (final JsonObject entry : fixture.cases()) {
            final int steps = entry.get("steps").getAsInt();
            if (steps == 30) continue;
            final double guidance = entry.get("guidance").getAsDouble();
            final double tolerance = entry.get("tolerance_f64").getAsDouble();
            final double mixing = entry.get("mix_weight").getAsDouble();
            final String name = entry.get("name").getAsString();
            final NodeGrid grid =
                    editingGrid(fixture, steps, entry.get("init_image_strength").getAsDouble());
            final Sampler sampler = exact(new Edict(mixing));
            final Latent noisy =
                    sampler.invert(of(fixture.get("z0")), grid, editingPredictor(grid, guidance), StepListener.NONE);
            for (int slot = 0; slot < 2; slot++)
                assertArrayEquals(
                        fixture.get(name + ".inv.out." + slot),
                        noisy.value(slot).toDoubleArray(),
                        tolerance,
                        name);
            final Latent clean = sampler.sample(noisy, grid, editingPredictor(grid, guidance), StepListener.NONE);
            for (int slot = 0; slot < 2; slot++)
                assertArrayEquals(
                        fixture.get(name + ".rec.out." + slot),
                        clean.value(slot).toDoubleArray(),
                        tolerance,
                        name);
            final NodeGrid whole = editingGrid(fixture, steps, 1);
            final Latent generated = sampler.generate(
                    of(fixture.get("zT")), whole, editingPredictor(whole, guidance), StepListener.NONE);
            final double[] x = generated.value(0).toDoubleArray();
            final double[] y = generated.value(1).toDoubleArray();
            for (int i = 0; i < x.length; i++) {
                x[i] = mixing * x[i] + (1 - mixing) * y[i];
                y[i] = mixing * y[i] + (1 - mixing) * x[i];
            }
            assertArrayEquals(fixture.get(name + ".sample.out.0"), x, tolerance, name);
            assertArrayEquals(fixture.get(name + ".sample.out.1"), y, tolerance, name);
        }
    }

    private static Elementwise editingPredictor(final NodeGrid grid, final double guidance) {
        return new Elementwise((x, node) -> Fixture.guided(x, grid.timestep(node), guidance));
    }

    private static ReversibleSampler exact(final ReversibleMethod method) {
        return new ReversibleSampler(method, new FloatingPoint());
    }

    private NDArray of(final double[] state) {
        return Tensors.of(manager, state, Fixture.SHAPE);
    }
}
