package palindrome.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/**
 * A weight with a LoRA's change added when it is read, in float32.
 *
 * @param weight [out, ...]
 * @param change of the same size
 * @param scale factor of the change
 */
record LoraTensor(StoredTensor weight, LoraFile.Change change, double scale) implements StoredTensor {

    @Override
    public String origin() {
        return weight.origin();
    }

    @Override
    public SafetensorsType type() {
        return SafetensorsType.F32;
    }

    @Override
    public long[] shape() {
        return weight.shape();
    }

    @Override
    public NDArray read(final NDManager manager) throws IOException {
        try (NDManager scope = manager.newSubManager()) {
            final long rank = change.rank();
            final NDArray up = matrix(change.up(), scope, change.up().shape()[0], rank);
            final NDArray down =
                    matrix(change.down(), scope, rank, change.down().size() / rank);
            final NDArray delta = up.matMul(down).mul((float) (scale * change.alpha() / rank));
            final NDArray sum = delta.reshape(new Shape(shape())).add(wide(weight, scope));
            sum.attach(manager);
            return sum;
        }
    }

    @Override
    public float[] floats() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            return read(manager).toFloatArray();
        }
    }

    @Override
    public StoredTensor reshaped(final long... target) {
        throw new UnsupportedOperationException("A LoRA is added to weights in their final shape.");
    }

    @Override
    public StoredTensor rows(final long begin, final long end) {
        throw new UnsupportedOperationException("A LoRA is added to whole weights.");
    }

    private static NDArray matrix(final StoredTensor tensor, final NDManager scope, final long rows, final long columns)
            throws IOException {
        return wide(tensor, scope).reshape(rows, columns);
    }

    private static NDArray wide(final StoredTensor tensor, final NDManager scope) throws IOException {
        final NDArray array = tensor.read(scope);
        return array.getDataType() == DataType.FLOAT32 ? array : Tensors.cast(array, DataType.FLOAT32);
    }
}
