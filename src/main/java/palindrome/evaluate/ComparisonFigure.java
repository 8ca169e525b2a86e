package palindrome.evaluate;

/** The pictures of a comparison of samplers. */
public enum ComparisonFigure {
    /** Largest round-trip error over steps. */
    ROUND_TRIPS,
    /** Distance to the exact path over network evaluations. */
    OVER_EVALUATIONS,
    /** The same over seconds. */
    OVER_SECONDS,
    /** Health of BDIA's latents over γ. */
    OVER_GAMMA,
    /** Health of latents over guidance. */
    OVER_GUIDANCE
}
