package palindrome.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings the names that diffusers and transformers have used over the years to
 * one form, so that networks know only that.
 * <ul>
 * <li>Attention blocks of 2022 call their layers {@code query}, {@code key},
 * {@code value} and {@code proj_attn}; now they are {@code to_q}, {@code to_k},
 * {@code to_v} and {@code to_out.0}.</li>
 * <li>Such layers may be kept as 1×1 convolutions, [C, C, 1, 1], where a matrix
 * [C, C] is needed.</li>
 * <li>transformers 5 leaves out the {@code text_model.} in front of a text
 * encoder's names.</li>
 * </ul>
 */
final class DiffusersNames {

    private static final Pattern OLD_ATTENTION =
            Pattern.compile("(.*\\battentions\\.\\d+\\.)(query|key|value|proj_attn)(\\.(?:weight|bias))");
    private static final Map<String, String> LAYERS =
            Map.of("query", "to_q", "key", "to_k", "value", "to_v", "proj_attn", "to_out.0");
    private static final Pattern ATTENTION_MATRIX =
            Pattern.compile(".*\\battentions\\.\\d+\\.to_(?:q|k|v|out\\.0)\\.weight");

    private static final String TEXT_MODEL = "text_model.";
    private static final String TOKENS = "embeddings.token_embedding.weight";
    private static final Set<String> TEXT_MODULES = Set.of("embeddings", "encoder", "final_layer_norm");

    private DiffusersNames() {}

    /**
     * @param tensors tensors under names of any year
     * @return the same tensors under today's
     * @throws ModelException if a tensor is there under both
     */
    static Map<String, StoredTensor> current(final Map<String, StoredTensor> tensors) throws ModelException {
        final boolean bareText = tensors.containsKey(TOKENS);
        final Map<String, StoredTensor> current = new LinkedHashMap<>();
        for (final Map.Entry<String, StoredTensor> one : tensors.entrySet()) {
            final String name = bareText ? withTextModel(one.getKey()) : attention(one.getKey());
            final StoredTensor tensor = one.getValue();
            if (current.put(name, ATTENTION_MATRIX.matcher(name).matches() ? matrix(tensor) : tensor) != null)
                throw new ModelException(
                        tensor.origin() + " has the tensor '" + name + "' under its old name and its new one.");
        }
        return current;
    }

    private static String attention(final String name) {
        final Matcher old = OLD_ATTENTION.matcher(name);
        return old.matches() ? old.group(1) + LAYERS.get(old.group(2)) + old.group(3) : name;
    }

    private static String withTextModel(final String name) {
        final int dot = name.indexOf('.');
        return dot > 0 && TEXT_MODULES.contains(name.substring(0, dot)) ? TEXT_MODEL + name : name;
    }

    private static StoredTensor matrix(final StoredTensor tensor) {
        final long[] shape = tensor.shape();
        final boolean pointwise = shape.length >= 3 && tensor.size() == shape[0] * shape[1];
        return pointwise ? tensor.reshaped(shape[0], shape[1]) : tensor;
    }
}
