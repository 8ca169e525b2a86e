/**
 * The networks, as Java modules that own their parameters under diffusers'
 * names over TorchScript kernels.
 * <p>
 * May import: {@link palindrome.engine}.
 */
package palindrome.network;
