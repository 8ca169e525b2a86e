package palindrome.train;

/**
 * A square piece of an image with the words that describe it and the drawing of its nuclei.
 *
 * @param rgb red, green and blue plane, row-major, in [−1, 1]
 * @param caption what is on it
 * @param drawing its nuclei as a {@link palindrome.image.LabelDrawing}, row-major, 0 or 1
 */
record Crop(float[] rgb, Caption caption, float[] drawing) {}
