/**
 * What turns a network into a noise predictor: classifier-free and
 * classifier guidance, prediction types, control images, attention control
 * (Prompt-to-Prompt), and null-text inversion, which finds the embeddings that
 * guidance leads away from.
 * <p>
 * May import: {@link palindrome.sampler}, {@link palindrome.model},
 * {@link palindrome.network} and {@link palindrome.engine}.
 */
package palindrome.guide;
