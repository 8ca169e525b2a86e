/**
 * What turns a network into a noise predictor: prediction types,
 * classifier-free guidance, and null-text inversion, which finds the
 * embeddings that guidance leads away from.
 * <p>
 * May import: {@link palindrome.sampler}, {@link palindrome.network} and
 * {@link palindrome.engine}.
 */
package palindrome.guide;
