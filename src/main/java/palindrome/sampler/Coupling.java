package palindrome.sampler;

/**
 * One reversible step on a pair of states: with u the state in slot
 * {@code target} and v the other one,
 *
 * <pre>u ← scale·u + f(v)</pre>
 *
 * v is not changed, so the same increment f(v) can be computed again and taken
 * away: that is the inverse, and no sampler writes it by hand.
 *
 * @param target slot that changes, 0 or 1
 * @param scale factor of u, not 0
 * @param increment f
 */
public record Coupling(int target, double scale, Increment increment) {

    /** Node of a coupling that only mixes the states and asks no network. */
    public static final int MIXING = -1;

    public Coupling {
        if (target != 0 && target != 1)
            throw new IllegalArgumentException("A coupling changes slot 0 or 1, not " + target + ".");
        if (scale == 0 || !Double.isFinite(scale))
            throw new IllegalArgumentException(
                    "A coupling with scale " + scale + " cannot be inverted; the scale must be finite and not 0.");
    }

    /** u ← scale·u + linear·v, without the network. */
    public static Coupling mixing(final int target, final double scale, final double linear) {
        return new Coupling(target, scale, LinearIncrement.mixing(linear));
    }

    /** @return slot of v */
    public int source() {
        return 1 - target;
    }
}
