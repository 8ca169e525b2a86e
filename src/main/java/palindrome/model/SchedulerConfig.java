package palindrome.model;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import palindrome.sampler.CleanNode;
import palindrome.sampler.DdpmVariance;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoiseSchedule;
import palindrome.sampler.PredictionType;
import palindrome.sampler.TimestepSpacing;

/**
 * What a checkpoint's {@code scheduler_config.json} says about how it was
 * trained: the noise schedule, the meaning of the network's output, and which
 * timesteps its own sampler would take. Which sampler that is does not matter
 * here.
 * <p>
 * Absent keys take the defaults of the named diffusers class, on which old files
 * rely.
 *
 * @param className the diffusers class, for the record
 * @param numTrainTimesteps number of noise levels
 * @param betaSchedule {@code linear}, {@code scaled_linear},
 *          {@code squaredcos_cap_v2}, or {@code trained}
 * @param betaStart variance added at the first level
 * @param betaEnd variance added at the last level
 * @param trainedBetas variances that override the schedule; usually empty
 * @param predictionType what the network returns
 * @param timestepSpacing how a few timesteps are picked of all
 * @param stepsOffset added to timesteps of leading spacing
 * @param setAlphaToOne whether the clean end is free of noise, rather than at
 *          the first level
 * @param rescaleBetasZeroSnr whether the last level is pure noise
 * @param clipSample whether its own sampler clips the predicted image
 * @param thresholding whether its own sampler does so by percentile
 * @param variance how much noise its own ancestral sampler draws
 * @param notes sentences for the user about what differs from the file's own
 *          sampler or had to be assumed
 */
