package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.edit.NativeArrays;
import palindrome.engine.Gradient;
import palindrome.engine.Precision;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** States on the CPU, network on the CPU: the arithmetic of the bridge, whatever device is behind it. */
class StateBridgeTest {

    private static final double[] VALUES =
            new Random(1).doubles(2 * 3 * 4, -3, 3).toArray();

    @ParameterizedTest
    @EnumSource
    void theNetworkSeesItsOwnPrecisionAndTheStateGetsFloat64(final Precision precision) {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray state = Tensors.of(manager, VALUES, 2, 3, 4);
            final StateBridge bridge = new StateBridge(Device.cpu(), precision.type());
            final int before = NativeArrays.under(manager);
            try (NDManager scope = manager.newSubManager()) {
                final NDArray input = bridge.toNetwork(state, scope);
                assertEquals(precision.type(), input.getDataType());
                assertEquals(state.getShape(), input.getShape());
                assertEquals(scope, input.getManager());
                assertSame(input, bridge.toNetwork(input, scope));
                final NDArray answer = bridge.toState(input, state);
                assertEquals(DataType.FLOAT64, answer.getDataType());
                final double[] back = answer.toDoubleArray();
                final double step = precision == Precision.FLOAT32 ? 0x1p-23 : 0x1p-10;
                for (int i = 0; i < back.length; i++) assertEquals(VALUES[i], back[i], step * 2);
                assertArrayEquals(
                        back,
                        bridge.toState(bridge.toNetwork(state, scope), state).toDoubleArray());
            }
            assertEquals(before, NativeArrays.under(manager), "arrays left behind");
            assertArrayEquals(VALUES, state.toDoubleArray());
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsPassBothWays(final Precision precision) {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray state = Tensors.of(manager, new double[] {1, 2, -0.5}, 3);
            state.setRequiresGradient(true);
            final StateBridge bridge = new StateBridge(Device.cpu(), precision.type());
            try (NDManager scope = manager.newSubManager()) {
                Gradient.backward(() -> bridge.toState(bridge.toNetwork(state, scope), state)
                        .square()
                        .sum());
            }
            assertArrayEquals(new double[] {2, 4, -1}, state.getGradient().toDoubleArray());
        }
    }

    @Test
    void timestepsStayFloat32() {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray times =
                    new StateBridge(Device.cpu(), DataType.FLOAT16).toNetwork(new float[] {999, 0.5f}, manager);
            assertEquals(DataType.FLOAT32, times.getDataType());
            assertArrayEquals(new float[] {999, 0.5f}, times.toFloatArray());
        }
    }
}
