package palindrome.sampler;

/**
 * How a run that is given one state w makes the other:
 *
 * <pre>other = linear·w + noise·ε(w, node)</pre>
 *
 * This is not undone by the inverse, which starts from both states.
 *
 * @param given slot of the state that is given
 * @param linear factor of the given state
 * @param noise factor of the predicted noise
 * @param node where the network is asked, or {@link Coupling#MIXING}
 */
public record SecondState(int given, double linear, double noise, int node) {

    /** The other state is a copy. */
    static SecondState copy() {
        return new SecondState(0, 1, 0, Coupling.MIXING);
    }

    /**
     * The other state is one DDIM step away.
     *
     * @param from node of the given state
     * @param to node of the other
     * @param label node at which the network is asked
     */
    static SecondState ddim(final NodeGrid grid, final int from, final int to, final int label) {
        final DdimStep step = DdimStep.of(grid, from, to);
        return new SecondState(TwoStep.slot(from), step.linear(), step.noise(), label);
    }

    /** @return whether the network is asked */
    public boolean evaluates() {
        return node != Coupling.MIXING;
    }
}