public record SchedulerConfig(
        String className,
        int numTrainTimesteps,
        String betaSchedule,
        double betaStart,
        double betaEnd,
        List<Double> trainedBetas,
        PredictionType predictionType,
        TimestepSpacing timestepSpacing,
        int stepsOffset,
        boolean setAlphaToOne,
        boolean rescaleBetasZeroSnr,
        boolean clipSample,
        boolean thresholding,
        DdpmVariance variance,
        List<String> notes) {

    private static final int MAX_TIMESTEPS = 1_000_000;

    /**
     * @param json a {@code scheduler_config.json}
     * @return what it says
     * @throws IllegalArgumentException naming a value that is illegal or not
     *           supported
     */
    public static SchedulerConfig fromJson(final JsonObject json) {
        final JsonFields fields = new JsonFields("scheduler_config.json", json);
        final String className = fields.text("_class_name", "");
        final SchedulerDefaults defaults = SchedulerDefaults.of(className);
        final int levels = fields.integer("num_train_timesteps", 1000);
        if (levels < 2 || levels > MAX_TIMESTEPS)
            throw fields.wrong("num_train_timesteps", "from 2 to " + MAX_TIMESTEPS);
        final List<Double> trained = fields.numbers("trained_betas");
        if (!trained.isEmpty() && trained.size() != levels)
            throw fields.wrong("trained_betas", "a list of num_train_timesteps = " + levels + " numbers");
        final boolean clip = fields.flag("clip_sample", defaults.clipSample());
        final boolean thresholding = fields.flag("thresholding", false);
        return new SchedulerConfig(
                className,
                levels,
                trained.isEmpty() ? schedule(fields, defaults) : "trained",
                beta(fields, "beta_start", defaults.betaStart()),
                beta(fields, "beta_end", defaults.betaEnd()),
                List.copyOf(trained),
                predictionType(fields),
                spacing(fields, defaults),
                fields.integer("steps_offset", 0),
                fields.flag("set_alpha_to_one", defaults.setAlphaToOne()),
                fields.flag("rescale_betas_zero_snr", false),
                clip,
                thresholding,
                variance(fields),
                notes(className, json, clip, thresholding, fields.text("variance_type", "")));
    }

    /** @return the noise schedule these numbers describe */
    public NoiseSchedule schedule() {
        final NoiseSchedule schedule =
                switch (betaSchedule) {
                    case "linear" -> NoiseSchedule.linear(numTrainTimesteps, betaStart, betaEnd);
                    case "scaled_linear" -> NoiseSchedule.scaledLinear(numTrainTimesteps, betaStart, betaEnd);
                    case "squaredcos_cap_v2" -> NoiseSchedule.squaredCosine(numTrainTimesteps);
                    default ->
                        NoiseSchedule.ofBetas(trainedBetas.stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray());
                };
        return rescaleBetasZeroSnr ? schedule.withZeroTerminalSnr() : schedule;
    }

    /**
     * @param steps number N of steps, from 2 to {@link #numTrainTimesteps()}
     * @return the N + 1 nodes that the file's own settings give
     * @throws IllegalArgumentException if the number of steps does not fit
     */
    public NodeGrid grid(final int steps) {
        return NodeGrid.of(schedule(), timestepSpacing, steps, stepsOffset, cleanNode(steps));
    }

    /**
     * The clean end the file asks for; the image itself where the cleanest trained
     * level is already a node, since the last step would then go nowhere.
     */
    private CleanNode cleanNode(final int steps) {
        final boolean firstLevelIsANode =
                steps > 0 && timestepSpacing.timesteps(steps, numTrainTimesteps, stepsOffset)[0] == 0;
        return setAlphaToOne || firstLevelIsANode ? CleanNode.NOISE_FREE : CleanNode.FIRST_LEVEL;
    }

    private static String schedule(final JsonFields fields, final SchedulerDefaults defaults) {
        final String name = fields.text("beta_schedule", defaults.betaSchedule());
        if (!List.of("linear", "scaled_linear", "squaredcos_cap_v2").contains(name))
            throw fields.wrong("beta_schedule", "linear, scaled_linear or squaredcos_cap_v2");
        return name;
    }

    private static double beta(final JsonFields fields, final String key, final double absent) {
        final double beta = fields.number(key, absent);
        if (!(beta > 0 && beta < 1)) throw fields.wrong(key, "between 0 and 1");
        return beta;
    }

    private static PredictionType predictionType(final JsonFields fields) {
        return switch (fields.text("prediction_type", "epsilon")) {
            case "epsilon" -> PredictionType.EPSILON;
            case "v_prediction" -> PredictionType.V_PREDICTION;
            case "sample" -> PredictionType.SAMPLE;
            default -> throw fields.wrong("prediction_type", "epsilon, v_prediction or sample");
        };
    }

    private static TimestepSpacing spacing(final JsonFields fields, final SchedulerDefaults defaults) {
        return switch (fields.text("timestep_spacing", defaults.timestepSpacing())) {
            case "leading" -> TimestepSpacing.LEADING;
            case "trailing" -> TimestepSpacing.TRAILING;
            case "linspace" -> TimestepSpacing.LINSPACE;
            default -> throw fields.wrong("timestep_spacing", "leading, trailing or linspace");
        };
    }

    /** NB: a learned variance needs a network that returns it as well, in further channels. */
    private static DdpmVariance variance(final JsonFields fields) {
        return switch (fields.text("variance_type", "fixed_small")) {
            case "fixed_small", "fixed_small_log", "learned", "learned_range" -> DdpmVariance.FIXED_SMALL;
            case "fixed_large", "fixed_large_log" -> DdpmVariance.FIXED_LARGE;
            default -> throw fields.wrong("variance_type", "fixed_small, fixed_large, learned or learned_range");
        };
    }

    private static List<String> notes(
            final String className,
            final JsonObject json,
            final boolean clip,
            final boolean thresholding,
            final String variance) {
        final List<String> notes = new ArrayList<>();
        if (!SchedulerDefaults.isKnown(className))
            notes.add("The scheduler " + (className.isEmpty() ? "is not named" : className + " is not known")
                    + "; only its noise schedule is used, absent keys as in DDIMScheduler.");
        if (!json.has("prediction_type"))
            notes.add("The scheduler does not say what the network predicts; epsilon is assumed.");
        if (clip || thresholding)
            notes.add("The model's own sampler clips the predicted image at every step. That cannot be undone, so it is"
                    + " not done here, and generated images differ from those of the model's own sampler.");
        if (variance.startsWith("learned"))
            notes.add("The model's own sampler takes the variance of its noise from the network; DDPM takes fixed_small"
                    + " here.");
        return List.copyOf(notes);
    }
}
