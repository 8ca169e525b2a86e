package palindrome.image;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * An immutable copy of the pixels of one plane, each as the raw bits ImageJ stores: a value of 0 to 255 (8-bit, palette
 * index), of 0 to 65535 (16-bit), the bits of a finite float (32-bit), or an ARGB integer. Two planes are equal when
 * they have the same type, size and bits.
 */
public final class PixelPlane {

    private final PixelType type;
    private final int width;
    private final int height;
    private final int[] bits;

    /**
     * Copies raw pixels.
     *
     * @param bits {@code width * height} pixels, row by row
     * @throws IllegalArgumentException if the number of pixels does not fit, or if a 32-bit pixel is NaN or infinite
     */
    public PixelPlane(PixelType type, int width, int height, int[] bits) {
        this(type, width, height, bits.clone(), "The image");
    }

    private PixelPlane(PixelType type, int width, int height, int[] bits, String subject) {
        if (width < 1 || height < 1 || bits.length != width * height) {
            throw new IllegalArgumentException(subject + " has " + bits.length + " pixels, which is not a plane of "
                    + width + " x " + height + ".");
        }
        this.type = type;
        this.width = width;
        this.height = height;
        this.bits = bits;
        requireFinite(subject);
    }

    /**
     * Copies the current plane of an image; of a composite image, the current channel.
     *
     * @throws IllegalArgumentException if there are no pixels, or if some are NaN or infinite
     */
    public static PixelPlane of(ImagePlus image) {
        ImageProcessor processor = currentPlane(image);
        if (processor == null) {
            throw new IllegalArgumentException("'" + image.getTitle() + "' has no pixels; open an image first.");
        }
        return new PixelPlane(
                PixelType.of(image),
                processor.getWidth(),
                processor.getHeight(),
                rawBits(processor),
                "'" + image.getTitle() + "'");
    }

    /** Takes over an array that nobody else keeps. */
    static PixelPlane wrap(PixelType type, int width, int height, int[] bits) {
        return new PixelPlane(type, width, height, bits, "The image");
    }

    // NB: a composite image's own processor may be the rendering of another channel, its stack's never is.
    private static ImageProcessor currentPlane(ImagePlus image) {
        if (image instanceof CompositeImage) {
            return image.getStack().getProcessor(image.getCurrentSlice());
        }
        return image.getProcessor();
    }

    private static int[] rawBits(ImageProcessor processor) {
        int[] bits = new int[processor.getWidth() * processor.getHeight()];
        if (processor instanceof FloatProcessor) {
            float[] pixels = (float[]) processor.getPixels();
            for (int i = 0; i < bits.length; i++) {
                bits[i] = Float.floatToRawIntBits(pixels[i]);
            }
        } else {
            // NB: get(i) of integer types is the unsigned value, of colour images the whole ARGB integer.
            for (int i = 0; i < bits.length; i++) {
                bits[i] = processor.get(i);
            }
        }
        return bits;
    }

    private void requireFinite(String subject) {
        if (type != PixelType.GRAY32) {
            return;
        }
        int nan = 0;
        int infinite = 0;
        for (int bit : bits) {
            float value = Float.intBitsToFloat(bit);
            if (Float.isNaN(value)) {
                nan++;
            } else if (Float.isInfinite(value)) {
                infinite++;
            }
        }
        if (nan + infinite > 0) {
            throw new IllegalArgumentException(
                    subject + " has " + nan + " NaN and " + infinite + " infinite pixels out of "
                            + bits.length + ", which a model cannot read; replace them first, for instance with"
                            + " Process>Noise>Remove NaNs or Process>Math>Max.");
        }
    }

    /** The pixel type. */
    public PixelType type() {
        return type;
    }

    /** The width in pixels. */
    public int width() {
        return width;
    }

    /** The height in pixels. */
    public int height() {
        return height;
    }

    /** The number of pixels. */
    public int size() {
        return bits.length;
    }

    /** The raw bits of pixel {@code i}, counted row by row. */
    public int bits(int i) {
        return bits[i];
    }

    /** The grey value or palette index of pixel {@code i}; of a colour pixel, the ARGB integer. */
    public double value(int i) {
        return type == PixelType.GRAY32 ? Float.intBitsToFloat(bits[i]) : bits[i];
    }

    /** A new processor with these pixels and ImageJ's default look-up table. */
    public ImageProcessor toProcessor() {
        switch (type) {
            case GRAY8:
            case COLOR_256:
                byte[] bytes = new byte[bits.length];
                for (int i = 0; i < bits.length; i++) {
                    bytes[i] = (byte) bits[i];
                }
                return new ByteProcessor(width, height, bytes);
            case GRAY16:
                short[] shorts = new short[bits.length];
                for (int i = 0; i < bits.length; i++) {
                    shorts[i] = (short) bits[i];
                }
                return new ShortProcessor(width, height, shorts, null);
            case GRAY32:
                float[] floats = new float[bits.length];
                for (int i = 0; i < bits.length; i++) {
                    floats[i] = Float.intBitsToFloat(bits[i]);
                }
                return new FloatProcessor(width, height, floats);
            default:
                return new ColorProcessor(width, height, bits.clone());
        }
    }

    /** SHA-256 of type, size and bits, as 64 lower-case hexadecimal digits: the same pixels have the same hash. */
    public String sha256() {
        return sha256(type, width, height, bits);
    }

    /** The hash of a plane of an image, counted from 1, whatever its values: the same as {@link #sha256()}. */
    public static String sha256Of(ImagePlus image, int plane) {
        ImageProcessor processor = plane == image.getCurrentSlice()
                ? currentPlane(image)
                : image.getStack().getProcessor(plane);
        return sha256(PixelType.of(image), processor.getWidth(), processor.getHeight(), rawBits(processor));
    }

    private static String sha256(PixelType type, int width, int height, int[] bits) {
        MessageDigest digest = Sha256.digest();
        digest.update((type + " " + width + " " + height + "\n").getBytes(StandardCharsets.US_ASCII));
        ByteBuffer buffer = ByteBuffer.allocate(4 * width);
        for (int y = 0; y < height; y++) {
            buffer.clear();
            for (int x = 0; x < width; x++) {
                buffer.putInt(bits[y * width + x]);
            }
            digest.update(buffer.array());
        }
        return Sha256.hex(digest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PixelPlane that
                && type == that.type
                && width == that.width
                && height == that.height
                && Arrays.equals(bits, that.bits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bits);
    }

    @Override
    public String toString() {
        return type + " " + width + " x " + height;
    }
}
