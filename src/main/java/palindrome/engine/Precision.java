package palindrome.engine;

import ai.djl.ndarray.types.DataType;
import java.util.Locale;

/** The element type a network computes in. States of samplers are exact whatever it is. */
public enum Precision {
    FLOAT32(DataType.FLOAT32),
    /**
     * Half the memory and, on most GPUs, faster. Sums inside norms and attention are kept in float32 by
     * libtorch's own kernels.
     */
    FLOAT16(DataType.FLOAT16);

    private final DataType type;

    Precision(final DataType type) {
        this.type = type;
    }

    /** @return the element type of weights and activations */
    public DataType type() {
        return type;
    }

    /** @return what users call it: {@code float32} or {@code float16} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
