/**
 * Checkpoints: diffusers folders, safetensors, tokenizers, scheduler
 * configurations, the bundled model.
 * <p>
 * May import: {@link palindrome.network}, {@link palindrome.sampler} and
 * {@link palindrome.engine}.
 */
package palindrome.model;
