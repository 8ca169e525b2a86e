package palindrome.edit;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.loops.LoopBuilder;
import net.imglib2.type.numeric.RealType;

/**
 * How far an image is from itself after a way there and back.
 *
 * @param max largest difference of two numbers
 * @param rms root of the mean squared difference
 */
public record RoundTripError(double max, double rms) {

    /** From black to white, in the model's numbers. */
    private static final double PEAK = 2;

    /** @return peak signal-to-noise ratio in dB, of the 2 from black to white; infinite if nothing is lost */
    public double psnr() {
        return rms == 0 ? Double.POSITIVE_INFINITY : 20 * Math.log10(PEAK / rms);
    }

    /**
     * @param image numbers that the way began with
     * @param back what came back, of the same size
     */
    public static RoundTripError of(
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final RandomAccessibleInterval<? extends RealType<?>> back) {
        final double[] sums = new double[3];
        LoopBuilder.setImages(image, back).forEachPixel((a, b) -> {
            final double difference = a.getRealDouble() - b.getRealDouble();
            sums[0] = Math.max(sums[0], Math.abs(difference));
            sums[1] += difference * difference;
            sums[2]++;
        });
        return new RoundTripError(sums[0], Math.sqrt(sums[1] / sums[2]));
    }
}
