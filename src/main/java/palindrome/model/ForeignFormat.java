package palindrome.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Formats of weights that are recognised, and refused with the way to one that
 * is read. Pickles have a class of their own, {@link PickleRefusal}.
 */
enum ForeignFormat {
    GGUF("GGUF", "a format of quantised weights", List.of("gguf"), "GGUF"),
    ONNX("ONNX", "a compiled network without the configuration it was made from", List.of("onnx", "ort"), null),
    ZIP("a zip archive", "as PyTorch's pickles are", List.of("zip"), "PK\u0003\u0004"),
    MSGPACK("msgpack", "the format of Flax", List.of("msgpack"), null),
    HDF5("HDF5", "the format of Keras", List.of("h5", "hdf5", "keras"), "\u0089HDF"),
    TENSORFLOW("TensorFlow Lite", "a compiled network", List.of("tflite"), null);

    private static final int MAGIC = 4;

    private final String label;
    private final String what;
    private final List<String> endings;
    private final String magic;

    ForeignFormat(final String label, final String what, final List<String> endings, final String magic) {
        this.label = label;
        this.what = what;
        this.endings = endings;
        this.magic = magic;
    }

    /**
     * @param file any file
     * @throws ModelException if it is in a format that is not read, by its name or its
     *           first bytes
     * @throws IOException if it cannot be read
     */
    static void check(final Path file) throws IOException {
        PickleRefusal.check(file);
        final String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        final String ending = name.substring(name.lastIndexOf('.') + 1);
        final String start = start(file);
        for (final ForeignFormat format : values())
            if (format.endings.contains(ending) || start.equals(format.magic))
                throw new ModelException(file + " is " + format.label + ", " + format.what
                        + ", which is not read. Get the model as .safetensors, in one file or as a folder in diffusers'"
                        + " layout.");
        if (!ending.equals("safetensors"))
            throw new ModelException(
                    file + " is no .safetensors file. Give the folder of a model in diffusers' layout, the"
                            + " one with model_index.json in it, or a checkpoint as .safetensors.");
    }

    private static String start(final Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(Arrays.copyOf(in.readNBytes(MAGIC), MAGIC), StandardCharsets.ISO_8859_1);
        }
    }
}
