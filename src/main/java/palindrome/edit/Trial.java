package palindrome.edit;

/**
 * One inversion made while a number of the sampler was looked for.
 *
 * @param key the number's key, {@code gamma} or {@code mixing}
 * @param value what was tried
 * @param disagreement of the latent's two states under it: {@link palindrome.sampler.LatentHealth#alternation()} or
 *          {@link palindrome.sampler.LatentHealth#copyGap()}
 */
public record Trial(String key, double value, double disagreement) {}
