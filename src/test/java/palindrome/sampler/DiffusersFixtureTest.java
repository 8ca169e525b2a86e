package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/**
 * diffusers' DDIMScheduler and DDIMInverseScheduler, every state. Not compared:
 * clipping and thresholding inside the step, which no exact sampler can have.
 */
class DiffusersFixtureTest {

    private static final double TOLERANCE = 1e-10;

    private NDManager manager;
    private Fixture fixture;

    @BeforeEach
    void open() throws IOException {
        manager = TorchEngine.start().newManager(Device.cpu());
        fixture = Fixture.read("sched_ddim");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Cases whose steps go from one entry of the list to the next. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sd_leading_eta0",
                "sd_leading_eta0.5",
                "sd_leading_eta1",
                "leading_offset0_one",
                "trailing_one_true",
                "trailing_one_false",
                "trailing_eta1",
                "v_leading",
                "sample_leading",
                "v_trailing",
                "sample_trailing",
                "v_zerosnr_leading",
                "uneven_7",
                "fifty",
                "train500"
            })
    void ddimPassesThroughTheSameStates(final String name) {
        final JsonObject description = fixture.caseNamed(name);
        final JsonObject config = description.getAsJsonObject("config");
        final NodeGrid grid = grid(description);
        final double[] timesteps = fixture.get(name + ".timesteps");
        final int steps = timesteps.length;
        for (int k = 0; k < steps; k++) assertEquals(timesteps[k], grid.timestep(steps - k));
        final Elementwise predictor = network(type(config), grid);
        final double eta = description.get("eta").getAsDouble();
        final int[] drawn = {0};
        final NoiseSource noise =
                (owner, shape) -> Tensors.of(owner, fixture.state(name + ".noise", drawn[0]++), Fixture.SHAPE);
        final Sampler ddim = new OneWaySampler(new Ddim(eta, noise, InversionLabel.SOURCE), new FloatingPoint());
        final Latent clean = ddim.generate(of(fixture.get(name + ".x")), grid, predictor, StepListener.NONE);
        for (int k = 1; k < steps; k++)
            assertArrayEquals(
                    fixture.state(name + ".out.states", k - 1),
                    predictor.inputs().get(k),
                    TOLERANCE);
        assertArrayEquals(fixture.state(name + ".out.states", -1), clean.image().toDoubleArray(), TOLERANCE);
    }

    /**
     * Where diffusers steps to t − ⌊T/N⌋, which is not the next entry of its list,
     * our grid does not follow; the single steps are the same.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "linspace_one_true",
                "linspace_one_false",
                "v_linspace",
                "sample_linspace",
                "uneven_trailing_13",
                "uneven_linspace_6"
            })
    void singleDdimStepsAgreeWhereTheListIsNotFollowed(final String name) {
        final JsonObject description = fixture.caseNamed(name);
        final JsonObject config = description.getAsJsonObject("config");
        final NoiseSchedule schedule = schedule(config);
        final double[] timesteps = fixture.get(name + ".timesteps");
        final int[] ours = spacing(config).timesteps(timesteps.length, schedule.levels(), 0);
        final double finalPower = description.get("final_alpha_cumprod").getAsDouble();
        final int stride = schedule.levels() / timesteps.length;
        for (int k = 0; k < timesteps.length; k++) {
            assertEquals(timesteps[k], ours[timesteps.length - 1 - k]);
            final int to = (int) timesteps[k] - stride;
            final double cleaner = to >= 0 ? schedule.alphaCumprod(to) : finalPower;
            final double[] expected = fixture.state(name + ".out.states", k);
            final double[] from = k == 0 ? fixture.get(name + ".x") : fixture.state(name + ".out.states", k - 1);
            final double noisier = schedule.alphaCumprod((int) timesteps[k]);
            if (cleaner <= noisier) {
                assertArrayEquals(from, expected, TOLERANCE, "identity");
                continue;
            }
            final NodeGrid step = twoNodes(cleaner, noisier, timesteps[k]);
            final Sampler ddim =
                    new OneWaySampler(new Ddim(0, new TorchNoise(0), InversionLabel.SOURCE), new FloatingPoint());
            final Latent clean = ddim.generate(of(from), step, network(type(config), step), StepListener.NONE);
            assertArrayEquals(expected, clean.image().toDoubleArray(), TOLERANCE);
        }
    }

    /** Offset 0 without a noise-free end: the last step stands still, and our grid refuses it. */
    @Test
    void aRepeatedCleanNodeIsAnIdentityStep() {
        final String name = "leading_offset0_notone";
        assertThrows(IllegalArgumentException.class, () -> grid(fixture.caseNamed(name)));
        assertArrayEquals(fixture.state(name + ".out.states", -2), fixture.state(name + ".out.states", -1), TOLERANCE);
    }

    /** The schedules alone, of every case, also those with clipping and zero terminal SNR. */
    @Test
    void allSchedulesAgree() {
        for (final JsonObject description : fixture.cases()) {
            final String name = description.get("name").getAsString();
            final NoiseSchedule schedule = schedule(description.getAsJsonObject("config"));
            final double[] timesteps = fixture.get(name + ".timesteps");
            final double[] powers = fixture.get(name + ".alphas_cumprod_at_timesteps");
            for (int k = 0; k < timesteps.length; k++)
                assertEquals(powers[k], schedule.alphaCumprod((int) timesteps[k]), 1e-13, name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"leading_offset1", "leading_offset0", "trailing", "v", "fifty", "uneven_7"})
    void ddimInversionAtTheTargetLabel(final String name) throws IOException {
        final Fixture inverse = Fixture.read("sched_ddim_inverse");
        final JsonObject description = inverse.caseNamed(name);
        final NodeGrid grid = grid(description);
        final double[] timesteps = inverse.get(name + ".timesteps");
        for (int k = 0; k < timesteps.length; k++) assertEquals(timesteps[k], grid.timestep(k + 1));
        final Elementwise predictor = readAtTheState(type(description.getAsJsonObject("config")), grid);
        final Sampler ddim =
                new OneWaySampler(new Ddim(0, new TorchNoise(0), InversionLabel.TARGET), new FloatingPoint());
        final Latent noisy = ddim.invert(of(inverse.get(name + ".x")), grid, predictor, StepListener.NONE);
        for (int k = 1; k < timesteps.length; k++)
            assertArrayEquals(
                    inverse.state(name + ".out.states", k - 1),
                    predictor.inputs().get(k),
                    TOLERANCE);
        assertArrayEquals(
                inverse.state(name + ".out.states", -1), noisy.value(0).toDoubleArray(), TOLERANCE);
    }

    /** Offset 0 and no noise-free end: the first step stands still, so the run begins at timestep 0. */
    @Test
    void ddimInversionOfAnImagePredictionFromTimestepZero() throws IOException {
        final Fixture inverse = Fixture.read("sched_ddim_inverse");
        final double[] timesteps = inverse.get("sample.timesteps");
        final NoiseSchedule schedule = schedule(inverse.caseNamed("sample").getAsJsonObject("config"));
        assertArrayEquals(inverse.get("sample.x"), inverse.state("sample.out.states", 0), TOLERANCE);
        final double[] powers = Arrays.stream(timesteps)
                .map(t -> schedule.alphaCumprod((int) t))
                .toArray();
        final NodeGrid grid = ofPowers(powers, timesteps);
        final Elementwise predictor = readAtTheState(PredictionType.SAMPLE, grid);
        final Sampler ddim =
                new OneWaySampler(new Ddim(0, new TorchNoise(0), InversionLabel.TARGET), new FloatingPoint());
        final Latent noisy = ddim.invert(of(inverse.get("sample.x")), grid, predictor, StepListener.NONE);
        final double[] expected = inverse.state("sample.out.states", -1);
        final double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertTrue(largest > 1);
        assertArrayEquals(expected, noisy.value(0).toDoubleArray(), TOLERANCE * largest);
    }

    private static Elementwise network(final PredictionType type, final NodeGrid grid) {
        return new Elementwise((x, node) ->
                epsilon(type, Fixture.network(x, grid.timestep(node)), x, grid.alpha(node), grid.sigma(node)));
    }

    /**
     * diffusers tells the network the target's timestep, but reads its v or x₀ at
     * the noise level the state is at. We read it where the network is told to be
     * (a clean state has no x₀-prediction of its noise); the step is the same.
     */
    private static Elementwise readAtTheState(final PredictionType type, final NodeGrid grid) {
        return new Elementwise((x, node) ->
                epsilon(type, Fixture.network(x, grid.timestep(node)), x, grid.alpha(node - 1), grid.sigma(node - 1)));
    }

    private static double epsilon(
            final PredictionType type, final double output, final double x, final double alpha, final double sigma) {
        return switch (type) {
            case EPSILON -> output;
            case V_PREDICTION -> alpha * output + sigma * x;
            case SAMPLE -> (x - alpha * output) / sigma;
        };
    }

    private static NodeGrid grid(final JsonObject description) {
        final JsonObject config = description.getAsJsonObject("config");
        final boolean toOne = !config.has("set_alpha_to_one")
                || config.get("set_alpha_to_one").getAsBoolean();
        return NodeGrid.of(
                schedule(config),
                spacing(config),
                description.get("steps").getAsInt(),
                config.has("steps_offset") ? config.get("steps_offset").getAsInt() : 0,
                toOne ? CleanNode.NOISE_FREE : CleanNode.FIRST_LEVEL);
    }

    private static NoiseSchedule schedule(final JsonObject config) {
        final int levels = config.has("num_train_timesteps")
                ? config.get("num_train_timesteps").getAsInt()
                : 1000;
        final String name = config.get("beta_schedule").getAsString();
        if (name.equals("squaredcos_cap_v2")) return NoiseSchedule.squaredCosine(levels);
        final double start = config.get("beta_start").getAsDouble();
        final double end = config.get("beta_end").getAsDouble();
        final NoiseSchedule schedule = name.equals("linear")
                ? NoiseSchedule.linear(levels, start, end)
                : NoiseSchedule.scaledLinear(levels, start, end);
        return config.has("rescale_betas_zero_snr") ? schedule.withZeroTerminalSnr() : schedule;
    }

    private static TimestepSpacing spacing(final JsonObject config) {
        return config.has("timestep_spacing")
                ? TimestepSpacing.valueOf(
                        config.get("timestep_spacing").getAsString().toUpperCase(java.util.Locale.ROOT))
                : TimestepSpacing.LEADING;
    }

    private static PredictionType type(final JsonObject config) {
        return config.has("prediction_type")
                ? PredictionType.valueOf(
                        config.get("prediction_type").getAsString().toUpperCase(java.util.Locale.ROOT))
                : PredictionType.EPSILON;
    }

    private static NodeGrid twoNodes(final double cleaner, final double noisier, final double timestep) {
        return ofPowers(new double[] {cleaner, noisier}, new double[] {timestep, timestep});
    }

    private static NodeGrid ofPowers(final double[] powers, final double[] timesteps) {
        return NodeGrid.ofNodes(
                Arrays.stream(powers).map(Math::sqrt).toArray(),
                Arrays.stream(powers).map(p -> Math.sqrt(1 - p)).toArray(),
                timesteps);
    }

    private NDArray of(final double[] state) {
        return Tensors.of(manager, state, Fixture.SHAPE);
    }
}
