package palindrome.evaluate;

import palindrome.sampler.NodeGrid;

/**
 * DDIM's step of stochasticity η between two neighbouring nodes as numbers (Song et al. 2021, eqs. 12 and 16):
 * x_(i−1) = state·x_i + noise·ε + fresh·z.
 *
 * @param state factor of the state
 * @param noise factor of the predicted noise
 * @param fresh deviation of the fresh noise
 */
record EtaCoefficients(double state, double noise, double fresh) {

    /**
     * @param node i, from 1 to N
     * @param eta η: 0 is the ODE's DDIM, 1 the SDE's DDPM
     */
    static EtaCoefficients of(final NodeGrid grid, final int node, final double eta) {
        final double ratio = grid.alpha(node) / grid.alpha(node - 1);
        final double cleaner = grid.sigma(node - 1);
        final double fresh = eta * cleaner / grid.sigma(node) * Math.sqrt(1 - ratio * ratio);
        return new EtaCoefficients(
                1 / ratio, Math.sqrt(cleaner * cleaner - fresh * fresh) - grid.sigma(node) / ratio, fresh);
    }
}
