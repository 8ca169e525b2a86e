package palindrome.sampler;

/** The two ends of a run. */
public enum End {
    /** Node 0, the image. */
    CLEAN,
    /** Node N, the latent noise. */
    NOISY
}
