package palindrome.edit;

/** How the autoencoder of a latent model takes an image. Models that work on pixels have none. */
public enum AutoencoderTiling {
    /** All of it at once, or in tiles where it is large. */
    WHOLE,
    /** In smaller overlapping tiles, for less memory. */
    TILED
}
