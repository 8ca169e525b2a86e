/**
 * Training the bundled model and its classifier: captions, crops, the objective,
 * the optimiser loop and its checkpoints.
 * <p>
 * May import: {@link palindrome.guide}, {@link palindrome.model} and below.
 */
package palindrome.train;
