package palindrome.guide;

/**
 * Some steps of a way from noise to image, as shares of all: 0 is the beginning, 1 the end.
 *
 * @param from share at which it begins, from 0 to 1
 * @param to share at which it ends, from {@code from} to 1; no step if the two are equal
 */
public record StepWindow(double from, double to) {

    /** No step. */
    public static final StepWindow NONE = new StepWindow(0, 0);

    /** Every step. */
    public static final StepWindow ALL = new StepWindow(0, 1);

    public StepWindow {
        if (!(0 <= from && from <= to && to <= 1))
            throw new IllegalArgumentException("Steps from " + from + " to " + to
                    + " are no part of a way; use two shares from 0 to 1, the smaller one first.");
    }

    /** @return whether no step is in it, whatever their number */
    public boolean isEmpty() {
        return from == to;
    }

    /**
     * @param step counted from 0, the noisiest
     * @param count what a share of 1 stands for
     * @return whether the step is in it: from the whole part of {@code from · count} on, before that of {@code to · count}
     */
    boolean contains(final int step, final int count) {
        return (int) (from * count) <= step && step < (int) (to * count);
    }
}
