package palindrome.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * How large the networks of a checkpoint in one file are: levels, layers and
 * widths, read off the names and shapes of its tensors, which is where this
 * layout keeps them. What shapes do not tell, such as the size of an attention
 * head, stays as the family has it.
 * <p>
 * Where tensors are missing or contradict each other, the family's own sizes
 * stay, so that what is wrong is named against those.
 */
final class LdmSizes {

    private static final String BLOCKS = "input_blocks.";
    private static final String DOWN_TYPES = "down_block_types";
    private static final String UP_TYPES = "up_block_types";
    private static final String CHANNELS = "block_out_channels";
    private static final String UNET_HEADS = "attention_head_dim";
    private static final String HIDDEN = "hidden_size";
    private static final String TEXT_HEADS = "num_attention_heads";

    private final Map<String, StoredTensor> tensors;

    /** @param tensors of one network, its prefix taken off their names */
    LdmSizes(final Map<String, StoredTensor> tensors) {
        this.tensors = tensors;
    }

    /**
     * One resolution level of a network.
     *
     * @param channels of what its layers put out
     * @param layers resnet blocks
     * @param depth transformer blocks behind each resnet block; 0 for none
     */
    private record Level(int channels, int layers, int depth) {}

    /** @param config a {@code UNet2DConditionModel}'s, adapted */
    void unet(final JsonObject config) {
        encoder(config);
        if (has("out.2.weight")) config.addProperty("out_channels", length("out.2.weight", 0));
    }

    /** @param config a {@code ControlNetModel}'s, adapted */
    void controlNet(final JsonObject config) {
        encoder(config);
        // Every second pair of convolutions halves the image, and leaves in the width of the next pair.
        final JsonArray embedding = new JsonArray();
        for (int k = 0; has(hint(k + 2)); k += 4) embedding.add(length(hint(k), 0));
        if (!embedding.isEmpty()) config.add("conditioning_embedding_out_channels", embedding);
        if (has(hint(0))) config.addProperty("conditioning_channels", length(hint(0), 1));
    }

    private static String hint(final int index) {
        return "input_hint_block." + index + ".weight";
    }

    /** @param config an {@code AutoencoderKL}'s, adapted */
    void vae(final JsonObject config) {
        final List<Level> levels = new ArrayList<>();
        for (int i = 0; has(coder(i, 0)); i++) {
            int layers = 1;
            while (has(coder(i, layers))) layers++;
            levels.add(new Level(length(coder(i, 0), 0), layers, 0));
        }
        if (!isUniform(levels)) return;
        sizes(config, levels);
        fill(config, DOWN_TYPES, levels.size(), i -> "DownEncoderBlock2D");
        fill(config, UP_TYPES, levels.size(), i -> "UpDecoderBlock2D");
        if (has("decoder.conv_in.weight")) config.addProperty("latent_channels", length("decoder.conv_in.weight", 1));
    }

    private static String coder(final int level, final int layer) {
        return "encoder.down." + level + ".block." + layer + ".conv1.weight";
    }

    /**
     * NB: a text encoder of the family's own width keeps the family's number of layers,
     * since Stable Diffusion 2 computes one less than files may hold.
     *
     * @param config a {@code CLIPTextModel}'s, adapted
     */
    void text(final JsonObject config) {
        final boolean openClip = has("token_embedding.weight");
        final String root = has("embeddings.token_embedding.weight") ? "" : "text_model.";
        final String tokens = openClip ? "token_embedding.weight" : root + "embeddings.token_embedding.weight";
        if (!has(tokens) || length(tokens, 1) == config.get(HIDDEN).getAsInt()) return;
        final String layer = openClip ? "transformer.resblocks." : root + "encoder.layers.";
        final String feedForward = openClip ? ".mlp.c_fc.weight" : ".mlp.fc1.weight";
        int layers = 0;
        while (has(layer + layers + feedForward)) layers++;
        if (layers == 0) return;
        final int width = length(tokens, 1);
        final int head = config.get(HIDDEN).getAsInt() / config.get(TEXT_HEADS).getAsInt();
        config.addProperty("vocab_size", length(tokens, 0));
        config.addProperty(HIDDEN, width);
        config.addProperty(TEXT_HEADS, Math.max(1, width / head));
        config.addProperty("intermediate_size", length(layer + "0" + feedForward, 0));
        config.addProperty("num_hidden_layers", openClip && !isProjected(config) ? layers - 1 : layers);
        if (has("text_projection")) config.addProperty("projection_dim", length("text_projection", 1));
    }

