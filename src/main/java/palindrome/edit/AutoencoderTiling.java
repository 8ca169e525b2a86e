package palindrome.edit;

/** How the autoencoder of a latent model takes an image. Models that work on pixels have none. */
public enum AutoencoderTiling {
    /** All of it at once. */
    WHOLE,
    /** In overlapping tiles, for less memory. */
    TILED
}
