package palindrome.sampler;

/** At which of its two nodes a naive DDIM inversion step asks the network; neither is exact. */
public enum InversionLabel {
    /** The node the state is at; at the clean node, node 1. As in the BELM paper. */
    SOURCE,
    /** The node the step goes to. As in null-text inversion and diffusers. */
    TARGET
}
