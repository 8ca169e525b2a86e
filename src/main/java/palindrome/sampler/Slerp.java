package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * Spherical interpolation of latents (Shoemake 1985; Wang et al. 2024, eq. 64), which keeps the length that noise has,
 * where a straight line would pass through its middle:
 *
 * <pre>s(u) = sin((1−u)θ)/sin θ · a + sin(uθ)/sin θ · b,   θ the angle between a and b</pre>
 *
 * Every state of the latents is interpolated, over all its elements, so that an exact sampler finds its pair again.
 */
public final class Slerp {

    /** Of nearly parallel states the straight line is the same, and free of 0/0. */
    private static final double SMALLEST_SINE = 1e-6;

    private Slerp() {}

    /**
     * @param a a noisy end
     * @param b another one, of the same sampler, grid and size
     * @param u from 0 (a) to 1 (b), both of which come out to the last bit
     * @return a latent of its own, owned by the manager of {@code a}
     * @throws IllegalArgumentException if the latents do not belong together or u is out of range
     */
    public static Latent between(final Latent a, final Latent b, final double u) {
        if (!(u >= 0 && u <= 1))
            throw new IllegalArgumentException("The place between two latents is " + u + "; use a number from 0 to 1.");
        if (!a.nodes().equals(b.nodes())
                || !a.scales().equals(b.scales())
                || a.end() != b.end()
                || a.anchor() != b.anchor()
                || !a.states().get(0).getShape().equals(b.states().get(0).getShape()))
            throw new IllegalArgumentException("The two latents are not of one kind; make both with the same sampler,"
                    + " gamma or mixing, steps, strength and image size.");
        final NDManager owner = a.states().get(0).getManager();
        final List<NDArray> states = new ArrayList<>();
        for (int slot = 0; slot < a.states().size(); slot++) {
            final NDArray state;
            if (u == 0) state = a.states().get(slot).duplicate();
            else if (u == 1) state = b.states().get(slot).duplicate();
            else state = between(a, b, slot, u);
            state.attach(owner);
            states.add(state);
        }
        return new Latent(states, a.scales(), a.nodes(), a.end(), a.anchor(), a.arithmetic());
    }

    private static NDArray between(final Latent a, final Latent b, final int slot, final double u) {
        try (NDArray from = a.value(slot);
                NDArray to = b.value(slot);
                NDArray mixed = mixed(from, to, u)) {
            return a.arithmetic().store(mixed, a.scales().get(slot));
        }
    }

    /** s(u), a new array in the manager of {@code from}. */
    static NDArray mixed(final NDArray from, final NDArray to, final double u) {
        final double cosine = dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to));
        // NB: rounding may push it past 1, and the angle of nothing is NaN.
        final double angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
        final double sine = Math.sin(angle);
        if (!(sine > SMALLEST_SINE)) return OneStepSolver.combined(from, 1 - u, to, u);
        return OneStepSolver.combined(from, Math.sin((1 - u) * angle) / sine, to, Math.sin(u * angle) / sine);
    }

    private static double dot(final NDArray a, final NDArray b) {
        try (NDArray product = a.mul(b);
                NDArray sum = product.sum()) {
            return sum.getDouble();
        }
    }
}
