package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import palindrome.engine.Precision;
import palindrome.engine.Tensors;
import palindrome.network.Weights;

/**
 * One network's parameters in the safetensors files they were saved to.
 * <p>
 * Every tensor's name and shape is compared with what the network needs before
 * any is read, so that a wrong checkpoint is described in full and at once.
 */
final class CheckpointWeights implements Weights, AutoCloseable {

    private static final int MAX_LISTED = 5;

    private final NDManager manager;
    private final Precision precision;
    private final Map<String, SafetensorsFile> owners = new LinkedHashMap<>();
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, NDArray> arrays = new HashMap<>();

    private CheckpointWeights(final NDManager manager, final Precision precision) {
        this.manager = manager;
        this.precision = precision;
    }

    /**
     * @param paths safetensors files that share no name
     * @param manager owner of the arrays, on the device of the network
     * @param precision of the arrays, whatever that of the files
     * @return the parameters; close them when the network is built
     * @throws ModelException if a file is damaged, or two have the same tensor
     * @throws IOException if a file cannot be read
     */
    static CheckpointWeights open(final List<Path> paths, final NDManager manager, final Precision precision)
            throws IOException {
        final CheckpointWeights weights = new CheckpointWeights(manager, precision);
        try {
            for (final Path path : paths) weights.add(SafetensorsFile.open(path));
            return weights;
        } catch (final IOException | RuntimeException exc) {
            weights.close();
            throw exc;
        }
    }

    private void add(final SafetensorsFile file) throws ModelException {
        files.add(file);
        for (final String name : file.names()) {
            final SafetensorsFile other = owners.putIfAbsent(name, file);
            if (other != null)
                throw new ModelException("Both " + other + " and " + file + " have the tensor '" + name + "'.");
        }
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
            final Shape actual = new Shape(owners.get(name).shape(name));
            final SafetensorsType type = owners.get(name).type(name);
            if (!type.isFloat()) mistyped.add(name + " is " + type);
            if (!actual.equals(one.getValue()))
                misshapen.add(name + " is " + actual + " but should be " + one.getValue());
        }
        final List<String> unexpected = owners.keySet().stream()
                .filter(name -> !expected.containsKey(name) && !isHarmless(name))
                .toList();
        if (missing.isEmpty() && misshapen.isEmpty() && mistyped.isEmpty() && unexpected.isEmpty()) return;
        throw new ModelException("The weights of " + files + " do not fit the " + network + " of config.json:"
                + listed("missing", missing) + listed("of another shape", misshapen)
                + listed("of a type that is not read", mistyped)
                + listed("unexpected", unexpected) + " Take both files from the same model.");
    }

    @Override
    public NDArray get(final String name, final long... shape) {
        final SafetensorsFile file = owners.get(name);
        if (file == null)
            throw new IllegalArgumentException(
                    "The weights lack the tensor '" + name + "' of shape " + new Shape(shape) + ".");
        final NDArray array = arrays.computeIfAbsent(name, this::read);
        if (!array.getShape().equals(new Shape(shape)))
            throw new IllegalArgumentException("The tensor '" + name + "' of " + file + " is " + array.getShape()
                    + " but should be " + new Shape(shape) + ".");
        return array;
    }

    @Override
    public boolean contains(final String name) {
        return owners.containsKey(name);
    }

    /** Closes the files; arrays live on with their manager. */
    @Override
    public void close() throws IOException {
        for (final SafetensorsFile file : files) file.close();
    }

    private NDArray read(final String name) {
        final NDArray array = wide(name);
        if (array.getDataType() == precision.type()) return array;
        try (array) {
            return Tensors.cast(array, precision.type());
        }
    }

    private NDArray wide(final String name) {
        final SafetensorsFile file = owners.get(name);
        try {
            return switch (file.type(name)) {
                case F32, F16, BF16 -> file.get(name, manager);
                default -> Tensors.of(manager, file.floats(name), file.shape(name));
            };
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
