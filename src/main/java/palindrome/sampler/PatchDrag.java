package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import palindrome.engine.Tensors;

/**
 * What a drag does to a noisy state: a square around a place is copied to another place, and noise is put where it was
 * (Nie et al. 2024, section 4.3):
 *
 * <pre>x(target) ← α·x(source),   x(source) ← β·x(source) + (1 − β)·μ + √(1 − β²)·ξ</pre>
 *
 * where the paper has no μ ({@link Fill}). The source is written before the target, which wins where both lie over each other. Both squares are narrowed, side by
 * side, as far as it takes for both to lie in the state. With α = β = 1 and a target that is the source nothing changes.
 *
 * @param radius r, from 1 up; the squares reach from −r to r − 1 around their place
 * @param alpha α, above 0: how much stronger the copy is
 * @param beta β, from 0 to 1: how much of itself the source keeps
 * @param fill what the source's noise lies around
 */
public record PatchDrag(int radius, double alpha, double beta, Fill fill) {

    /** Width in places of the frame that tells what surrounds a source. */
    private static final int FRAME = 3;

    /** What the noise lies around that a source is filled with: μ, one number a channel. */
    public enum Fill {
        /** 0, as in the paper: right for states whose mean is about 0 everywhere, as those of latent models nearly are. */
        ZERO {
            @Override
            double mean(final Patch patch, final double[] values, final int channel) {
                return 0;
            }
        },
        /**
         * The mean of the noisy state around the source. Pixels of a dark background are far from 0, which is mid-grey:
         * noise around 0 is a grey spot, and models make something of it.
         */
        SURROUNDINGS {
            @Override
            double mean(final Patch patch, final double[] values, final int channel) {
                return patch.meanOfFrame(values, channel);
            }
        };

        abstract double mean(Patch patch, double[] values, int channel);
    }

    public PatchDrag {
        if (radius < 1)
            throw new IllegalArgumentException("A drag's radius is " + radius + " places; use 1 or more, usually 5.");
        if (!(alpha > 0) || Double.isInfinite(alpha))
            throw new IllegalArgumentException("Alpha is " + alpha + "; use a number above 0, usually 1.1.");
        if (!(beta >= 0 && beta <= 1))
            throw new IllegalArgumentException("Beta is " + beta + "; use a number from 0 to 1, usually 0.3.");
    }

    /**
     * @param state float64 [1, C, H, W], neither changed nor closed
     * @param shifts one after the other on the same state, with both places in it
     * @param noise of the sources
     * @return the state after the drag, in the same manager
     * @throws IllegalArgumentException if a place lies outside of the state
     */
    NDArray applyTo(final NDArray state, final List<DragShift> shifts, final NoiseSource noise) {
        final long[] shape = state.getShape().getShape();
        final double[] values = state.toDoubleArray();
        for (final DragShift shift : shifts) {
            final Patch patch = new Patch(shift, (int) shape[3], (int) shape[2]);
            final double[] fresh;
            try (NDManager scope = state.getManager().newSubManager()) {
                fresh = noise.draw(scope, 1, shape[1], patch.height(), patch.width())
                        .toDoubleArray();
            }
            patch.drag(values, fresh);
        }
        return Tensors.of(state.getManager(), values, shape);
    }

    /** Two squares of the same size in every channel of a state. */
    final class Patch {

        private final DragShift shift;
        private final int columns;
        private final int rows;
        private final int left;
        private final int right;
        private final int up;
        private final int down;

        private Patch(final DragShift shift, final int columns, final int rows) {
            this.shift = shift;
            this.columns = columns;
            this.rows = rows;
            left = Math.min(radius, Math.min(shift.fromX(), shift.toX()));
            up = Math.min(radius, Math.min(shift.fromY(), shift.toY()));
            right = Math.min(radius, columns - Math.max(shift.fromX(), shift.toX()));
            down = Math.min(radius, rows - Math.max(shift.fromY(), shift.toY()));
            if (left < 0 || up < 0 || right < 1 || down < 1)
                throw new IllegalArgumentException("The drag " + shift + " leaves a state of " + columns + " × " + rows
                        + " places; keep both ends inside.");
        }

        private int width() {
            return left + right;
        }

        private int height() {
            return up + down;
        }

        private void drag(final double[] values, final double[] fresh) {
            final double[] copied = new double[fresh.length];
            for (int i = 0; i < copied.length; i++) copied[i] = values[place(i, shift.fromX(), shift.fromY())];
            final int area = width() * height();
            final double[] means = new double[copied.length / area];
            for (int channel = 0; channel < means.length; channel++)
                means[channel] = (1 - beta) * fill.mean(this, values, channel);
            final double spread = Math.sqrt(1 - beta * beta);
            for (int i = 0; i < copied.length; i++)
                values[place(i, shift.fromX(), shift.fromY())] = beta * copied[i] + means[i / area] + spread * fresh[i];
            for (int i = 0; i < copied.length; i++) values[place(i, shift.toX(), shift.toY())] = alpha * copied[i];
        }

        /** @return mean of a frame around the source, or 0 where the source is the whole state */
        private double meanOfFrame(final double[] values, final int channel) {
            double sum = 0;
            int count = 0;
            for (int y = Math.max(0, top() - FRAME); y < Math.min(rows, bottom() + FRAME); y++)
                for (int x = Math.max(0, first() - FRAME); x < Math.min(columns, end() + FRAME); x++)
                    if (y < top() || y >= bottom() || x < first() || x >= end()) {
                        sum += values[(channel * rows + y) * columns + x];
                        count++;
                    }
            return count == 0 ? 0 : sum / count;
        }

        private int top() {
            return shift.fromY() - up;
        }

        private int bottom() {
            return shift.fromY() + down;
        }

        private int first() {
            return shift.fromX() - left;
        }

        private int end() {
            return shift.fromX() + right;
        }

        /** @return where in the state the number {@code i} of a square around a place lies */
        private int place(final int i, final int x, final int y) {
            final int column = i % width();
            final int row = i / width() % height();
            final int channel = i / (width() * height());
            return (channel * rows + y - up + row) * columns + x - left + column;
        }
    }
}
