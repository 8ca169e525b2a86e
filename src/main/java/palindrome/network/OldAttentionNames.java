package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights saved before diffusers renamed the layers of its attention between pixels, in 2023: {@code query},
 * {@code key}, {@code value} and {@code proj_attn} are now {@code to_q}, {@code to_k}, {@code to_v} and
 * {@code to_out.0}.
 */
public final class OldAttentionNames implements Weights {

    private static final String PROBE = "mid_block.attentions.0.query.weight";

    private static final Map<String, String> OLD_BY_NEW =
            Map.of("to_q", "query", "to_k", "key", "to_v", "value", "to_out.0", "proj_attn");

    private final Weights stored;

    /** @param stored weights under the old names */
    public OldAttentionNames(final Weights stored) {
        this.stored = stored;
    }

    /** @return whether these weights have the old names */
    public static boolean in(final Weights stored) {
        return stored.contains(PROBE) || stored.contains("encoder." + PROBE) || stored.contains("decoder." + PROBE);
    }

    /**
     * @param shapes parameters by their new names
     * @return the same under the old ones
     */
    public static Map<String, Shape> of(final Map<String, Shape> shapes) {
        final Map<String, Shape> old = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> old.put(oldName(name), shape));
        return old;
    }

    @Override
    public NDArray get(final String name, final long... shape) {
        return stored.get(oldName(name), shape);
    }

    @Override
    public boolean contains(final String name) {
        return stored.contains(oldName(name));
    }

    private static String oldName(final String name) {
        String old = name;
        for (final Map.Entry<String, String> layer : OLD_BY_NEW.entrySet())
            old = old.replace(".attentions.0." + layer.getKey() + ".", ".attentions.0." + layer.getValue() + ".");
        return old;
    }
}
