package palindrome.model.hub;

import java.util.Locale;

/** Sizes as people write them, in steps of 1000, as disks are sold. */
public final class ByteText {

    private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};

    private ByteText() {}

    /**
     * @param bytes any size
     * @return such as {@code "3.4 GB"}
     */
    public static String of(final long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 99.5 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }
}
