package palindrome.sampler;

/**
 * The deterministic DDIM map from one noise level to another (Song et al. 2021,
 * eq. 12 with η = 0), in either direction: x_b = linear·x_a + noise·ε with
 * linear = α_b/α_a and noise = α_b(σ̄_b − σ̄_a), or σ_b where b is noise alone.
 *
 * @param linear factor of the state
 * @param noise factor of the predicted noise
 */
public record DdimStep(double linear, double noise) {

    /**
     * @param from node of x_a, from 0 to N
     * @param to node of x_b, from 0 to N
     */
    public static DdimStep of(final NodeGrid grid, final int from, final int to) {
        if (grid.alpha(to) == 0) return new DdimStep(0, grid.sigma(to));
        return new DdimStep(
                grid.alpha(to) / grid.alpha(from), grid.alpha(to) * (grid.sigmaBar(to) - grid.sigmaBar(from)));
    }
}
