package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.TorchEngine;
import palindrome.sampler.DdpmVariance;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.PredictionType;
import palindrome.sampler.TimestepSpacing;

/** Tests {@link SchedulerConfig}. */
class SchedulerConfigTest {

    @Test
    void aStableDiffusionFileIsRead() throws IOException {
        final SchedulerConfig config = SchedulerConfig.fromJson(
                StrictJson.read(TinyModel.FIXTURE.resolve("scheduler/scheduler_config.json"), 1 << 20));
        assertEquals("DDIMScheduler", config.className());
        assertEquals(1000, config.numTrainTimesteps());
        assertEquals("scaled_linear", config.betaSchedule());
        assertEquals(0.00085, config.betaStart());
        assertEquals(0.012, config.betaEnd());
        assertEquals(PredictionType.EPSILON, config.predictionType());
        assertEquals(TimestepSpacing.LEADING, config.timestepSpacing());
        assertEquals(1, config.stepsOffset());
        assertFalse(config.setAlphaToOne());
        assertFalse(config.rescaleBetasZeroSnr());
        assertFalse(config.clipSample());
        assertEquals(List.of(), config.notes());
    }

    @ParameterizedTest
    @CsvSource({
        "DDIMScheduler, linear, 1e-4, 0.02, LEADING, true, true",
        "DDPMScheduler, linear, 1e-4, 0.02, LEADING, true, true",
        "PNDMScheduler, linear, 1e-4, 0.02, LEADING, false, false",
        "EulerDiscreteScheduler, linear, 1e-4, 0.02, LINSPACE, false, true",
        "HeunDiscreteScheduler, linear, 0.00085, 0.012, LINSPACE, false, true",
        "LCMScheduler, scaled_linear, 0.00085, 0.012, LEADING, false, true",
        "MyScheduler, linear, 1e-4, 0.02, LEADING, true, true"
    })
    void absentKeysTakeTheDefaultsOfTheClass(
            final String name,
            final String schedule,
            final double start,
            final double end,
            final TimestepSpacing spacing,
            final boolean clip,
            final boolean one) {
        final SchedulerConfig config = parse("{'_class_name': '" + name + "', 'trained_betas': null}");
        assertEquals(1000, config.numTrainTimesteps());
        assertEquals(schedule, config.betaSchedule());
        assertEquals(start, config.betaStart());
        assertEquals(end, config.betaEnd());
        assertEquals(spacing, config.timestepSpacing());
        assertEquals(PredictionType.EPSILON, config.predictionType());
        assertEquals(clip, config.clipSample());
        assertEquals(one, config.setAlphaToOne());
        assertEquals(0, config.stepsOffset());
    }

    @ParameterizedTest
    @CsvSource({
        "fixed_small, FIXED_SMALL",
        "fixed_small_log, FIXED_SMALL",
        "fixed_large, FIXED_LARGE",
        "fixed_large_log, FIXED_LARGE",
        "learned_range, FIXED_SMALL"
    })
    void theVarianceOfDdpmIsRead(final String name, final DdpmVariance variance) {
        final SchedulerConfig config =
                parse("{'_class_name': 'DDPMScheduler', 'clip_sample': false, 'prediction_type': 'epsilon',"
                        + " 'variance_type': '" + name + "'}");
        assertEquals(variance, config.variance());
        assertEquals(name.startsWith("learned") ? 1 : 0, config.notes().size());
        assertThrows(
                IllegalArgumentException.class, () -> parse("{'_class_name': 'X', 'variance_type': 'fixed_medium'}"));
    }

