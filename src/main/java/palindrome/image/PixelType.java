package palindrome.image;

import ij.ImagePlus;

/** The five pixel types of ImageJ, and how many model channels and raw bits each has. */
public enum PixelType {
    /** 8-bit unsigned grey values. */
    GRAY8(ImagePlus.GRAY8, 255, "8-bit"),
    /** 16-bit unsigned grey values. */
    GRAY16(ImagePlus.GRAY16, 65535, "16-bit"),
    /** 32-bit floating-point values. */
    GRAY32(ImagePlus.GRAY32, Double.NaN, "32-bit"),
    /** 8-bit indices into a palette of colours. */
    COLOR_256(ImagePlus.COLOR_256, 255, "8-bit colour"),
    /** 24-bit colours in 32-bit integers, alpha in the highest byte. */
    COLOR_RGB(ImagePlus.COLOR_RGB, 255, "RGB");

    private final int imageJType;
    private final double largestValue;
    private final String words;

    PixelType(int imageJType, double largestValue, String words) {
        this.imageJType = imageJType;
        this.largestValue = largestValue;
        this.words = words;
    }

    /** The pixel type of an image. */
    public static PixelType of(ImagePlus image) {
        for (PixelType type : values()) {
            if (type.imageJType == image.getType()) {
                return type;
            }
        }
        throw new IllegalArgumentException("'" + image.getTitle() + "' has the pixel type " + image.getType()
                + ", which Palindrome does not know.");
    }

    /** Whether pixels are colours, so that the three model channels differ. */
    public boolean isColour() {
        return this == COLOR_256 || this == COLOR_RGB;
    }

    /** The largest value of a pixel or of one of its colours: 255 or 65535; NaN for {@link #GRAY32}, which has none. */
    public double largestValue() {
        return largestValue;
    }

    /** As ImageJ calls it: {@code 8-bit}, {@code 16-bit}, {@code 32-bit}, {@code 8-bit colour} or {@code RGB}. */
    @Override
    public String toString() {
        return words;
    }
}
