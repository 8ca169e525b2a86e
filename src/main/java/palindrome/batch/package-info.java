/**
 * One command over many files: what is to be done, the unit of work for one
 * file, and the table of what was done. The unit knows nothing of the others,
 * so that it may run anywhere.
 * <p>
 * May import: {@link palindrome.ij1}, {@link palindrome.command},
 * {@link palindrome.image} and {@link palindrome.edit.Progress}.
 */
package palindrome.batch;
