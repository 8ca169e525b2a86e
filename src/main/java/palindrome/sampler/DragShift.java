package palindrome.sampler;

/**
 * From one place of a state to another, in columns and rows of the state from 0: a handle, or the part of it that one
 * drag covers.
 */
public record DragShift(int fromX, int fromY, int toX, int toY) {

    /** @return distance of the two places */
    double length() {
        return Math.hypot(toX - fromX, toY - fromY);
    }

    /**
     * @param index which part, from 0
     * @param count in how many parts
     * @return the part; its ends are rounded towards the beginning, where the next and the one before begin and end
     */
    DragShift part(final int index, final int count) {
        return new DragShift(
                fromX + index * (toX - fromX) / count,
                fromY + index * (toY - fromY) / count,
                fromX + (index + 1) * (toX - fromX) / count,
                fromY + (index + 1) * (toY - fromY) / count);
    }
}
