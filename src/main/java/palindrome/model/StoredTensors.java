package palindrome.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of one network by name, whatever files they lie in. Holds the
 * files open; arrays that were read live on.
 */
final class StoredTensors implements AutoCloseable {

    /** Brings names, and what is under them, to another form. */
    interface Translation {

        Map<String, StoredTensor> apply(Map<String, StoredTensor> tensors) throws IOException;
    }

    private final List<SafetensorsFile> files;
    private final Map<String, StoredTensor> byName;

    private StoredTensors(final List<SafetensorsFile> files, final Map<String, StoredTensor> byName) {
        this.files = files;
        this.byName = Collections.unmodifiableMap(byName);
    }

    /**
     * @param paths safetensors files that share no name
     * @return their tensors, under the names of the files
     * @throws ModelException if a file is damaged, or two have the same tensor
     * @throws IOException if a file cannot be read
     */
    static StoredTensors open(final List<Path> paths) throws IOException {
        final List<SafetensorsFile> files = new ArrayList<>();
        final Map<String, StoredTensor> byName = new LinkedHashMap<>();
        final StoredTensors tensors = new StoredTensors(files, byName);
        try {
            for (final Path path : paths) {
                final SafetensorsFile file = SafetensorsFile.open(path);
                files.add(file);
                for (final String name : file.names()) {
                    final StoredTensor other = byName.putIfAbsent(name, new FileTensor(file, name));
                    if (other != null)
                        throw new ModelException(
                                "Both " + other.origin() + " and " + file + " have the tensor '" + name + "'.");
                }
            }
            return tensors;
        } catch (final IOException | RuntimeException exc) {
            tensors.close();
            throw exc;
        }
    }

    /** @return name to tensor, in the order of the files */
    Map<String, StoredTensor> byName() {
        return byName;
    }

    /**
     * @param others tensors that are part of these from now on, and closed with them
     * @return the same tensors, which hold the files of both
     */
    StoredTensors holding(final StoredTensors others) {
        final List<SafetensorsFile> both = new ArrayList<>(files);
        both.addAll(others.files);
        return new StoredTensors(both, byName);
    }

    /**
     * @param translation from the names of the files to those of diffusers
     * @return the translated tensors, which hold the same files
     * @throws IOException if the translation fails; then the files are closed
     */
    StoredTensors translated(final Translation translation) throws IOException {
        try {
            return new StoredTensors(files, new LinkedHashMap<>(translation.apply(byName)));
        } catch (final IOException | RuntimeException exc) {
            close();
            throw exc;
        }
    }

    @Override
    public void close() throws IOException {
        for (final SafetensorsFile file : files) file.close();
    }

    @Override
    public String toString() {
        return files.size() == 1 ? files.get(0).toString() : files.toString();
    }
}
