/**
 * Round-trip error, image metrics and the benchmark.
 * <p>
 * May import: {@link palindrome.edit} and below.
 */
package palindrome.evaluate;
