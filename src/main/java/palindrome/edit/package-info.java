/**
 * The operations as a plain Java API on ImgLib2 images: Invert, Reconstruct,
 * Edit, Generate.
 * <p>
 * May import: {@link palindrome.guide}, {@link palindrome.sampler},
 * {@link palindrome.model} and below.
 */
package palindrome.edit;
