package palindrome.evaluate;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

/**
 * How far an image is from a reference, pixel by pixel. RGB pixels count as three values; palette indices as the
 * numbers they are.
 *
 * @param maxDifference the largest absolute difference of two values
 * @param meanSquaredError the mean of the squared differences
 * @param psnr the peak signal-to-noise ratio in dB, {@code 10 log10(range^2 / meanSquaredError)}; infinite if all
 *     values are equal
 * @param range the value range the ratio refers to: 255 for 8-bit and RGB; for 16- and 32-bit what the reference spans,
 *     or 1 if it is constant
 * @param differentPixels the number of pixels whose bits differ, so that -0 and 0 count as different
 */
public record PixelComparison(
        double maxDifference, double meanSquaredError, double psnr, double range, long differentPixels) {

    /** Compares two planes of the same type and size. */
    public static PixelComparison of(ImageProcessor reference, ImageProcessor other) {
        Accumulator sums = new Accumulator();
        sums.add(reference, other);
        return sums.result();
    }

    /** Compares all planes of two images of the same type and size. */
    public static PixelComparison of(ImagePlus reference, ImagePlus other) {
        ImageStack a = reference.getStack();
        ImageStack b = other.getStack();
        if (reference.getType() != other.getType() || a.getSize() != b.getSize()) {
            throw new IllegalArgumentException("'" + reference.getTitle() + "' and '" + other.getTitle()
                    + "' differ in type or number of planes and cannot be compared.");
        }
        Accumulator sums = new Accumulator();
        for (int n = 1; n <= a.getSize(); n++) {
            sums.add(a.getProcessor(n), b.getProcessor(n));
        }
        return sums.result();
    }

    /** Whether all bits of all pixels are equal. */
    public boolean isIdentical() {
        return differentPixels == 0;
    }

    private static final class Accumulator {

        private double max;
        private double squares;
        private long values;
        private long different;
        private double low = Double.POSITIVE_INFINITY;
        private double high = Double.NEGATIVE_INFINITY;

        void add(ImageProcessor reference, ImageProcessor other) {
            if (reference.getClass() != other.getClass()
                    || reference.getWidth() != other.getWidth()
                    || reference.getHeight() != other.getHeight()) {
                throw new IllegalArgumentException(
                        "Images of " + describe(reference) + " and " + describe(other) + " cannot be compared.");
            }
            for (int i = 0; i < reference.getPixelCount(); i++) {
                int a = reference.get(i);
                int b = other.get(i);
                different += a == b ? 0 : 1;
                if (reference instanceof ColorProcessor) {
                    for (int shift = 0; shift <= 16; shift += 8) {
                        add(a >> shift & 0xff, b >> shift & 0xff);
                    }
                } else {
                    add(reference.getf(i), other.getf(i));
                }
            }
            if (reference instanceof ShortProcessor || reference instanceof FloatProcessor) {
                span(reference);
            } else {
                low = 0;
                high = 255;
            }
        }

        private void add(double a, double b) {
            // NB: equal infinities and equal NaNs are no difference, though their subtraction is NaN.
            double difference = Double.compare(a, b) == 0 ? 0 : Math.abs(a - b);
            max = Math.max(max, difference);
            squares += difference * difference;
            values++;
        }

        private void span(ImageProcessor reference) {
            for (int i = 0; i < reference.getPixelCount(); i++) {
                double value = reference.getf(i);
                if (Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }

        PixelComparison result() {
            double range = high > low ? high - low : 1;
            double mse = squares / values;
            double psnr = squares == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(range * range / mse);
            return new PixelComparison(max, mse, psnr, range, different);
        }

        private static String describe(ImageProcessor processor) {
            return processor.getBitDepth() + " bits " + processor.getWidth() + " x " + processor.getHeight();
        }
    }
}
