package palindrome.sampler;

import java.util.List;

/**
 * A sampler as a list of reversible steps: run in order it leads from noise to
 * image, in reverse order with every step undone from image to noise.
 *
 * @param couplings the steps, in sampling order
 * @param fromNoise how the second state is made where a run starts at the noise
 * @param fromImage how the second state is made where a run starts at the image
 * @param noisyNodes nodes of slots 0 and 1 before the first coupling
 * @param cleanNodes nodes of slots 0 and 1 after the last; slot 0 holds the image,
 *          node 0
 */
public record CouplingProgram(
        List<Coupling> couplings,
        SecondState fromNoise,
        SecondState fromImage,
        List<Integer> noisyNodes,
        List<Integer> cleanNodes) {

    public CouplingProgram {
        couplings = List.copyOf(couplings);
        noisyNodes = List.copyOf(noisyNodes);
        cleanNodes = List.copyOf(cleanNodes);
    }

    /** @return network evaluations of the couplings, without the second state's */
    public int evaluations() {
        return couplings.stream().mapToInt(c -> c.increment().evaluations()).sum();
    }

    /** @return how the second state is made at that end */
    public SecondState secondState(final End end) {
        return end == End.CLEAN ? fromImage : fromNoise;
    }

    /** @return nodes of slots 0 and 1 at that end */
    public List<Integer> nodes(final End end) {
        return end == End.CLEAN ? cleanNodes : noisyNodes;
    }
}
