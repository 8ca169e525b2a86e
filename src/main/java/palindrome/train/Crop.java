package palindrome.train;

/**
 * A square piece of an image with the words that describe it.
 *
 * @param rgb red, green and blue plane, row-major, in [−1, 1]
 * @param caption what is on it
 */
record Crop(float[] rgb, Caption caption) {}
