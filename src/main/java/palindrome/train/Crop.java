package palindrome.train;

/**
 * A square piece of an image with the words that describe it.
 *
 * @param rgb red, green and blue plane, row-major, in [−1, 1]
 * @param caption what the prompt would be
 */
record Crop(float[] rgb, String caption) {}
