/**
 * Plain ImageJ 1.x: the bridge behind {@code plugins.config}, the strict
 * macro-option grammar, the dialog, the headless macro runner, and what runs a
 * recorded line again, all derived from the commands' own parameter metadata.
 * <p>
 * May import: {@link palindrome.command} and {@link palindrome.image}.
 */
package palindrome.ij1;
