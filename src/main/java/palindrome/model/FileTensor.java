package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Arrays;

/**
 * Consecutive values of one tensor in a safetensors file, all of them or some
 * of its rows.
 */
final class FileTensor implements StoredTensor {

    private final SafetensorsFile file;
    private final String name;
    private final SafetensorsType type;
    private final long first;
    private final long[] shape;

    /**
     * @param file an open file
     * @param name one of its tensors
     * @throws ModelException if there is none of that name
     */
    FileTensor(final SafetensorsFile file, final String name) throws ModelException {
        this(file, name, file.type(name), 0, file.shape(name));
    }

    private FileTensor(
            final SafetensorsFile file,
            final String name,
            final SafetensorsType type,
            final long first,
            final long[] shape) {
        this.file = file;
        this.name = name;
        this.type = type;
        this.first = first;
        this.shape = shape;
    }

    @Override
    public String origin() {
        return file.toString();
    }

    @Override
    public SafetensorsType type() {
        return type;
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public NDArray read(final NDManager manager) throws IOException {
        return file.get(name, first, shape, manager);
    }

    @Override
    public float[] floats() throws IOException {
        return file.floats(name, first, size());
    }

    @Override
    public StoredTensor reshaped(final long... target) {
        final FileTensor view = new FileTensor(file, name, type, first, target.clone());
        if (view.size() != size())
            throw new IllegalArgumentException("A tensor of shape " + Arrays.toString(shape) + " cannot be seen as "
                    + Arrays.toString(target) + ".");
        return view;
    }

    @Override
    public StoredTensor rows(final long begin, final long end) {
        if (shape.length == 0 || begin < 0 || begin > end || end > shape[0])
            throw new IllegalArgumentException(
                    "A tensor of shape " + Arrays.toString(shape) + " has no rows " + begin + " to " + end + ".");
        final long[] part = shape.clone();
        part[0] = end - begin;
        final long row = shape[0] == 0 ? 0 : size() / shape[0];
        return new FileTensor(file, name, type, first + begin * row, part);
    }
}
