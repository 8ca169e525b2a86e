package palindrome.sampler;

/** γ of each step of a two-step scheme. */
@FunctionalInterface
interface TwoStepWeight {

    /**
     * @param cleaner node a step leads to
     * @param node node in the middle, where the network is asked
     * @param noisier node whose state takes part with the weight γ
     * @return γ, finite and not 0
     */
    double gamma(int cleaner, int node, int noisier);
}
