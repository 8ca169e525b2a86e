package palindrome.engine;

import ai.djl.Device;

/**
 * Where a network computes, and in which precision.
 *
 * @param device where its weights and activations are
 * @param precision the element type of both
 */
public record Placement(Device device, Precision precision) {

    /** @return float32 on a device */
    public static Placement on(final Device device) {
        return new Placement(device, Precision.FLOAT32);
    }
}
