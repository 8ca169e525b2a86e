/**
 * What turns a network into a noise predictor: classifier-free and
 * classifier guidance, and prediction types.
 * <p>
 * May import: {@link palindrome.sampler}, {@link palindrome.model},
 * {@link palindrome.network} and {@link palindrome.engine}.
 */
package palindrome.guide;
