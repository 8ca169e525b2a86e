package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/**
 * DPM-Solver++ and DDPM of diffusers, DPM-Solver++ and EDM of their authors, every state. Not compared, as there is
 * nothing of the kind here: third order, the Heun form of 2M, thresholding, the noise-prediction form, and EDM's steps in
 * other times than σ̄. Clipping is what the network here answers in the cases that clip.
 */
class SolverFixtureTest {

    private static final double TOLERANCE = 1e-10;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pp_order1",
                "pp_order2",
                "pp_order1_karras",
                "pp_order2_karras",
                "pp_order2_karras_20",
                "pp_order2_leading",
                "pp_order2_trailing",
                "pp_order2_v",
                "pp_order2_sample",
                "pp_order2_20",
                "pp_order2_25_leading",
                "pp_order2_euler_at_final",
                "pp_order2_no_lower_sigma_min",
                "sde_pp_order1",
                "sde_pp_order2",
                "sde_pp_order2_karras"
            })
    void dpmSolverOfDiffusers(final String name) throws IOException {
        final Fixture fixture = Fixture.read("sched_dpmsolver");
        final JsonObject config = fixture.caseNamed(name).getAsJsonObject("config");
        final NodeGrid grid = ofSigmas(fixture.get(name + ".sigmas"), fixture.get(name + ".timesteps"));
        final int[] drawn = {0};
        final NoiseSource noise =
                (owner, shape) -> Tensors.of(owner, fixture.state(name + ".noise", drawn[0]++), Fixture.SHAPE);
        final boolean first =
                config.has("solver_order") && config.get("solver_order").getAsInt() == 1;
        final OneWayMethod method;
        if (name.startsWith("sde"))
            method = first ? DpmSolverMultistep.firstSde(noise) : DpmSolverMultistep.secondSde(noise);
        else method = first ? DpmSolverMultistep.first() : DpmSolverMultistep.second();
        requireStates(fixture, name, method, grid, network(type(config), grid));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fixed_small",
                "fixed_small_log",
                "fixed_small_clip",
                "fixed_large",
                "linspace_sample",
                "cosine",
                "sd_offset1",
                "trailing_v",
                "zero_snr_v"
            })
    void ddpmOfDiffusers(final String name) throws IOException {
        final Fixture fixture = Fixture.read("sched_ddpm");
        final JsonObject description = fixture.caseNamed(name);
        final JsonObject config = description.getAsJsonObject("config");
        final NodeGrid grid = grid(config, description.get("steps").getAsInt());
        final int[] drawn = {0};
        final NoiseSource noise =
                (owner, shape) -> Tensors.of(owner, fixture.state(name + ".noise", drawn[0]++), Fixture.SHAPE);
        requireStates(fixture, name, new Ddpm(noise, variance(config)), grid, ddpmNetwork(config, grid));
    }

    /** All 1000 training steps, of which the last 30 are run. */
    @Test
    void ddpmOfDiffusersWithEveryTrainingStep() throws IOException {
        final Fixture fixture = Fixture.read("sched_ddpm");
        final JsonObject config = fixture.caseNamed("full1000_tail").getAsJsonObject("config");
        final double[] timesteps = fixture.get("full1000_tail.timesteps");
        final NodeGrid grid = grid(config, 1000).cleanest(timesteps.length);
        for (int k = 0; k < timesteps.length; k++) assertEquals(timesteps[k], grid.timestep(timesteps.length - k));
        final int[] drawn = {0};
        final NoiseSource noise =
                (owner, shape) -> Tensors.of(owner, fixture.state("full1000_tail.noise", drawn[0]++), Fixture.SHAPE);
        requireStates(fixture, "full1000_tail", new Ddpm(noise, variance(config)), grid, ddpmNetwork(config, grid));
    }

    private static DdpmVariance variance(final JsonObject config) {
        return config.has("variance_type")
                        && config.get("variance_type").getAsString().equals("fixed_large")
                ? DdpmVariance.FIXED_LARGE
                : DdpmVariance.FIXED_SMALL;
    }

    private static Recorder ddpmNetwork(final JsonObject config, final NodeGrid grid) {
        return new Recorder(type(config), grid, config.get("clip_sample").getAsBoolean());
    }

    /** Zero terminal signal-to-noise with DDIM: the first step is out of noise alone. */
    @ParameterizedTest
    @ValueSource(strings = {"v_zerosnr_trailing"})
    void ddimOutOfNoiseAlone(final String name) throws IOException {
        final Fixture fixture = Fixture.read("sched_ddim");
        final JsonObject description = fixture.caseNamed(name);
        final JsonObject config = description.getAsJsonObject("config");
        final NodeGrid grid = grid(config, description.get("steps").getAsInt());
        requireStates(
                fixture,
                name,
                new Ddim(0, new TorchNoise(0), InversionLabel.SOURCE),
                grid,
                network(type(config), grid));
    }

    /** Level t is level t of the schedule, with ln α interpolated in between. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dpmsolverpp_multistep1_time_uniform",
                "dpmsolverpp_multistep2_time_uniform",
                "dpmsolverpp_multistep2_logSNR",
                "dpmsolverpp_singlestep2_time_uniform"
            })
    void dpmSolverOfItsAuthors(final String name) throws IOException {
        final Fixture fixture = Fixture.read("dpm_solver_original");
        final double[] times = fixture.get(name + ".model_t");
        final NoiseSchedule schedule = NoiseSchedule.scaledLinear(1000, .00085, .012);
        final int steps = times.length;
        final double[] alpha = new double[steps + 1];
        final double[] timestep = new double[steps + 1];
        for (int i = 1; i <= steps; i++) timestep[i] = times[steps - i];
        for (int i = 0; i <= steps; i++) {
            final int below = Math.min(998, (int) timestep[i]);
            final double share = timestep[i] - below;
            alpha[i] = Math.exp(0.5
                    * ((1 - share) * Math.log(schedule.alphaCumprod(below))
                            + share * Math.log(schedule.alphaCumprod(below + 1))));
        }
        final double[] sigma =
                Arrays.stream(alpha).map(a -> Math.sqrt(1 - a * a)).toArray();
        final NodeGrid grid = NodeGrid.ofNodes(alpha, sigma, timestep);
        final OneWayMethod method = name.contains("single")
                ? OneStepMethod.dpmSolver()
                : name.contains("step1") ? DpmSolverMultistep.first() : DpmSolverMultistep.second();
        final Elementwise predictor = new Elementwise((x, node) -> Fixture.guided(x, grid.timestep(node), 1));
        final Latent clean = new OneWaySampler(method, new FloatingPoint())
                .generate(of(fixture.get(name + ".x")), grid, predictor, StepListener.NONE);
        assertArrayEquals(fixture.get(name + ".out"), clean.image().toDoubleArray(), TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "edm_18",
                "edm_8_rho5",
                "edm_churn",
                "abl_euler_edm",
                "abl_heun_edm",
                "abl_euler_iddpm",
                "abl_heun_iddpm_linear"
            })
    void edmOfItsAuthors(final String name) throws IOException {
        final Fixture fixture = Fixture.read("sched_edm");
        final JsonObject arguments = fixture.caseNamed(name).getAsJsonObject("args");
        final KarrasSpacing spacing = new KarrasSpacing(
                number(arguments, "sigma_min", .002),
                number(arguments, "sigma_max", 80),
                number(arguments, "rho", 7),
                number(arguments, "S_churn", 0),
                number(arguments, "S_min", 0),
                number(arguments, "S_max", Double.POSITIVE_INFINITY));
        final int steps = arguments.get("num_steps").getAsInt();
        final NodeGrid grid = NodeGrid.karras(
                name.contains("iddpm") ? firstLevels(fixture.get(name + ".net_sigmas"), steps) : spacing.levels(steps),
                spacing,
                sigma -> 0);
        final int[] drawn = {0};
        // NB: the authors draw at every step, also where nothing is added.
        final NoiseSource noise =
                (owner, shape) -> Tensors.of(owner, fixture.state(name + ".noise", drawn[0]++), Fixture.SHAPE);
        final int[] skipped = {0};
        for (int i = steps; grid.raised(i) == i && spacing.churn() > 0; i--) skipped[0]++;
        drawn[0] = skipped[0];
        final OneStepSolver solver = name.contains("euler") ? OneStepSolver.EULER : OneStepSolver.HEUN;
        final Elementwise predictor = new Elementwise((x, node) -> {
            final double s = grid.sigmaBar(node);
            final double lifted = x / grid.alpha(node);
            final double image =
                    lifted / (1 + s * s) + .05 * Math.sin(3 * lifted / (1 + s)) + .02 * Math.cos(Math.log(s));
            return (lifted - image) / s;
        });
        final double[] start = Arrays.stream(fixture.get(name + ".latents"))
                .map(z -> z * grid.sigma(steps))
                .toArray();
        final Latent clean = new OneWaySampler(
                        OneStepMethod.edm(solver, spacing, number(arguments, "S_noise", 1), noise), new FloatingPoint())
                .generate(of(start), grid, predictor, StepListener.NONE);
        final double[] sigmas = fixture.get(name + ".net_sigmas");
        assertEquals(sigmas.length, predictor.nodes().size());
        for (int k = 0; k < sigmas.length; k++) {
            final int node = predictor.nodes().get(k);
            assertEquals(sigmas[k], grid.sigmaBar(node), 1e-9 * sigmas[k]);
            final double[] lifted = Arrays.stream(predictor.inputs().get(k))
                    .map(x -> x / grid.alpha(node))
                    .toArray();
            assertArrayEquals(fixture.state(name + ".out.net_inputs", k), lifted, 1e-9);
        }
        assertArrayEquals(fixture.get(name + ".out"), clean.image().toDoubleArray(), TOLERANCE);
    }

    /** @return the different ones of the levels a network was asked at, rising: those of a grid that is not Karras's */
    private static double[] firstLevels(final double[] asked, final int steps) {
        // NB: the authors' time of a level leads back to it up to rounding.
        final double[] levels = Arrays.stream(asked)
                .filter(level -> Arrays.stream(asked).noneMatch(other -> other > level && other < level * (1 + 1e-9)))
                .distinct()
                .sorted()
                .toArray();
        assertEquals(steps, levels.length);
        return levels;
    }

    private void requireStates(
            final Fixture fixture,
            final String name,
            final OneWayMethod method,
            final NodeGrid grid,
            final Recorder predictor) {
        final Latent clean = new OneWaySampler(method, new FloatingPoint())
                .generate(of(fixture.get(name + ".x")), grid, predictor, StepListener.NONE);
        for (int k = 1; k < grid.steps(); k++)
            assertArrayEquals(fixture.state(name + ".out.states", k - 1), predictor.inputs.get(k), TOLERANCE);
        // NB: DDPM's authors draw a little noise, 1e-10, even in a last step that ends without any.
        assertArrayEquals(fixture.state(name + ".out.states", -1), clean.image().toDoubleArray(), 1e-9);
    }

    /** The closed-form network, which also answers with its image where there is no signal. */
    private static final class Recorder implements Predictor {

        private final PredictionType type;
        private final NodeGrid grid;
        private final boolean clips;
        private final List<double[]> inputs = new ArrayList<>();

        /** @param clips whether the noise it answers with is that of an image clipped to [−1, 1] */
        Recorder(final PredictionType type, final NodeGrid grid, final boolean clips) {
            this.type = type;
            this.grid = grid;
            this.clips = clips;
        }

        @Override
        public NDArray epsilon(final NDArray state, final int node) {
            final double alpha = grid.alpha(node);
            final double sigma = grid.sigma(node);
            final NDArray epsilon = type.toEpsilon(output(state, node), state, alpha, sigma);
            if (!clips) return epsilon;
            final NDArray image = state.sub(epsilon.mul(sigma)).div(alpha).clip(-1, 1);
            return state.sub(image.mul(alpha)).div(sigma);
        }

        @Override
        public NDArray clean(final NDArray state, final int node) {
            return type.cleanFromNoise(output(state, node));
        }

        private NDArray output(final NDArray state, final int node) {
            final double[] x = state.toDoubleArray();
            inputs.add(x);
            final double[] output = Arrays.stream(x)
                    .map(v -> Fixture.network(v, grid.timestep(node)))
                    .toArray();
            return Tensors.of(state.getManager(), output, Fixture.SHAPE);
        }
    }

    private static Recorder network(final PredictionType type, final NodeGrid grid) {
        return new Recorder(type, grid, false);
    }

    /** @param sigmas σ̄ as diffusers lists them, the noisiest first */
    private static NodeGrid ofSigmas(final double[] sigmas, final double[] timesteps) {
        final int steps = timesteps.length;
        final double[] alpha = new double[steps + 1];
        final double[] sigma = new double[steps + 1];
        final double[] timestep = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            final double level = sigmas[steps - i];
            alpha[i] = 1 / Math.sqrt(1 + level * level);
            sigma[i] = level * alpha[i];
            timestep[i] = timesteps[Math.min(steps - 1, steps - i)];
        }
        return NodeGrid.ofNodes(alpha, sigma, timestep);
    }

    private static NodeGrid grid(final JsonObject config, final int steps) {
        final NoiseSchedule plain = plainSchedule(config);
        return NodeGrid.of(
                config.has("rescale_betas_zero_snr") ? plain.withZeroTerminalSnr() : plain,
                config.has("timestep_spacing")
                        ? TimestepSpacing.valueOf(
                                config.get("timestep_spacing").getAsString().toUpperCase(Locale.ROOT))
                        : TimestepSpacing.LEADING,
                steps,
                config.has("steps_offset") ? config.get("steps_offset").getAsInt() : 0,
                !config.has("set_alpha_to_one")
                                || config.get("set_alpha_to_one").getAsBoolean()
                        ? CleanNode.NOISE_FREE
                        : CleanNode.FIRST_LEVEL);
    }

    private static NoiseSchedule plainSchedule(final JsonObject config) {
        final String name = config.get("beta_schedule").getAsString();
        if (name.equals("squaredcos_cap_v2")) return NoiseSchedule.squaredCosine(1000);
        final double start = config.get("beta_start").getAsDouble();
        final double end = config.get("beta_end").getAsDouble();
        return name.equals("linear")
                ? NoiseSchedule.linear(1000, start, end)
                : NoiseSchedule.scaledLinear(1000, start, end);
    }

    private static PredictionType type(final JsonObject config) {
        return config.has("prediction_type")
                ? PredictionType.valueOf(
                        config.get("prediction_type").getAsString().toUpperCase(Locale.ROOT))
                : PredictionType.EPSILON;
    }

    private static double number(final JsonObject arguments, final String key, final double absent) {
        return arguments.has(key) ? arguments.get(key).getAsDouble() : absent;
    }

    private NDArray of(final double[] state) {
        return Tensors.of(manager, state, Fixture.SHAPE);
    }
}
