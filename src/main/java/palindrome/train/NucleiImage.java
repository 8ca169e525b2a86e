package palindrome.train;

import ij.process.ColorProcessor;

/**
 * One annotated microscopy image.
 *
 * @param name file name
 * @param modality {@code fluorescence}, {@code brightfield} or
 *          {@code histology}
 * @param density nuclei in an area of 256 × 256 pixels
 * @param nucleusArea mean area of a nucleus in pixels; 0 if there is none
 * @param nucleusLevel mean 8-bit grey level inside nuclei
 * @param pixels the image as RGB
 */
record NucleiImage(
        String name, String modality, double density, double nucleusArea, double nucleusLevel, ColorProcessor pixels) {}
