/**
 * The one place that touches DJL's machinery: start-up, devices, the dtype
 * guard, kernels, memory scopes, noise.
 * <p>
 * May import: no other room.
 */
package palindrome.engine;