    @Test
    void whatTheUserShouldKnowIsNoted() {
        final List<String> notes =
                parse("{'_class_name': 'MyScheduler', 'clip_sample': true}").notes();
        assertEquals(3, notes.size());
        assertTrue(notes.get(0).contains("MyScheduler"));
        assertTrue(notes.get(1).contains("epsilon is assumed"));
        assertTrue(notes.get(2).contains("clips"));
        assertTrue(parse("{}").notes().get(0).contains("not named"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'beta_schedule': 'exotic'|beta_schedule = \"exotic\"",
                "'prediction_type': 'noise'|prediction_type = \"noise\"",
                "'prediction_type': 3|prediction_type = 3",
                "'timestep_spacing': 'wide'|timestep_spacing = \"wide\"",
                "'num_train_timesteps': 1|num_train_timesteps = 1",
                "'num_train_timesteps': 10.5|whole number",
                "'num_train_timesteps': 1e12|num_train_timesteps",
                "'beta_end': 1|beta_end = 1",
                "'beta_start': -0.1|beta_start",
                "'clip_sample': 'no'|true or false",
                "'num_train_timesteps': 3, 'trained_betas': [0.1, 0.2]|num_train_timesteps = 3",
                "'trained_betas': ['a']|list of numbers",
                "'steps_offset': []|single value"
            })
    void illegalValuesAreNamed(final String entry, final String part) {
        final IllegalArgumentException exc =
                assertThrows(IllegalArgumentException.class, () -> parse("{" + entry + "}"));
        assertTrue(exc.getMessage().contains(part), exc.getMessage());
    }

    @Test
    void theGridOfAFileVisitsTheTimestepsOfItsPipeline() throws IOException {
        final SchedulerConfig config = SchedulerConfig.fromJson(
                StrictJson.read(TinyModel.FIXTURE.resolve("scheduler/scheduler_config.json"), 1 << 20));
        final NodeGrid grid = config.grid(10);
        try (SafetensorsFile fixture = SafetensorsFile.open(TinyModel.FIXTURE.resolve("case.safetensors"));
                NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final long[] timesteps = fixture.get("txt2img.timesteps", manager).toLongArray();
            assertEquals(10, timesteps.length);
            for (int i = 0; i < 10; i++) assertEquals(timesteps[i], grid.timestep(10 - i));
        }
        // set_alpha_to_one is false, so the clean end is at the first level.
        assertEquals(Math.sqrt(1 - 0.00085), grid.alpha(0), 1e-15);
        final double[] cumulated = config.schedule().alphasCumprod();
        assertEquals(1000, cumulated.length);
        assertEquals(1 - 0.00085, cumulated[0], 1e-15);
        // The last level of Stable Diffusion 1, as published with its sampler.
        assertEquals(0.00466, cumulated[999], 1e-5);
    }

    @Test
    void everyScheduleIsBuilt() {
        final double[] linear = parse("{'num_train_timesteps': 3, 'beta_start': 0.1, 'beta_end': 0.3}")
                .schedule()
                .alphasCumprod();
        assertArrayEquals(new double[] {0.9, 0.9 * 0.8, 0.9 * 0.8 * 0.7}, linear, 1e-15);
        final double[] trained = parse(
                        "{'num_train_timesteps': 2, 'beta_schedule': 'none', 'trained_betas': [0.5, 0.25]}")
                .schedule()
                .alphasCumprod();
        assertArrayEquals(new double[] {0.5, 0.375}, trained, 1e-15);
        final double[] rescaled =
                parse("{'rescale_betas_zero_snr': true}").schedule().alphasCumprod();
        assertEquals(0, rescaled[999]);
        assertEquals(1 - 1e-4, rescaled[0], 1e-15);
        final double[] cosine =
                parse("{'beta_schedule': 'squaredcos_cap_v2'}").schedule().alphasCumprod();
        assertEquals(0.5, cosine[496], 1e-2);
    }

    @Test
    void aCleanEndAtANodeOfTheGridIsMovedToTheImage() {
        final SchedulerConfig old = parse("{'_class_name': 'PNDMScheduler'}");
        assertFalse(old.setAlphaToOne());
        assertEquals(1, old.grid(10).alpha(0));
        assertEquals(0, old.grid(10).timestep(1));
        for (final int steps : new int[] {-1, 0, 1, 100_000})
            assertThrows(IllegalArgumentException.class, () -> old.grid(steps));
    }

    static SchedulerConfig parse(final String json) {
        return SchedulerConfig.fromJson(
                JsonParser.parseString(json.replace('\'', '"')).getAsJsonObject());
    }
}
