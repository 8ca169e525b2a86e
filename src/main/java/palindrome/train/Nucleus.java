package palindrome.train;

import ij.process.ImageProcessor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One annotated nucleus.
 *
 * @param x centre in pixels
 * @param y centre in pixels
 * @param area in pixels
 * @param level mean 8-bit grey level
 */
record Nucleus(double x, double y, double area, double level) {

    /** Running sums of one label. */
    private static final class Sums {

        private double count;
        private double x;
        private double y;
        private double level;
    }

    /**
     * @param labels label map, 0 for background
     * @param grey the image, of the same size
     * @return a nucleus for each label
     */
    static List<Nucleus> measure(final ImageProcessor labels, final ImageProcessor grey) {
        final Map<Integer, Sums> byLabel = new TreeMap<>();
        for (int y = 0; y < labels.getHeight(); y++)
            for (int x = 0; x < labels.getWidth(); x++) {
                final int label = labels.get(x, y);
                if (label == 0) continue;
                final Sums sums = byLabel.computeIfAbsent(label, l -> new Sums());
                sums.count++;
                sums.x += x + 0.5;
                sums.y += y + 0.5;
                sums.level += grey.get(x, y);
            }
        return byLabel.values().stream()
                .map(s -> new Nucleus(s.x / s.count, s.y / s.count, s.count, s.level / s.count))
                .toList();
    }
}
