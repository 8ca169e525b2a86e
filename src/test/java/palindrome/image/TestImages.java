package palindrome.image;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Random images of every type, salted with the extreme values of the type. */
final class TestImages {

    private static final int[][] SIZES = {{1, 1}, {3, 5}, {17, 9}, {64, 48}};
    private static final float[] EXTREME_FLOATS = {
        0f,
        -0f,
        1e-30f,
        1e30f,
        -1e30f,
        -7.25f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        3e-41f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        1f,
        0.1f,
        16777217f,
        Float.MIN_NORMAL
    };

    private TestImages() {}

    /** Type, width, height, seed. */
    static Stream<Arguments> typesAndSizes() {
        return Stream.of(PixelType.values()).flatMap(type -> Stream.of(SIZES)
                .flatMap(size -> IntStream.range(0, 3).mapToObj(seed -> Arguments.of(type, size[0], size[1], seed))));
    }

    /** A random image whose display range, for 16 and 32 bits, changes with the seed. */
    static ImagePlus random(PixelType type, int width, int height, int seed) {
        Random random = new Random(31L * seed + type.ordinal());
        ImagePlus image = new ImagePlus("random", pixels(type, width, height, random));
        switch (type) {
            case COLOR_256:
                image.getProcessor().setColorModel(paletteWithTwins(random));
                image.setTypeToColor256();
                break;
            case GRAY16:
                setRange(image, seed, new double[][] {{0, 65535}, {100, 400}, {7, 7}});
                break;
            case GRAY32:
                setRange(image, seed, new double[][] {{-1, 1}, {-3e38, 3e38}, {2, 2}});
                break;
            default:
        }
        return image;
    }

    private static void setRange(ImagePlus image, int seed, double[][] ranges) {
        image.setDisplayRange(ranges[seed % 3][0], ranges[seed % 3][1]);
    }

    private static ImageProcessor pixels(PixelType type, int width, int height, Random random) {
        int size = width * height;
        switch (type) {
            case GRAY16:
                short[] shorts = new short[size];
                for (int i = 0; i < size; i++) {
                    shorts[i] = (short) (i % 5 == 0 ? -random.nextInt(2) : random.nextInt());
                }
                return new ShortProcessor(width, height, shorts, null);
            case GRAY32:
                float[] floats = new float[size];
                for (int i = 0; i < size; i++) {
                    floats[i] = i % 3 == 0
                            ? EXTREME_FLOATS[random.nextInt(EXTREME_FLOATS.length)]
                            : (float) random.nextGaussian();
                }
                return new FloatProcessor(width, height, floats);
            case COLOR_RGB:
                int[] colours = random.ints(size).toArray();
                return new ColorProcessor(width, height, colours);
            default:
                byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                return new ByteProcessor(width, height, bytes);
        }
    }

    /** A palette in which many colours occur twice and more, as in GIF files. */
    static LUT paletteWithTwins(Random random) {
        byte[][] colours = new byte[3][256];
        for (byte[] channel : colours) {
            random.nextBytes(channel);
            for (int i = 0; i < 256; i += 2) {
                channel[i] = channel[255 - i];
            }
        }
        return new LUT(colours[0], colours[1], colours[2]);
    }
}
