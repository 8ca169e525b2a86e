/**
 * From ImageJ's images to numbers and back without losing a bit: intensity
 * maps, padding, selections as masks, latent images and provenance.
 * <p>
 * May import: nothing of the diffusion rooms.
 */
package palindrome.image;
