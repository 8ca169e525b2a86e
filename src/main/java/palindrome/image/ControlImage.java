package palindrome.image;

import ij.ImagePlus;
import ij.process.ColorProcessor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.real.DoubleType;

/** What a control network sees: 8-bit red, green and blue, drawn once and kept with whatever was made under it. */
public final class ControlImage {

    private static final int RGB = 0xffffff;

    private final String title;
    private final ControlKind kind;
    private final int width;
    private final int height;
    private final int[] pixels;

    private ControlImage(String title, ControlKind kind, int width, int height, int[] pixels) {
        this.title = title;
        this.kind = kind;
        this.width = width;
        this.height = height;
        this.pixels = pixels;
    }

    /**
     * Draws the current plane of an image.
     *
     * @throws IllegalArgumentException if the image has nothing of the kind
     */
    public static ControlImage of(ImagePlus image, ControlKind kind) {
        ColorProcessor drawn = kind.draw(image);
        int[] pixels = ((int[]) drawn.getPixels()).clone();
        for (int i = 0; i < pixels.length; i++) pixels[i] &= RGB;
        return new ControlImage(image.getTitle(), kind, drawn.getWidth(), drawn.getHeight(), pixels);
    }

    /**
     * A control image that was kept as numbers.
     *
     * @param values as {@link #values()} gave them
     * @throws IllegalArgumentException if they are not those of an image of that size
     */
    public static ControlImage of(String title, ControlKind kind, int width, int height, float[] values) {
        if (width < 1 || height < 1 || values.length != width * height)
            throw new IllegalArgumentException(
                    values.length + " values are no control image of " + width + " x " + height + ".");
        int[] pixels = new int[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (int) values[i];
            if (pixels[i] != values[i] || (pixels[i] & ~RGB) != 0)
                throw new IllegalArgumentException(values[i] + " is no pixel of a control image.");
        }
        return new ControlImage(title, kind, width, height, pixels);
    }

    /** The title of the image it was drawn from. */
    public String title() {
        return title;
    }

    /** What was drawn of that image. */
    public ControlKind kind() {
        return kind;
    }

    /** Pixels. */
    public int width() {
        return width;
    }

    /** Pixels. */
    public int height() {
        return height;
    }

    /** The pixels row by row, each 65536 red + 256 green + blue, which a float holds exactly. */
    public float[] values() {
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) values[i] = pixels[i];
        return values;
    }

    /** Numbers in [0, 1] with the axes X, Y and channel: red, green, blue. */
    public ArrayImg<DoubleType, DoubleArray> numbers() {
        double[] numbers = new double[3 * pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                numbers[channel * pixels.length + i] = (pixels[i] >> (16 - 8 * channel) & 0xff) / 255.0;
            }
        }
        return ArrayImgs.doubles(numbers, width, height, 3);
    }

    /** SHA-256 of size and pixels, as 64 lower-case hexadecimal digits. */
    public String sha256() {
        MessageDigest digest = Sha256.digest();
        digest.update((width + " " + height + "\n").getBytes(StandardCharsets.US_ASCII));
        ByteBuffer buffer = ByteBuffer.allocate(4 * pixels.length);
        buffer.asIntBuffer().put(pixels);
        digest.update(buffer.array());
        return Sha256.hex(digest);
    }

    /** A new RGB image of it, to look at. It is not shown. */
    public ImagePlus toImage(String newTitle) {
        return new ImagePlus(newTitle, new ColorProcessor(width, height, pixels.clone()));
    }
}
