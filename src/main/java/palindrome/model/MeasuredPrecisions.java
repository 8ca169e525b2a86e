package palindrome.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fast both precisions were on this user's devices, in a small JSON file, so that each is measured once. A file
 * that cannot be read or written only costs another measurement.
 */
public final class MeasuredPrecisions {

    private static final Logger LOG = LoggerFactory.getLogger(MeasuredPrecisions.class);
    private static final String FILE = "precision.json";
    private static final String FLOAT32 = "float32Seconds";
    private static final String FLOAT16 = "float16Seconds";

    private final SettingsFile file;

    private MeasuredPrecisions(final Path folder) {
        file = new SettingsFile(folder.resolve(FILE));
    }

    /** @return those in the user's configuration folder */
    public static MeasuredPrecisions ofUser() {
        return in(ConfigurationFolder.ofUser());
    }

    /** @param folder made when something is first written */
    static MeasuredPrecisions in(final Path folder) {
        return new MeasuredPrecisions(folder);
    }

    /** @return where they are kept; there once something was measured */
    public Path file() {
        return file.file();
    }

    /**
     * @param device a device and the libtorch on it, in words that change when either does
     * @param measurement made where there is none yet, and then remembered
     * @return the timing of that device
     */
    public PrecisionTiming get(final String device, final Supplier<PrecisionTiming> measurement) {
        final Optional<PrecisionTiming> known = known(device);
        if (known.isPresent()) return known.get();
        final PrecisionTiming measured = measurement.get();
        remember(device, measured);
        return measured;
    }

    private Optional<PrecisionTiming> known(final String device) {
        final JsonElement entry = file.read().get(device);
        if (entry == null || !entry.isJsonObject()) return Optional.empty();
        try {
            return Optional.of(new PrecisionTiming(
                    entry.getAsJsonObject().get(FLOAT32).getAsDouble(),
                    entry.getAsJsonObject().get(FLOAT16).getAsDouble()));
        } catch (final RuntimeException exc) {
            LOG.warn("The entry of {} in {} is measured again; it is no pair of times.", device, file.file(), exc);
            return Optional.empty();
        }
    }

    private void remember(final String device, final PrecisionTiming timing) {
        final JsonObject entry = new JsonObject();
        entry.addProperty(FLOAT32, timing.float32());
        entry.addProperty(FLOAT16, timing.float16());
        file.update(all -> all.add(device, entry));
    }
}
