package palindrome.train;

import ij.process.AutoThresholder;
import ij.process.ByteProcessor;

/**
 * How well the nuclei of a generated image lie where they were drawn.
 *
 * @param correlation Pearson's, of the grey levels with the drawing; of either sign
 * @param overlap intersection over union of what was drawn and what Otsu's threshold takes for nuclei
 */
record MaskAgreement(double correlation, double overlap) {

    /**
     * @param grey the generated image
     * @param drawing 0 or 1, of the same size
     * @param bright whether nuclei are brighter than the background, as in fluorescence, or darker
     */
    static MaskAgreement of(final ByteProcessor grey, final float[] drawing, final boolean bright) {
        final int threshold = new AutoThresholder().getThreshold(AutoThresholder.Method.Otsu, grey.getHistogram());
        int both = 0;
        int either = 0;
        for (int i = 0; i < drawing.length; i++) {
            final boolean nucleus = grey.get(i) > threshold == bright;
            final boolean drawn = drawing[i] > 0;
            if (nucleus && drawn) both++;
            if (nucleus || drawn) either++;
        }
        return new MaskAgreement(correlation(grey, drawing), (double) both / Math.max(1, either));
    }

    private static double correlation(final ByteProcessor grey, final float[] drawing) {
        double x = 0;
        double y = 0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < drawing.length; i++) {
            final double a = grey.get(i);
            final double b = drawing[i];
            x += a;
            y += b;
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }
        final double n = drawing.length;
        final double spread = Math.sqrt((xx - x * x / n) * (yy - y * y / n));
        return spread == 0 ? 0 : (xy - x * y / n) / spread;
    }
}
