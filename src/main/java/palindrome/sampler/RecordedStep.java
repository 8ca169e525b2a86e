package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.UnaryOperator;

/**
 * A step of a sampler that keeps its noise: x_(i−1) = m_i(x_i) + w, where m_i is the mean of DDIM's η-step and w whatever
 * leads from one given state to another. In the arithmetic of the states, so that on the lattice the record leads to the
 * very same bits again.
 *
 * @param grid the nodes
 * @param eta η, from 0 to 1
 * @param arithmetic how states and records are kept, all at scale 1
 * @param network asked once a step
 */
record RecordedStep(NodeGrid grid, double eta, Arithmetic arithmetic, NoiseAt network) {

    /** Of all states of a sampler without couplings. */
    static final double SCALE = 1;

    /**
     * @param from the stored state at {@code node}
     * @param to the stored state at {@code node} − 1
     * @param node i, from 1 to N
     * @return w, what the step has to be told to lead from the one to the other, in the manager of {@code from}
     * @throws SamplingException if the network returns what is not a number
     */
    NDArray record(final NDArray from, final NDArray to, final int node) {
        return changed(from, to, node, mean -> arithmetic.inverse(to, 1, mean, SCALE));
    }

    /**
     * @param from the stored state at {@code node}
     * @param recorded w of this step
     * @param node i, from 1 to N
     * @return the stored state at {@code node} − 1, in the manager of {@code from}
     * @throws SamplingException if the network returns what is not a number
     */
    NDArray replay(final NDArray from, final NDArray recorded, final int node) {
        return changed(from, recorded, node, mean -> arithmetic.forward(recorded, 1, mean, SCALE));
    }

    /** @return what {@code change} makes of m_i(x) and another stored state */
    private NDArray changed(final NDArray x, final NDArray other, final int node, final UnaryOperator<NDArray> change) {
        final NDManager owner = x.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(x, other);
            final NDArray mean = EtaStep.of(grid, node, eta).mean(arithmetic.value(x, SCALE), network);
            final NDArray result = change.apply(mean);
            result.attach(owner);
            return result;
        } catch (final StateRangeException exc) {
            throw network.notFinite("step " + (grid.steps() - node + 1) + " of " + grid.steps(), node, exc);
        }
    }
}
