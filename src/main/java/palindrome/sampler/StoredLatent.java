package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import palindrome.engine.Tensors;

/**
 * A latent in host memory, for files. Nothing is lost on the way there and back.
 *
 * @param shape shape of every state, usually [B, C, H, W]
 * @param states integers of every state, row-major, slot 0 first
 * @param scales scales of the states
 * @param nodes nodes of the states
 * @param end which end of the run this is
 * @param anchor end of the run at which the scales are 1
 * @param fractionBits b of the lattice spacing 2^−b
 */
public record StoredLatent(
        long[] shape,
        List<long[]> states,
        List<Double> scales,
        List<Integer> nodes,
        End end,
        End anchor,
        int fractionBits) {

    public StoredLatent {
        shape = shape.clone();
        states = List.copyOf(states);
        scales = List.copyOf(scales);
        nodes = List.copyOf(nodes);
    }

    /**
     * @param manager owner of the arrays
     * @return the latent on that manager's device
     * @throws IllegalArgumentException if sizes do not fit together
     */
    public Latent restore(final NDManager manager) {
        final List<NDArray> arrays = new ArrayList<>();
        for (final long[] state : states) arrays.add(Tensors.of(manager, state, shape));
        return new Latent(arrays, scales, nodes, end, anchor, new Lattice(fractionBits));
    }
}