    private static boolean isProjected(final JsonObject config) {
        return config.getAsJsonArray("architectures").get(0).getAsString().endsWith("WithProjection");
    }

    private void encoder(final JsonObject config) {
        if (has(BLOCKS + "0.0.weight")) config.addProperty("in_channels", length(BLOCKS + "0.0.weight", 1));
        final List<Level> levels = encoderLevels();
        // The middle block has the depth of the last level, whether that attends or not.
        final int middle = depth("middle_block.1");
        if (!isUniform(levels) || middle == 0) return;
        if (config.get(UNET_HEADS) instanceof JsonArray heads) {
            final int head = config.getAsJsonArray(CHANNELS).get(0).getAsInt()
                    / heads.get(0).getAsInt();
            fill(
                    config,
                    UNET_HEADS,
                    levels.size(),
                    i -> Math.max(1, levels.get(i).channels() / head));
        }
        sizes(config, levels);
        final int last = levels.size() - 1;
        fill(
                config,
                "transformer_layers_per_block",
                levels.size(),
                i -> i == last ? middle : Math.max(1, levels.get(i).depth()));
        fill(config, DOWN_TYPES, levels.size(), i -> (attends(levels, i) ? "CrossAttn" : "") + "DownBlock2D");
        if (config.has(UP_TYPES))
            fill(config, UP_TYPES, levels.size(), i -> (attends(levels, last - i) ? "CrossAttn" : "") + "UpBlock2D");
        tensors.keySet().stream()
                .filter(name -> name.endsWith(".attn2.to_k.weight") && has(name))
                .findFirst()
                .ifPresent(name -> config.addProperty("cross_attention_dim", length(name, 1)));
        final String added = "label_emb.0.0.weight";
        final String addedWidth = "projection_class_embeddings_input_dim";
        if (has(added) && config.has(addedWidth)) config.addProperty(addedWidth, length(added, 1));
    }

    /** @return the levels of the way down; empty if tensors that tell them are missing or differ inside a level */
    private List<Level> encoderLevels() {
        final List<Level> levels = new ArrayList<>();
        Level level = new Level(0, 0, 0);
        int index = 1;
        for (; index < blocks(); index++) {
            final String block = BLOCKS + index;
            if (has(block + ".0.op.weight")) {
                levels.add(level);
                level = new Level(0, 0, 0);
                continue;
            }
            final String convolution = block + ".0.in_layers.2.weight";
            if (!has(convolution)) return List.of();
            final Level grown = new Level(length(convolution, 0), level.layers() + 1, depth(block + ".1"));
            if (level.layers() > 0 && (grown.channels() != level.channels() || grown.depth() != level.depth()))
                return List.of();
            level = grown;
        }
        levels.add(level);
        return levels;
    }

    /** The first convolution is one of them. */
    private long blocks() {
        return tensors.keySet().stream()
                .filter(name -> name.startsWith(BLOCKS))
                .map(name -> name.substring(BLOCKS.length()).replaceFirst("\\..*", ""))
                .distinct()
                .count();
    }

    private int depth(final String transformer) {
        int depth = 0;
        while (has(transformer + ".transformer_blocks." + depth + ".attn1.to_q.weight")) depth++;
        return depth;
    }

    private static boolean attends(final List<Level> levels, final int level) {
        return levels.get(level).depth() > 0;
    }

    /** Networks have the same number of layers on every level. */
    private static boolean isUniform(final List<Level> levels) {
        return !levels.isEmpty()
                && levels.stream()
                        .allMatch(level -> level.channels() > 0
                                && level.layers() > 0
                                && level.layers() == levels.get(0).layers());
    }

    private static void sizes(final JsonObject config, final List<Level> levels) {
        config.addProperty("layers_per_block", levels.get(0).layers());
        fill(config, CHANNELS, levels.size(), level -> levels.get(level).channels());
    }

    private static void fill(
            final JsonObject config, final String key, final int levels, final IntFunction<Object> value) {
        final JsonArray values = new JsonArray();
        for (int i = 0; i < levels; i++)
            if (value.apply(i) instanceof Number number) values.add(number);
            else values.add(value.apply(i).toString());
        config.add(key, values);
    }

    /** All that sizes are read from are weights of convolutions and matrices. */
    private boolean has(final String name) {
        final StoredTensor tensor = tensors.get(name);
        return tensor != null && tensor.shape().length >= 2;
    }

    private int length(final String name, final int axis) {
        return (int) Math.min(Integer.MAX_VALUE, tensors.get(name).shape()[axis]);
    }
}
