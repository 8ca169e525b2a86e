/**
 * Round-trip error, image metrics, the comparison of samplers, the benchmark, and the program behind
 * {@code docs/evaluation.md}.
 * <p>
 * May import: {@link palindrome.edit} and below.
 */
package palindrome.evaluate;
