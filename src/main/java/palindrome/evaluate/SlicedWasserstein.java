package palindrome.evaluate;

import java.util.Random;

/**
 * The sliced Wasserstein-1 distance of two clouds of points (Rabin et al., "Wasserstein Barycenter and Its Application
 * to Texture Mixing", 2011): the mean, over random directions, of the Wasserstein distance of the projections. Unlike
 * the distance of two means or covariances it is 0 only for equal distributions, it needs no network that was trained
 * on other images, and it can be estimated from few of them.
 */
final class SlicedWasserstein {

    private final int directions;
    private final long seed;

    /**
     * @param directions how many random directions, at least 1
     * @param seed of the directions: the same seed, the same directions
     */
    SlicedWasserstein(final int directions, final long seed) {
        this.directions = directions;
        this.seed = seed;
    }

    /**
     * @param a points [n][d]
     * @param b points [m][d]
     * @return the distance, in the unit of the coordinates; copies shifted by v have |v| times the mean |cos| of a
     *         random angle, 2/π in the plane
     */
    double distance(final double[][] a, final double[][] b) {
        final Random random = new Random(seed);
        double sum = 0;
        for (int k = 0; k < directions; k++) {
            final double[] direction = direction(random, a[0].length);
            sum += Wasserstein.distance(projected(a, direction), projected(b, direction));
        }
        return sum / directions;
    }

    private static double[] direction(final Random random, final int dimensions) {
        final double[] direction = new double[dimensions];
        double squares = 0;
        for (int d = 0; d < dimensions; d++) {
            direction[d] = random.nextGaussian();
            squares += direction[d] * direction[d];
        }
        for (int d = 0; d < dimensions; d++) direction[d] /= Math.sqrt(squares);
        return direction;
    }

    private static double[] projected(final double[][] points, final double[] direction) {
        final double[] projections = new double[points.length];
        for (int i = 0; i < points.length; i++)
            for (int d = 0; d < direction.length; d++) projections[i] += points[i][d] * direction[d];
        return projections;
    }
}
