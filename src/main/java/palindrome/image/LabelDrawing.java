package palindrome.image;

import ij.process.ByteProcessor;
import ij.process.ImageProcessor;

/**
 * A label map drawn as a control network sees it: objects are white, the background is black, and where two objects
 * touch, a black line one pixel wide keeps them apart, as ImageJ's watershed leaves it. A binary mask is drawn as it is.
 */
public final class LabelDrawing {

    private static final int WHITE = 255;
    /** Of objects of a few pixels that touch all around, a good half stays white. */
    private static final double LEAST_WHITE = 0.4;

    private static final int[][] LATER_NEIGHBOURS = {{1, 0}, {-1, 1}, {0, 1}, {1, 1}};

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
                if (label(labels, x, y) != 0 && !touchesAnother(labels, x, y)) drawing.set(x, y, WHITE);
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
        for (int i = 0; i < labels.getPixelCount(); i++) {
            if (labels.getf(i) != 0) objects++;
            if (drawing.get(i) != 0) white++;
        }
        if (objects == labels.getPixelCount() || white < LEAST_WHITE * objects)
            throw new IllegalArgumentException("'" + title + "' is no label image, in which the background is 0 and"
                    + " every object has one value: use a label image or a mask, or controlkind=image or edges.");
    }

    /** Only the first of two touching pixels becomes part of the line, so that it is one pixel wide. */
    private static boolean touchesAnother(final ImageProcessor labels, final int x, final int y) {
        for (final int[] step : LATER_NEIGHBOURS) {
            final int nextX = x + step[0];
            final int nextY = y + step[1];
            if (nextX < 0 || nextX >= labels.getWidth() || nextY >= labels.getHeight()) continue;
            final float next = label(labels, nextX, nextY);
            if (next != 0 && next != label(labels, x, y)) return true;
        }
        return false;
    }

    private static float label(final ImageProcessor labels, final int x, final int y) {
        // NB: of a colour image this is the colour without its unused highest byte.
        return labels.getf(x, y);
    }
}
