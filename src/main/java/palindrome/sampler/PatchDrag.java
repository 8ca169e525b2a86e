package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import palindrome.engine.Tensors;

/**
 * What a drag does to a noisy state: a square around a place is copied to another place, and noise is put where it was
 * (Nie et al. 2024, section 4.3):
 *
 * <pre>x(target) ← α·x(source),   x(source) ← β·x(source) + √(1 − β²)·ξ</pre>
 *
 * The source is written before the target, which wins where both lie over each other. Both squares are narrowed, side by
 * side, as far as it takes for both to lie in the state. With α = β = 1 and a target that is the source nothing changes.
 *
 * @param radius r, from 1 up; the squares reach from −r to r − 1 around their place
 * @param alpha α, above 0: how much stronger the copy is
 * @param beta β, from 0 to 1: how much of itself the source keeps
 */
public record PatchDrag(int radius, double alpha, double beta) {

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
    private final class Patch {

        private final DragShift shift;
        private final int columns;
        private final int rows;
        private final int left;
        private final int right;
        private final int up;
        private final int down;

        Patch(final DragShift shift, final int columns, final int rows) {
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

        int width() {
            return left + right;
        }

        int height() {
            return up + down;
        }

        void drag(final double[] values, final double[] fresh) {
            final double[] copied = new double[fresh.length];
            for (int i = 0; i < copied.length; i++) copied[i] = values[place(i, shift.fromX(), shift.fromY())];
            final double spread = Math.sqrt(1 - beta * beta);
            for (int i = 0; i < copied.length; i++)
                values[place(i, shift.fromX(), shift.fromY())] = beta * copied[i] + spread * fresh[i];
            for (int i = 0; i < copied.length; i++) values[place(i, shift.toX(), shift.toY())] = alpha * copied[i];
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
