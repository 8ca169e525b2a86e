package palindrome.image;

import java.util.Objects;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;

/**
 * Turns pixels into the numbers a model reads and back. Numbers form an image with the axes X, Y and channel (red,
 * green, blue), mostly within [-1, 1]; grey pixels have the same number in all three channels.
 *
 * <p>Encoded numbers are multiples of {@link #SPACING}, so that a sampler's integer lattice holds them without
 * rounding, and their magnitude is at most {@link #LIMIT}. What {@code decode(encode(p))} therefore does not return is
 * the {@link Residual}.
 *
 * @param type the pixel type that is encoded and decoded
 * @param map grey values or 0..255 colours to numbers
 * @param palette the colours of {@link PixelType#COLOR_256}, otherwise null
 */
public record PixelCodec(PixelType type, IntensityMap map, Palette palette) {

    /** Encoded numbers are multiples of this. */
    public static final double SPACING = 0x1p-24;

    /**
     * The largest magnitude of an encoded number. Far beyond a display range, yet small enough for a network in single
     * precision: one hot pixel of 1e30 would otherwise turn the whole image into NaN.
     */
    public static final double LIMIT = 1024;

    private static final int CHANNELS = 3;
    private static final int OPAQUE = 0xff000000;

    public PixelCodec {
        Objects.requireNonNull(type);
        Objects.requireNonNull(map);
        if ((type == PixelType.COLOR_256) != (palette != null)) {
            throw new IllegalArgumentException("8-bit colour images, and no others, need a palette to decode with.");
        }
    }

    /** The codec of RGB images, for images that have no original. */
    public static PixelCodec rgb() {
        return new PixelCodec(PixelType.COLOR_RGB, IntensityMap.FULL_8_BIT, null);
    }

    /** The codec of 8-bit grey images, for images that have no original. */
    public static PixelCodec gray8() {
        return new PixelCodec(PixelType.GRAY8, IntensityMap.FULL_8_BIT, null);
    }

    /** The numbers of a plane: width x height x 3. */
    public ArrayImg<DoubleType, DoubleArray> encode(PixelPlane plane) {
        if (plane.type() != type) {
            throw new IllegalArgumentException("A " + type + " codec cannot encode a " + plane.type() + " image.");
        }
        int size = plane.size();
        double[] numbers = new double[CHANNELS * size];
        int[] colours = palette == null ? null : palette.colours();
        for (int i = 0; i < size; i++) {
            int pixel = plane.bits(i);
            int colour = colours == null ? pixel : colours[pixel];
            for (int c = 0; c < CHANNELS; c++) {
                double value = type.isColour() ? colour >> 8 * (CHANNELS - 1 - c) & 0xff : plane.value(i);
                numbers[c * size + i] = onLattice(map.toNumber(value));
            }
        }
        return ArrayImgs.doubles(numbers, plane.width(), plane.height(), CHANNELS);
    }

    private static double onLattice(double number) {
        return Math.rint(Math.max(-LIMIT, Math.min(LIMIT, number)) / SPACING) * SPACING;
    }

    /**
     * The pixels of numbers: integer types are rounded and clamped, grey is the mean of the channels, a palette index
     * is that of the nearest colour.
     *
     * @param numbers width x height x 3
     * @throws IllegalArgumentException if the shape does not fit or a number is NaN or infinite
     */
    public PixelPlane decode(RandomAccessibleInterval<? extends RealType<?>> numbers) {
        double[] values = flatten(numbers);
        int width = (int) numbers.dimension(0);
        int height = (int) numbers.dimension(1);
        int size = width * height;
        int[] bits = new int[size];
        Palette.NearestEntry nearest = palette == null ? null : new Palette.NearestEntry(palette);
        for (int i = 0; i < size; i++) {
            bits[i] = decodePixel(values[i], values[size + i], values[2 * size + i], nearest);
        }
        return PixelPlane.wrap(type, width, height, bits);
    }

    private int decodePixel(double red, double green, double blue, Palette.NearestEntry nearest) {
        if (type.isColour()) {
            int colour = integer(red) << 16 | integer(green) << 8 | integer(blue);
            return nearest == null ? OPAQUE | colour : nearest.of(colour);
        }
        double grey = (red + green + blue) / CHANNELS;
        if (type == PixelType.GRAY32) {
            double value = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, map.toValue(grey)));
            return Float.floatToRawIntBits((float) value);
        }
        return integer(grey);
    }

    private int integer(double number) {
        return (int) Math.max(0, Math.min(type.largestValue(), Math.rint(map.toValue(number))));
    }

    /**
     * The pixels of an edited image. Where an edit left all three numbers of a pixel alone, the pixel is the original
     * one, bit for bit; elsewhere it is decoded.
     *
     * @param edited width x height x 3
     * @param original what {@link #encode} returned for {@code originalPixels}
     */
    public PixelPlane decodeEdited(
            RandomAccessibleInterval<? extends RealType<?>> edited,
            RandomAccessibleInterval<? extends RealType<?>> original,
            PixelPlane originalPixels) {
        PixelPlane decoded = decode(edited);
        double[] after = flatten(edited);
        double[] before = flatten(original);
        int size = decoded.size();
        if (before.length != after.length || originalPixels.size() != size || originalPixels.type() != type) {
            throw new IllegalArgumentException(
                    "The edited image is " + decoded + ", the original " + originalPixels + ".");
        }
        int[] bits = new int[size];
        for (int i = 0; i < size; i++) {
            boolean same = true;
            for (int c = 0; c < CHANNELS; c++) {
                same &= after[c * size + i] == before[c * size + i];
            }
            bits[i] = same ? originalPixels.bits(i) : decoded.bits(i);
        }
        return PixelPlane.wrap(type, decoded.width(), decoded.height(), bits);
    }

    private static double[] flatten(RandomAccessibleInterval<? extends RealType<?>> numbers) {
        if (numbers.numDimensions() != 3 || numbers.dimension(2) != CHANNELS) {
            throw new IllegalArgumentException("Model numbers have the axes X, Y and 3 channels.");
        }
        double[] values = new double[(int) (numbers.dimension(0) * numbers.dimension(1) * CHANNELS)];
        int i = 0;
        int bad = 0;
        for (RealType<?> number : Views.flatIterable(numbers)) {
            values[i] = number.getRealDouble();
            bad += Double.isFinite(values[i]) ? 0 : 1;
            i++;
        }
        if (bad > 0) {
            throw new IllegalArgumentException("The model returned " + bad + " of " + values.length
                    + " numbers as NaN or infinite; use fewer steps, less guidance or another sampler.");
        }
        return values;
    }
}
