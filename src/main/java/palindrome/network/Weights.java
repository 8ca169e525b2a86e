package palindrome.network;

import ai.djl.ndarray.NDArray;

/**
 * The parameters of one network, by their names in the checkpoint.
 * <p>
 * The arrays stay the property of whoever provides them and must outlive the
 * network. They may require gradients.
 */
public interface Weights {

    /**
     * @param name such as {@code down_blocks.0.resnets.1.conv1.weight}
     * @param shape the shape the network needs
     * @return the parameter, usually float32; NB: it must not carry an
     *         {@link NDArray#getName() array name}, which DJL would take for a
     *         dictionary key when it calls native code
     * @throws IllegalArgumentException if it is missing or has another shape; the
     *           message names the tensor and both shapes
     */
    NDArray get(String name, long... shape);

    /**
     * @param name a parameter's name
     * @return whether it is there
     */
    boolean contains(String name);
}
