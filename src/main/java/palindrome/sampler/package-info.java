/**
 * Schedules, the node grid, the samplers and exact arithmetic. Knows a
 * predictor and arrays, nothing else.
 * <p>
 * May import: {@link palindrome.engine}.
 */
package palindrome.sampler;
