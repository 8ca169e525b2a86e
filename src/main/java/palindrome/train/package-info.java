/**
 * Training the bundled model, its classifier and its ControlNet: captions, crops, the objective,
 * the optimiser loop and its checkpoints.
 * <p>
 * May import: {@link palindrome.guide}, {@link palindrome.model} and below, and
 * {@link palindrome.image}.
 */
package palindrome.train;
