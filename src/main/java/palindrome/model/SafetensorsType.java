package palindrome.model;

/**
 * The element types of the safetensors format, named as in the file.
 */
public enum SafetensorsType {
    F64(64),
    F32(32),
    F16(16),
    BF16(16),
    I64(64),
    I32(32),
    I16(16),
    I8(8),
    U64(64),
    U32(32),
    U16(16),
    U8(8),
    BOOL(8),
    F8_E4M3(8),
    F8_E5M2(8),
    F8_E8M0(8),
    F6_E2M3(6),
    F6_E3M2(6),
    F4(4),
    C64(64);

    private final int bits;

    SafetensorsType(final int bits) {
        this.bits = bits;
    }

    /** @return the width of one element in bits */
    public int bits() {
        return bits;
    }

    /** @return whether elements are real numbers that float32 can hold */
    public boolean isFloat() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }
}
