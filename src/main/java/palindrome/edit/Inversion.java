package palindrome.edit;

import palindrome.image.Padding;
import palindrome.sampler.LatentHealth;
import palindrome.sampler.StoredLatent;

/**
 * An image as noise: what {@link Invert} makes and {@link Reconstruct} takes.
 *
 * @param record how it was made
 * @param padding from the image to what the model saw
 * @param latent the sampler's states, to the last bit
 * @param health how near to noise it is
 */
public record Inversion(RunRecord record, Padding padding, StoredLatent latent, LatentHealth health) {}
