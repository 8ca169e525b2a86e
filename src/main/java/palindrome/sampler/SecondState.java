package palindrome.sampler;

/**
 * How a run that is given one state w makes the other: it is f(w). This is not
 * undone by the inverse, which starts from both states.
 *
 * @param given slot of the state that is given
 * @param increment f
 */
public record SecondState(int given, Increment increment) {

    /** The other state is a copy. */
    static SecondState copy() {
        return new SecondState(0, LinearIncrement.mixing(1));
    }

    /**
     * The other state is one DDIM step away.
     *
     * @param given slot of the given state
     * @param from node of the given state
     * @param to node of the other
     * @param label node at which the network is asked
     */
    static SecondState ddim(final NodeGrid grid, final int given, final int from, final int to, final int label) {
        final DdimStep step = DdimStep.of(grid, from, to);
        return new SecondState(given, new LinearIncrement(step.linear(), step.noise(), label));
    }
}
