package palindrome.edit;

import palindrome.image.Padding;
import palindrome.sampler.StoredLatent;

/**
 * An image as noise: what {@link Invert} makes and {@link Reconstruct} takes.
 *
 * @param record how it was made
 * @param padding from the image to what the model saw
 * @param latent the sampler's states, to the last bit
 */
public record Inversion(RunRecord record, Padding padding, StoredLatent latent) {

    /** @return root mean square of the noisiest state; near 1 for pure noise that a model would draw */
    public double rms() {
        final int slot = latent.nodes()
                .indexOf(latent.nodes().stream().max(Integer::compare).orElseThrow());
        final double unit = Math.scalb(latent.scales().get(slot), -latent.fractionBits());
        final long[] values = latent.states().get(slot);
        double sum = 0;
        for (final long value : values) sum += unit * value * (unit * value);
        return Math.sqrt(sum / values.length);
    }
}
