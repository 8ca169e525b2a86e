package palindrome.image;

import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

/**
 * A label map drawn as a control network sees it: objects are white, the background is black, and where two objects
 * touch, a black line one pixel wide keeps them apart, as ImageJ's watershed leaves it. A binary mask is drawn as it is.
 */
public final class LabelDrawing {

    private static final int WHITE = 255;
    /** Of objects of a few pixels that touch all around, a good half stays white. */
    private static final double LEAST_WHITE = 0.4;

    private static final int RGB = 0xffffff;

    private LabelDrawing() {}

    /**
     * @param labels any image; 0 (black) is background, every other value (colour) one object
     * @return the drawing, of the same size; no white pixels of two objects touch, not even at a corner
     */
    public static ByteProcessor of(final ImageProcessor labels) {
        final int width = labels.getWidth();
        final int height = labels.getHeight();
        final ByteProcessor drawing = new ByteProcessor(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                if (label(labels, x, y) != 0 && !touchesGreater(labels, x, y)) drawing.set(x, y, WHITE);
        return drawing;
    }

    /**
     * Refuses what is no label map, such as a photograph, whose drawing would be black lines all over.
     *
     * @param title names the image in the message
     * @throws IllegalArgumentException if there is no background, or hardly anything but borders
     */
    static void requireLabels(final String title, final ImageProcessor labels) {
        final ByteProcessor drawing = of(labels);
        int objects = 0;
        int white = 0;
        for (int y = 0; y < labels.getHeight(); y++)
            for (int x = 0; x < labels.getWidth(); x++) {
                if (label(labels, x, y) != 0) objects++;
                if (drawing.get(x, y) != 0) white++;
            }
        if (objects == labels.getPixelCount() || white < LEAST_WHITE * objects)
            throw new IllegalArgumentException("'" + title + "' is no label image, in which the background is 0 and"
                    + " every object has one value: use a label image or a mask, or controlkind=image or edges.");
    }

    /** Of two pixels that touch, the one with the smaller label becomes part of the line, so that it is one pixel wide. */
    private static boolean touchesGreater(final ImageProcessor labels, final int x, final int y) {
        final float own = label(labels, x, y);
        for (int nextY = Math.max(0, y - 1); nextY <= Math.min(labels.getHeight() - 1, y + 1); nextY++)
            for (int nextX = Math.max(0, x - 1); nextX <= Math.min(labels.getWidth() - 1, x + 1); nextX++)
                if (label(labels, nextX, nextY) > own) return true;
        return false;
    }

    private static float label(final ImageProcessor labels, final int x, final int y) {
        return labels instanceof ColorProcessor ? labels.get(x, y) & RGB : labels.getf(x, y);
    }
}
