package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import palindrome.engine.Precision;
import palindrome.engine.Tensors;
import palindrome.network.Weights;

/**
 * One network's parameters as they were saved, read when the network asks for them.
 * <p>
 * Every tensor's name and shape is compared with what the network needs before
 * any is read, so that a wrong checkpoint is described in full and at once.
 */
final class CheckpointWeights implements Weights, AutoCloseable {

    private static final int MAX_LISTED = 5;

    private final StoredTensors tensors;
    private final NDManager manager;
    private final Precision precision;
    private final Map<String, NDArray> arrays = new HashMap<>();

    /**
     * @param tensors a network's tensors by diffusers' names, closed with this
     * @param manager owner of the arrays, on the device of the network
     * @param precision of the arrays, whatever that of the files
     */
    CheckpointWeights(final StoredTensors tensors, final NDManager manager, final Precision precision) {
        this.tensors = tensors;
        this.manager = manager;
        this.precision = precision;
    }

    /**
     * Compares names and shapes with what a network needs.
     *
     * @param network what it is called, for messages
     * @param expected all its parameters
     * @throws ModelException naming tensors that are missing, unexpected, no floats,
     *           or of another shape, these with both shapes
     */
    void require(final String network, final Map<String, Shape> expected) throws ModelException {
        final List<String> missing = new ArrayList<>();
        final List<String> misshapen = new ArrayList<>();
        final List<String> mistyped = new ArrayList<>();
        for (final Map.Entry<String, Shape> one : expected.entrySet()) {
            final String name = one.getKey();
            if (!contains(name)) {
                missing.add(name);
                continue;
            }
            final Shape actual = new Shape(tensor(name).shape());
            final SafetensorsType type = tensor(name).type();
            if (!type.isFloat()) mistyped.add(name + " is " + type);
            if (!actual.equals(one.getValue()))
                misshapen.add(name + " is " + actual + " but should be " + one.getValue());
        }
        final List<String> unexpected = tensors.byName().keySet().stream()
                .filter(name -> !expected.containsKey(name) && !isHarmless(name))
                .toList();
        if (missing.isEmpty() && misshapen.isEmpty() && mistyped.isEmpty() && unexpected.isEmpty()) return;
        throw new ModelException("The weights of " + tensors + " do not fit the " + network + " of config.json:"
                + listed("missing", missing) + listed("of another shape", misshapen)
                + listed("of a type that is not read", mistyped)
                + listed("unexpected", unexpected) + " Take both files from the same model.");
    }

    @Override
    public NDArray get(final String name, final long... shape) {
        final StoredTensor tensor = tensor(name);
        if (tensor == null)
            throw new IllegalArgumentException(
                    "The weights lack the tensor '" + name + "' of shape " + new Shape(shape) + ".");
        final NDArray array = arrays.computeIfAbsent(name, this::read);
        if (!array.getShape().equals(new Shape(shape)))
            throw new IllegalArgumentException("The tensor '" + name + "' of " + tensor.origin() + " is "
                    + array.getShape() + " but should be " + new Shape(shape) + ".");
        return array;
    }

    @Override
    public boolean contains(final String name) {
        return tensors.byName().containsKey(name);
    }

    /** Closes the files; arrays live on with their manager. */
    @Override
    public void close() throws IOException {
        tensors.close();
    }

    private StoredTensor tensor(final String name) {
        return tensors.byName().get(name);
    }

    private NDArray read(final String name) {
        final NDArray array = wide(name);
        if (array.getDataType() == precision.type()) return array;
        try (array) {
            return Tensors.cast(array, precision.type());
        }
    }

    private NDArray wide(final String name) {
        final StoredTensor tensor = tensor(name);
        try {
            return tensor.type() == SafetensorsType.F64
                    ? Tensors.of(manager, tensor.floats(), tensor.shape())
                    : tensor.read(manager);
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }

    /** Buffers that older versions saved along, and the projection of CLIP. */
    private static boolean isHarmless(final String name) {
        return name.endsWith("position_ids") || name.equals("text_projection.weight") || name.equals("logit_scale");
    }

    private static String listed(final String what, final List<String> names) {
        if (names.isEmpty()) return "";
        final String more = names.size() > MAX_LISTED ? ", ..." : "";
        return " " + names.size() + " " + what + " ("
                + String.join(", ", names.subList(0, Math.min(MAX_LISTED, names.size()))) + more + ").";
    }
}
