package palindrome.sampler;

import java.util.List;
import java.util.Map;

/**
 * An exactly invertible sampling method of the literature: all it does is list
 * its steps for a grid.
 */
public interface ReversibleMethod {

    /** @return the method's name in the literature, such as "BDIA" */
    String name();

    /** @return steps a grid needs at least */
    int minimumSteps();

    /**
     * @param grid nodes, at least {@link #minimumSteps()} steps
     * @return the method's steps on that grid
     */
    CouplingProgram program(NodeGrid grid);

    /** @return the method's own parameters as used on that grid, by name: for the provenance */
    Map<String, Double> parameters(NodeGrid grid);

    /** @return by how much inversion amplifies what alternates from step to step or between two copies, an estimate */
    double amplification(NodeGrid grid);

    /** @return sentences for the user about what will not work well on that grid; usually none */
    List<String> warnings(NodeGrid grid);

    /**
     * @param grid the grid of a run that outgrew the lattice
     * @param share how much of the run went well, in [0, 1]
     * @return a sentence that says which parameters would fit
     */
    String remedy(NodeGrid grid, double share);
}
