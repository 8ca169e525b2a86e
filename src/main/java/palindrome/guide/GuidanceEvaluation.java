package palindrome.guide;

/** How the two network evaluations of classifier-free guidance are made. Either rounds differently. */
public enum GuidanceEvaluation {
    /** One after the other: on a CPU as fast as together, with half the memory. */
    SEQUENTIAL,
    /** As one batch, which keeps a GPU busier; prompts of different lengths still go one after the other. */
    BATCHED;
}
