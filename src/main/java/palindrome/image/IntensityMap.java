package palindrome.image;

/**
 * The line between pixel values and the numbers a model reads: {@code number = (value - black) / gain - 1}, so that
 * {@code black} becomes -1 and {@code black + 2 * gain} becomes +1. Values outside that range are not clipped.
 *
 * @param black the value that becomes -1
 * @param gain the values per unit of number, positive
 */
public record IntensityMap(double black, double gain) {

    /** Maps 0..255 to [-1, 1]. */
    public static final IntensityMap FULL_8_BIT = new IntensityMap(0, 127.5);

    /** Where a constant 16-bit image leaves the range open, it gets as many grey levels as an 8-bit image has. */
    private static final double CONSTANT_RANGE_16_BIT = 255;

    public IntensityMap {
        if (!Double.isFinite(black) || !(gain > 0) || !Double.isFinite(gain)) {
            throw new IllegalArgumentException("An intensity map needs a finite black value and a positive gain, not "
                    + black + " and " + gain + ".");
        }
    }

    /**
     * The map of a plane: the full range for 8-bit and colour images, the display range for 16- and 32-bit ones. A
     * display range of zero width is replaced by the range of the pixels; a constant image becomes -1 everywhere,
     * which is how ImageJ shows it.
     *
     * @param displayMin the value shown black
     * @param displayMax the value shown white
     */
    public static IntensityMap of(PixelPlane plane, double displayMin, double displayMax) {
        if (plane.type() != PixelType.GRAY16 && plane.type() != PixelType.GRAY32) {
            return FULL_8_BIT;
        }
        if (isRange(displayMin, displayMax)) {
            return between(displayMin, displayMax);
        }
        double min = plane.value(0);
        double max = min;
        for (int i = 1; i < plane.size(); i++) {
            min = Math.min(min, plane.value(i));
            max = Math.max(max, plane.value(i));
        }
        if (isRange(min, max)) {
            return between(min, max);
        }
        if (plane.type() == PixelType.GRAY16) {
            double black = Math.min(min, plane.type().largestValue() - CONSTANT_RANGE_16_BIT);
            return between(black, black + CONSTANT_RANGE_16_BIT);
        }
        return between(min, min + (min == 0 ? 1 : Math.abs(min)));
    }

    private static IntensityMap between(double min, double max) {
        return new IntensityMap(min, (max - min) / 2);
    }

    private static boolean isRange(double min, double max) {
        return Double.isFinite(min) && max - min >= Double.MIN_NORMAL * 2 && Double.isFinite(max - min);
    }

    /** The number of a pixel value. */
    public double toNumber(double value) {
        return (value - black) / gain - 1;
    }

    /** The pixel value of a number, before any rounding. */
    public double toValue(double number) {
        return black + (number + 1) * gain;
    }
}
