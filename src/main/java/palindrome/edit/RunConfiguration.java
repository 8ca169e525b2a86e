package palindrome.edit;

import java.util.Locale;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Precision;
import palindrome.guide.GuidanceEvaluation;
import palindrome.model.MeasuredPrecisions;
import palindrome.model.PrecisionChoice;

/**
 * How the networks of a run compute: what can be exchanged for less memory without changing what is computed, up to
 * rounding. Another one gives other bits, so an exact run keeps one from its beginning to its end.
 *
 * @param device where the networks run
 * @param precision of the denoising network
 * @param mayChangePrecision whether the precision was left to this program
 * @param guidance how the two evaluations of guidance are made
 * @param autoencoder how the autoencoder takes an image, if the model has one
 */
public record RunConfiguration(
        DeviceChoice device,
        Precision precision,
        boolean mayChangePrecision,
        GuidanceEvaluation guidance,
        AutoencoderTiling autoencoder) {

    /**
     * What is best where there is memory enough.
     *
     * @param device as in {@link DeviceChoice#of(String)}
     * @param precision {@code auto}, {@code float32} or {@code float16}; with {@code auto}, a GPU that is used for the
     *          first time is measured, which takes some seconds
     * @param progress told of the measurement
     * @throws IllegalArgumentException if the device is not there, or does not go with the precision
     */
    public static RunConfiguration of(final String device, final String precision, final Progress progress) {
        final DeviceChoice chosen = DeviceChoice.of(device);
        final PrecisionChoice typed = PrecisionChoice.of(precision, chosen, MeasuredPrecisions.ofUser(), () -> {
            progress.stage("Measuring the precisions of " + chosen.name() + ", once");
            progress.checkCanceled();
        });
        return on(chosen, typed.precision(), typed.isAutomatic());
    }

    private static RunConfiguration on(
            final DeviceChoice device, final Precision precision, final boolean mayChangePrecision) {
        return new RunConfiguration(
                device,
                precision,
                mayChangePrecision,
                device.isCpu() ? GuidanceEvaluation.SEQUENTIAL : GuidanceEvaluation.BATCHED,
                AutoencoderTiling.WHOLE);
    }

    /** The usual one of a device, in float32. */
    public static RunConfiguration of(final DeviceChoice device) {
        return on(device, Precision.FLOAT32, false);
    }

    /** @return this with another way to evaluate guidance */
    public RunConfiguration with(final GuidanceEvaluation evaluation) {
        return new RunConfiguration(device, precision, mayChangePrecision, evaluation, autoencoder);
    }

    /** @return this with another way to take images */
    public RunConfiguration with(final AutoencoderTiling tiling) {
        return new RunConfiguration(device, precision, mayChangePrecision, guidance, tiling);
    }

    /** @return this in another precision */
    public RunConfiguration with(final Precision other) {
        return new RunConfiguration(device, other, mayChangePrecision, guidance, autoencoder);
    }

    /** @return this on the CPU, in float32, for a reason that is a sentence */
    public RunConfiguration onCpu(final String why) {
        return new RunConfiguration(
                device.insteadCpu(why),
                Precision.FLOAT32,
                mayChangePrecision,
                GuidanceEvaluation.SEQUENTIAL,
                autoencoder);
    }

    /** For messages: device, precision, and what differs from the ordinary. */
    @Override
    public String toString() {
        return device.name() + ", " + precision.label() + ", "
                + guidance.name().toLowerCase(Locale.ROOT) + " guidance"
                + (autoencoder == AutoencoderTiling.TILED ? ", tiled autoencoder" : "");
    }
}
