package palindrome.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text half of OpenCLIP under the names of transformers: the joint
 * projection of queries, keys and values in three parts, which share the file's
 * pages, and the text projection, a matrix there and a layer's weight here,
 * transposed.
 */
final class OpenClipLayout {

    private static final Pattern BLOCK = Pattern.compile("transformer\\.resblocks\\.(\\d{1,4})\\.(.+)");

    private static final Map<String, String> LAYERS = Map.of(
            "ln_1", "layer_norm1",
            "ln_2", "layer_norm2",
            "mlp.c_fc", "mlp.fc1",
            "mlp.c_proj", "mlp.fc2",
            "attn.out_proj", "self_attn.out_proj");

    private static final Map<String, String> OUTSIDE = Map.of(
            "positional_embedding", "text_model.embeddings.position_embedding.weight",
            "token_embedding.weight", "text_model.embeddings.token_embedding.weight",
            "ln_final.weight", "text_model.final_layer_norm.weight",
            "ln_final.bias", "text_model.final_layer_norm.bias");

    private static final String[] PARTS = {"q_proj", "k_proj", "v_proj"};

    private OpenClipLayout() {}

    /**
     * @param tensors tensors under OpenCLIP's names
     * @param layers layers to keep; NB: Stable Diffusion 2 leaves out the last one
     * @return tensors under those of transformers; unknown names are kept as they
     *         are
     * @throws ModelException if a joint projection cannot be divided by three
     */
    static Map<String, StoredTensor> translated(final Map<String, StoredTensor> tensors, final int layers)
            throws ModelException {
        final Map<String, StoredTensor> translated = new LinkedHashMap<>();
        for (final Map.Entry<String, StoredTensor> one : tensors.entrySet()) {
            final String name = one.getKey();
            final StoredTensor tensor = one.getValue();
            final Matcher block = BLOCK.matcher(name);
            if (block.matches()) {
                final int n = Integer.parseInt(block.group(1));
                if (n < layers) layer(translated, "text_model.encoder.layers." + n + ".", block.group(2), tensor);
            } else if (name.equals("text_projection")) {
                if (tensor.shape().length != 2)
                    throw new ModelException("The text_projection of " + tensor.origin() + " is no matrix.");
                translated.put("text_projection.weight", tensor.transposed());
            } else translated.put(OUTSIDE.getOrDefault(name, name), tensor);
        }
        return translated;
    }

    private static void layer(
            final Map<String, StoredTensor> translated,
            final String prefix,
            final String name,
            final StoredTensor tensor)
            throws ModelException {
        if (name.startsWith("attn.in_proj_")) {
            final long rows = tensor.shape().length == 0 ? 0 : tensor.shape()[0];
            if (rows % 3 != 0)
                throw new ModelException("The joint projection " + name + " of " + tensor.origin() + " has " + rows
                        + " rows, which are not three equal parts.");
            final String suffix = name.substring("attn.in_proj_".length());
            for (int i = 0; i < 3; i++)
                translated.put(
                        prefix + "self_attn." + PARTS[i] + "." + suffix, tensor.rows(i * rows / 3, (i + 1) * rows / 3));
            return;
        }
        final int dot = name.lastIndexOf('.');
        final String module = dot < 0 ? name : name.substring(0, dot);
        translated.put(prefix + (LAYERS.containsKey(module) ? LAYERS.get(module) + name.substring(dot) : name), tensor);
    }
}
