package palindrome.sampler;

import java.util.Arrays;
import java.util.List;

/**
 * The scales of both states of a program before the first coupling (position 0),
 * and after each. Computed once, in plain Java, and read by both directions: a
 * scale that was multiplied and divided again would not come back the same.
 */
public final class ScaleTable {

    private final double[][] scales;

    private ScaleTable(final double[][] scales) {
        this.scales = scales;
    }

    /** A table of ones, for arithmetic without scales. */
    public static ScaleTable ones(final CouplingProgram program) {
        final double[][] scales = new double[program.couplings().size() + 1][2];
        for (final double[] row : scales) Arrays.fill(row, 1);
        return new ScaleTable(scales);
    }

    /**
     * Scales that absorb the factors of the couplings, so that these never touch
     * the stored numbers.
     *
     * @param anchor end at which both scales are 1
     */
    static ScaleTable following(final CouplingProgram program, final End anchor) {
        final List<Coupling> couplings = program.couplings();
        final double[][] scales = new double[couplings.size() + 1][];
        scales[0] = new double[] {1, 1};
        for (int k = 0; k < couplings.size(); k++) {
            scales[k + 1] = scales[k].clone();
            scales[k + 1][couplings.get(k).target()] *= couplings.get(k).scale();
        }
        if (anchor == End.CLEAN) {
            final double[] clean = scales[couplings.size()].clone();
            for (final double[] row : scales) for (int slot = 0; slot < 2; slot++) row[slot] /= clean[slot];
        }
        return new ScaleTable(scales);
    }

    /**
     * @param position number of couplings run in sampling order, from 0 to all
     * @param slot 0 or 1
     */
    public double scale(final int position, final int slot) {
        return scales[position][slot];
    }

    /** @return scales of slots 0 and 1 at an end of the program */
    List<Double> at(final End end) {
        final double[] row = scales[position(end)];
        return List.of(row[0], row[1]);
    }

    /** @return number of couplings run at that end */
    int position(final End end) {
        return end == End.NOISY ? 0 : scales.length - 1;
    }
}
