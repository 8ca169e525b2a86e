package palindrome.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Precision;
import palindrome.engine.TorchEngine;
import palindrome.guide.GuidanceEvaluation;

/**
 * All that has to be the same for a network to give the same bits. Kept with every result.
 *
 * @param device words that ask for the device: {@code cpu}, {@code gpu:0} or {@code mps}
 * @param precision of the denoising network
 * @param guidance how the two evaluations of guidance are made
 * @param autoencoder how the autoencoder takes an image, if the model has one
 * @param pytorch version of libtorch
 * @param threads it computes with on the CPU
 * @param platform operating system and processor
 */
public record ComputeRuntime(
        String device,
        Precision precision,
        GuidanceEvaluation guidance,
        AutoencoderTiling autoencoder,
        String pytorch,
        int threads,
        String platform) {

    public ComputeRuntime {
        // NB: Gson makes null of a word that it does not know.
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(guidance, "guidance");
        Objects.requireNonNull(autoencoder, "autoencoder");
    }

    /** @return this program on this computer, in a configuration */
    static ComputeRuntime of(final RunConfiguration configuration) {
        final TorchEngine engine = TorchEngine.start();
        return new ComputeRuntime(
                configuration.device().name(),
                configuration.precision(),
                configuration.guidance(),
                configuration.autoencoder(),
                engine.version(),
                engine.threads(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    /**
     * The configuration to reconstruct in. What was recorded is used; only who names a device gets another one, and on
     * a CPU float32 where another device computed in float16.
     *
     * @param request a device, or {@code auto} for the recorded one
     * @throws IllegalArgumentException if the recorded device is not here, or the one named
     */
    public RunConfiguration configurationOn(final String request) {
        final DeviceChoice chosen =
                request.strip().equalsIgnoreCase(DeviceChoice.AUTO) ? recordedDevice() : DeviceChoice.of(request);
        return RunConfiguration.of(chosen)
                .with(chosen.isCpu() && !device.equals(chosen.name()) ? Precision.FLOAT32 : precision)
                .with(guidance)
                .with(autoencoder);
    }

    private DeviceChoice recordedDevice() {
        try {
            return DeviceChoice.of(device);
        } catch (final IllegalArgumentException exc) {
            throw new IllegalArgumentException(
                    "The latent was made on " + device + " (" + platform + "), which is not here. Reconstruct it there"
                            + " for every bit, or use device=cpu for nearly the same image.",
                    exc);
        }
    }

    /** @return what differs from another runtime, each such as {@code "device gpu:0 there, cpu here"}; empty if nothing */
    public List<String> differencesTo(final ComputeRuntime here) {
        final List<String> differences = new ArrayList<>();
        compare("device", device, here.device, differences);
        compare("precision", precision.label(), here.precision.label(), differences);
        compare("guidance", word(guidance), word(here.guidance), differences);
        compare("autoencoder", word(autoencoder), word(here.autoencoder), differences);
        compare("PyTorch", pytorch, here.pytorch, differences);
        compare("threads", String.valueOf(threads), String.valueOf(here.threads), differences);
        compare("platform", platform, here.platform, differences);
        return differences;
    }

    private static void compare(
            final String what, final String there, final String here, final List<String> differences) {
        if (!there.equals(here)) differences.add(what + " " + there + " there, " + here + " here");
    }

    private static String word(final Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return device + ", " + precision.label() + " network, " + word(guidance) + " guidance"
                + (autoencoder == AutoencoderTiling.TILED ? ", tiled autoencoder" : "") + ", PyTorch " + pytorch + ", "
                + threads + " threads, " + platform;
    }
}
