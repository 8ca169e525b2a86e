package palindrome.guide;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import palindrome.engine.Kernel;
import palindrome.engine.Tensors;
import palindrome.network.Conditioning;

/**
 * Carries the states of samplers, float64 on a device of their own, to a network in its precision on its device, and
 * what it answers back. So a state is exact even where the network's device has no float64, as Apple's GPUs.
 * <p>
 * The same array gives the same bits, and gradients pass both ways.
 */
final class StateBridge {

    private final Device device;
    private final DataType type;

    /**
     * @param device where the network computes
     * @param type the element type of its weights
     */
    StateBridge(final Device device, final DataType type) {
        this.device = device;
        this.type = type;
    }

    /**
     * @param array any float type, on any device
     * @param scope gets what is allocated on the way
     * @return the array as the network takes it: itself if it is so already, else a new array of the scope
     */
    NDArray toNetwork(final NDArray array, final NDManager scope) {
        return array.getDataType() == type && array.getDevice().equals(device) ? array : carried(array, scope);
    }

    /**
     * @param values for example timesteps, one a batch item
     * @param scope owner of the result
     * @return them in float32 on the network's device
     */
    NDArray toNetwork(final float[] values, final NDManager scope) {
        return Tensors.of(scope.newSubManager(device), values, values.length);
    }

    /**
     * @param answer of the network
     * @param state on whose device it is wanted
     * @return the answer in float64, a new array of the answer's manager
     */
    NDArray toState(final NDArray answer, final NDArray state) {
        return Kernels.BRIDGE.call("widen", answer, state);
    }

    /**
     * @param conditioning arrays on any device
     * @param scope gets what is allocated on the way
     * @return what the network takes; class labels and sizes keep their element type
     */
    Conditioning toNetwork(final Conditioning conditioning, final NDManager scope) {
        return conditioning.mapped(array -> toNetwork(array, scope), array -> moved(array, scope));
    }

    private NDArray moved(final NDArray array, final NDManager scope) {
        if (array.getDevice().equals(device)) return array;
        final NDArray moved = array.toDevice(device, true);
        moved.attach(scope);
        return moved;
    }

    private NDArray carried(final NDArray array, final NDManager scope) {
        final NDArray example = Tensors.zeros(scope.newSubManager(device), type, 1);
        final NDArray carried = Kernels.BRIDGE.call("narrow", array, example);
        carried.attach(scope);
        return carried;
    }

    /** Compiled when first used; one for all networks. */
    private static final class Kernels {

        static final Kernel BRIDGE = Kernel.load(StateBridge.class, "state_bridge.py", Map.of());
    }
}
