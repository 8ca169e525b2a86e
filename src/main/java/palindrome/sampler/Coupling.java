package palindrome.sampler;

/**
 * One reversible step on a pair of states: with u the state in slot
 * {@code target} and v the other one,
 *
 * <pre>u ← scale·u + linear·v + noise·ε(v, node)</pre>
 *
 * v is not changed, so the same increment can be computed again and taken away:
 * that is the inverse, and no sampler writes it by hand.
 *
 * @param target slot that changes, 0 or 1
 * @param scale factor of u, positive
 * @param linear factor of v
 * @param noise factor of the predicted noise
 * @param node where the network is asked, or {@link #MIXING}
 */
public record Coupling(int target, double scale, double linear, double noise, int node) {

    /** Node of a coupling that only mixes the states and asks no network. */
    public static final int MIXING = -1;

    public Coupling {
        if (target != 0 && target != 1)
            throw new IllegalArgumentException("A coupling changes slot 0 or 1, not " + target + ".");
        if (!(scale > 0) || Double.isInfinite(scale) || !Double.isFinite(linear) || !Double.isFinite(noise))
            throw new IllegalArgumentException("A coupling with scale " + scale + ", linear " + linear + " and noise "
                    + noise + " cannot be inverted; the scale must be positive and all three finite.");
    }

    /** u ← scale·u + linear·v, without the network. */
    public static Coupling mixing(final int target, final double scale, final double linear) {
        return new Coupling(target, scale, linear, 0, MIXING);
    }

    /** @return slot of v */
    public int source() {
        return 1 - target;
    }

    /** @return whether the network is asked */
    public boolean evaluates() {
        return node != MIXING;
    }
}
