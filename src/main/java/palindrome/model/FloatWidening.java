package palindrome.model;

import java.nio.ByteBuffer;

/**
 * The two 16-bit float types in float32, exactly.
 * <p>
 * Done in Java: bfloat16 aborts the native library, and Java 17 has no routine
 * of its own for either.
 */
enum FloatWidening {

    /** The upper half of a float32. */
    BFLOAT16 {

        @Override
        float widen(final short bits) {
            return Float.intBitsToFloat(bits << 16);
        }
    },

    /** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
    FLOAT16 {

        @Override
        float widen(final short bits) {
            final int sign = (bits & 0x8000) << 16;
            final int exponent = bits >> 10 & 0x1F;
            final int fraction = bits & 0x3FF;
            if (exponent == 0) {
                // Zero or subnormal: a multiple of 2^-24, exact in float32.
                final float magnitude = fraction * 0x1p-24f;
                return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude));
            }
            final int wide = exponent == 0x1F ? 0xFF : exponent + 127 - 15;
            return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
        }
    };

    /**
     * @param bits one value's bits
     * @return the same value
     */
    abstract float widen(short bits);

    /**
     * @param data little-endian values, read from the position to the limit
     * @return the same values
     */
    float[] widen(final ByteBuffer data) {
        final float[] values = new float[data.remaining() / 2];
        for (int i = 0, at = data.position(); i < values.length; i++, at += 2) values[i] = widen(data.getShort(at));
        return values;
    }
}
