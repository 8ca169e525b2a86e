package palindrome.command;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.Calibration;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import java.util.Random;

/** Images of every type, blobs and noise, with a calibration to keep. */
enum TestImage {
    GRAY8,
    GRAY16,
    GRAY32,
    RGB,
    COLOR8;

    private static final int CHANNELS = 3;
    private static final int CURRENT_CHANNEL = 2;
    private static final int CURRENT_SLICE = 2;

    /** A new image, the same for the same size. */
    ImagePlus make(final int width, final int height) {
        final ImagePlus image = new ImagePlus("cells.tif", pixels(width, height, new Random(ordinal())));
        if (this == GRAY16) image.setDisplayRange(300, 4000);
        if (this == GRAY32) image.setDisplayRange(-0.5, 1.5);
        if (this == COLOR8) {
            image.getProcessor().setColorModel(palette());
            image.setTypeToColor256();
        }
        final Calibration calibration = new Calibration();
        calibration.pixelWidth = 0.325;
        calibration.pixelHeight = 0.325;
        calibration.setUnit("micron");
        image.setCalibration(calibration);
        return image;
    }

    /** A hyperstack of 3 channels and 2 slices whose current plane is neither the first nor the last. */
    static ImagePlus hyperstack(final int width, final int height) {
        final ImageStack stack = new ImageStack(width, height);
        for (int n = 0; n < 2 * CHANNELS; n++)
            stack.addSlice("plane " + n, GRAY16.pixels(width, height, new Random(100 + n)));
        final ImagePlus plain = new ImagePlus("series", stack);
        plain.setDimensions(CHANNELS, 2, 1);
        final CompositeImage image = new CompositeImage(plain, CompositeImage.COMPOSITE);
        image.setPosition(CURRENT_CHANNEL, CURRENT_SLICE, 1);
        image.setDisplayRange(100, 5000);
        return image;
    }

    /** The raw bits of the current plane. */
    static int[] bits(final ImagePlus image) {
        final ImageProcessor plane = image.getStack().getProcessor(image.getCurrentSlice());
        final int[] bits = new int[plane.getPixelCount()];
        for (int i = 0; i < bits.length; i++)
            bits[i] = plane instanceof FloatProcessor ? Float.floatToRawIntBits(plane.getf(i)) : plane.get(i);
        return bits;
    }

    private ImageProcessor pixels(final int width, final int height, final Random random) {
        final int size = width * height;
        final float[] values = new float[size];
        for (int i = 0; i < size; i++)
            values[i] = (float)
                    (0.5 + 0.4 * Math.sin(i % width / 3.0) * Math.cos(i / width / 4.0) + 0.05 * random.nextGaussian());
        switch (this) {
            case GRAY16:
                final short[] shorts = new short[size];
                for (int i = 0; i < size; i++) shorts[i] = (short) (65535 * Math.abs(values[i]) / 16);
                return new ShortProcessor(width, height, shorts, null);
            case GRAY32:
                return new FloatProcessor(width, height, values);
            case RGB:
                final int[] colours = new int[size];
                for (int i = 0; i < size; i++) {
                    final int grey = (int) Math.max(0, Math.min(255, 255 * values[i]));
                    colours[i] = 0xff000000 | grey << 16 | grey / 2 << 8 | random.nextInt(256);
                }
                return new ColorProcessor(width, height, colours);
            default:
                final byte[] bytes = new byte[size];
                for (int i = 0; i < size; i++) bytes[i] = (byte) Math.max(0, Math.min(255, 255 * values[i]));
                return new ByteProcessor(width, height, bytes);
        }
    }

    /** A palette with every colour twice, so that the index is not told by the colour. */
    private static LUT palette() {
        final byte[] ramp = new byte[256];
        final byte[] back = new byte[256];
        final byte[] half = new byte[256];
        for (int i = 0; i < 256; i++) {
            ramp[i] = (byte) (i / 2 * 2);
            back[i] = (byte) (255 - i / 2 * 2);
            half[i] = (byte) (i / 4 * 2);
        }
        return new LUT(ramp, back, half);
    }
}
