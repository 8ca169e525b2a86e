package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.List;
import palindrome.engine.Tensors;

/**
 * Between the latents of an autoencoder and the states of about unit variance that a diffusion model was trained on:
 * state = (latent − shift)·scale, channel by channel.
 *
 * @param shift one number a channel
 * @param scale one number a channel, not 0
 */
public record LatentScaling(List<Double> shift, List<Double> scale) {

    /** @throws IllegalArgumentException if the lists differ in length or a number cannot be used */
    public LatentScaling {
        shift = List.copyOf(shift);
        scale = List.copyOf(scale);
        if (shift.size() != scale.size() || shift.isEmpty())
            throw new IllegalArgumentException("The latents have " + shift.size() + " means but " + scale.size()
                    + " deviations; there should be one of each for every channel.");
        if (!shift.stream().allMatch(Double::isFinite) || !scale.stream().allMatch(s -> Double.isFinite(s) && s != 0))
            throw new IllegalArgumentException("The latents cannot be shifted by " + shift + " and scaled by " + scale
                    + ": scaling_factor and latents_std should be finite and not 0.");
    }

    /** The same factor and shift in every channel. */
    static LatentScaling uniform(final int channels, final double shift, final double scale) {
        return new LatentScaling(Collections.nCopies(channels, shift), Collections.nCopies(channels, scale));
    }

    /**
     * @param latent float64 [B, L, h, w]
     * @return float64 of the same shape, owned by the same manager
     */
    public NDArray toState(final NDArray latent) {
        final NDManager owner = latent.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(latent);
            final NDArray state = latent.sub(perChannel(scope, shift)).mul(perChannel(scope, scale));
            state.attach(owner);
            return state;
        }
    }

    /**
     * @param state float64 [B, L, h, w]
     * @return float64 of the same shape, owned by the same manager
     */
    public NDArray toLatent(final NDArray state) {
        final NDManager owner = state.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(state);
            final NDArray latent = state.div(perChannel(scope, scale)).add(perChannel(scope, shift));
            latent.attach(owner);
            return latent;
        }
    }

    private static NDArray perChannel(final NDManager manager, final List<Double> values) {
        return Tensors.of(
                manager, values.stream().mapToDouble(Double::doubleValue).toArray(), 1, values.size(), 1, 1);
    }
}
