package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * All that a run needs to go on from one of its ends, in either direction: the
 * stored states of a sampler, one for DDIM and two for the exact ones.
 * <p>
 * Owns its arrays; close it.
 *
 * @param states stored states, slot 0 first, in the form of {@code arithmetic}
 *          (int64 on the lattice)
 * @param scales their scales
 * @param nodes their nodes on the grid
 * @param end which end of the run this is
 * @param anchor end of the run at which the scales are 1: the one it began at
 * @param arithmetic how to read the states
 */
public record Latent(
        List<NDArray> states, List<Double> scales, List<Integer> nodes, End end, End anchor, Arithmetic arithmetic)
        implements AutoCloseable {

    public Latent {
        states = List.copyOf(states);
        scales = List.copyOf(scales);
        nodes = List.copyOf(nodes);
        if (states.isEmpty() || scales.size() != states.size() || nodes.size() != states.size())
            throw new IllegalArgumentException("A latent of " + states.size() + " states needs as many scales ("
                    + scales.size() + ") and nodes (" + nodes.size() + ").");
    }

    /**
     * @param slot 0 or, for a sampler with two states, 1
     * @return the real numbers the state stands for, float64 [B, C, H, W], a new
     *         array in the state's manager
     */
    public NDArray value(final int slot) {
        final NDArray state = states.get(slot);
        final NDManager owner = state.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(state);
            final NDArray value = arithmetic.value(state, scales.get(slot));
            value.attach(owner);
            return value;
        }
    }

    /**
     * @return the image, float64 [B, C, H, W], a new array
     * @throws IllegalStateException if this is the noisy end
     */
    public NDArray image() {
        if (end != End.CLEAN)
            throw new IllegalStateException("This latent is noise at node " + nodes + "; sample it first.");
        return value(0);
    }

    /** @return the slot of the noisiest state */
    public int noisiestSlot() {
        return nodes.size() > 1 && nodes.get(1) > nodes.get(0) ? 1 : 0;
    }

    /**
     * @param count from 1 up
     * @return this latent so many times along the batch, so that a predictor can treat each in its own way; new arrays in the
     *         states' manager
     */
    public Latent repeated(final int count) {
        return new Latent(
                states.stream().map(state -> state.repeat(0, count)).toList(), scales, nodes, end, anchor, arithmetic);
    }

    /** Moves the states to another manager. */
    public void attach(final NDManager manager) {
        states.forEach(state -> state.attach(manager));
    }

    /** @return whether both latents have the same states, scales and nodes, to the last bit */
    public boolean sameAs(final Latent other) {
        if (states.size() != other.states.size()
                || !scales.equals(other.scales)
                || !nodes.equals(other.nodes)
                || end != other.end) return false;
        for (int slot = 0; slot < states.size(); slot++)
            if (!states.get(slot).contentEquals(other.states.get(slot))) return false;
        return true;
    }

    /**
     * @return a copy in host memory, without native parts
     * @throws IllegalStateException if the states are not on the lattice
     */
    public StoredLatent store() {
        if (!(arithmetic instanceof Lattice lattice))
            throw new IllegalStateException(
                    "Only lattice states can be kept exactly, not those of " + arithmetic.name() + ".");
        final List<long[]> integers = states.stream().map(NDArray::toLongArray).toList();
        return new StoredLatent(
                states.get(0).getShape().getShape(), integers, scales, nodes, end, anchor, lattice.fractionBits());
    }

    @Override
    public void close() {
        states.forEach(NDArray::close);
    }
}
