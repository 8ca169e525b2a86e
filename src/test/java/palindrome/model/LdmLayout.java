package palindrome.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Brings weights from diffusers' layout to that of the original training code, name by name with patterns, after
 * the rules of {@code scripts/convert_diffusers_to_original_stable_diffusion.py} of diffusers. Knows nothing of
 * {@link LdmNames}, which reads what this writes.
 */
final class LdmLayout {

    /** A tensor in memory. */
    record Values(long[] shape, float[] values) {

        /** The same as a convolution of one pixel. */
        Values pointwise() {
            return new Values(new long[] {shape[0], shape[1], 1, 1}, values);
        }

        Values transposed() {
            final int rows = (int) shape[0];
            final int columns = (int) shape[1];
            final float[] turned = new float[values.length];
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c];
            return new Values(new long[] {columns, rows}, turned);
        }
    }

    private final Map<String, Values> tensors = new LinkedHashMap<>();

    /** Adds a {@code UNet2DConditionModel}, as {@code model.diffusion_model}. */
    LdmLayout unet(final Map<String, Values> diffusers, final int layers) {
        diffusers.forEach((name, values) -> put("model.diffusion_model." + unet(name, layers, diffusers), values));
        return this;
    }

    /** Adds a {@code ControlNetModel} under a prefix. */
    LdmLayout controlNet(final Map<String, Values> diffusers, final int layers, final String prefix) {
        diffusers.forEach((name, values) -> put(prefix + controlNet(name, layers, diffusers), values));
        return this;
    }

    /** Adds an {@code AutoencoderKL} under a prefix. */
    LdmLayout vae(final Map<String, Values> diffusers, final int levels, final String prefix) {
        diffusers.forEach((name, values) -> put(
                prefix + vae(name, levels), name.matches(".*attentions.*to_.*weight") ? values.pointwise() : values));
        return this;
    }

    /** Adds a {@code CLIPTextModel} as transformers has it. */
    LdmLayout clip(final Map<String, Values> transformers, final String prefix) {
        transformers.forEach((name, values) -> put(prefix + name, values));
        return this;
    }

    /** Adds a {@code CLIPTextModel} as OpenCLIP has it: joint projections, and a matrix in place of a layer. */
    LdmLayout openClip(final Map<String, Values> transformers, final String prefix) {
        transformers.forEach((name, values) -> {
            if (name.contains("self_attn.k_proj") || name.contains("self_attn.v_proj")) return;
            if (name.contains("self_attn.q_proj"))
                put(
                        prefix + openClip(name.replace(".q_proj.", ".in_proj_")),
                        joined(
                                values,
                                transformers.get(name.replace("q_proj", "k_proj")),
                                transformers.get(name.replace("q_proj", "v_proj"))));
            else if (name.equals("text_projection.weight")) put(prefix + "text_projection", values.transposed());
            else put(prefix + openClip(name), values);
        });
        return this;
    }

    /** Adds a tensor as it is. */
    LdmLayout put(final String name, final Values values) {
        if (tensors.put(name, values) != null) throw new IllegalStateException("Two tensors " + name);
        return this;
    }

    Map<String, Values> tensors() {
        return tensors;
    }

    private static String unet(final String name, final int layers, final Map<String, Values> all) {
        final boolean upTransformers =
                all.containsKey(name.replaceFirst("upsamplers\\.0\\..*", "attentions.0.norm.weight"));
        String ldm = replaced(
                name,
                "down_blocks\\.(\\d+)\\.(resnets|attentions)\\.(\\d+)\\.",
                m -> "input_blocks." + ((layers + 1) * number(m, 1) + number(m, 3) + 1) + part(m.group(2)));
        ldm = replaced(
                ldm,
                "down_blocks\\.(\\d+)\\.downsamplers\\.0\\.conv\\.",
                m -> "input_blocks." + (layers + 1) * (number(m, 1) + 1) + ".0.op.");
        ldm = replaced(
                ldm,
                "up_blocks\\.(\\d+)\\.(resnets|attentions)\\.(\\d+)\\.",
                m -> "output_blocks." + ((layers + 1) * number(m, 1) + number(m, 3)) + part(m.group(2)));
        ldm = replaced(
                ldm,
                "up_blocks\\.(\\d+)\\.upsamplers\\.0\\.",
                m -> "output_blocks." + ((layers + 1) * number(m, 1) + layers) + (upTransformers ? ".2." : ".1."));
        ldm = replaced(ldm, "mid_block\\.resnets\\.(\\d)\\.", m -> "middle_block." + 2 * number(m, 1) + ".");
        ldm = ldm.replace("mid_block.attentions.0.", "middle_block.1.")
                .replace("time_embedding.linear_1", "time_embed.0")
                .replace("time_embedding.linear_2", "time_embed.2")
                .replace("add_embedding.linear_1", "label_emb.0.0")
                .replace("add_embedding.linear_2", "label_emb.0.2")
                .replaceFirst("^conv_in\\.", "input_blocks.0.0.")
                .replaceFirst("^conv_norm_out\\.", "out.0.")
                .replaceFirst("^conv_out\\.", "out.2.");
        if (!name.contains("resnets.")) return ldm;
        return ldm.replace("norm1.", "in_layers.0.")
                .replace("conv1.", "in_layers.2.")
                .replace("norm2.", "out_layers.0.")
                .replace("conv2.", "out_layers.3.")
                .replace("time_emb_proj.", "emb_layers.1.")
                .replace("conv_shortcut.", "skip_connection.");
    }

    private static String part(final String kind) {
        return kind.equals("resnets") ? ".0." : ".1.";
    }

    private static String controlNet(final String name, final int layers, final Map<String, Values> all) {
        final int last = (int) all.keySet().stream()
                                .filter(other -> other.matches("controlnet_cond_embedding\\.blocks\\.\\d+\\.weight"))
                                .count()
                        * 2
                + 2;
        String ldm = replaced(name, "controlnet_down_blocks\\.(\\d+)\\.", m -> "zero_convs." + number(m, 1) + ".0.");
        ldm = replaced(
                ldm,
                "controlnet_cond_embedding\\.blocks\\.(\\d+)\\.",
                m -> "input_hint_block." + (2 * number(m, 1) + 2) + ".");
        ldm = ldm.replace("controlnet_cond_embedding.conv_in.", "input_hint_block.0.")
                .replace("controlnet_cond_embedding.conv_out.", "input_hint_block." + last + ".")
                .replace("controlnet_mid_block.", "middle_block_out.0.");
        return unet(ldm, layers, all);
    }

    private static String vae(final String name, final int levels) {
        String ldm = replaced(
                name,
                "encoder\\.down_blocks\\.(\\d+)\\.resnets\\.(\\d+)",
                m -> "encoder.down." + m.group(1) + ".block." + m.group(2));
        ldm = replaced(ldm, "down_blocks\\.(\\d+)\\.downsamplers\\.0\\.", m -> "down." + m.group(1) + ".downsample.");
        ldm = replaced(
                ldm,
                "decoder\\.up_blocks\\.(\\d+)\\.resnets\\.(\\d+)",
                m -> "decoder.up." + (levels - 1 - number(m, 1)) + ".block." + m.group(2));
        ldm = replaced(
                ldm, "up_blocks\\.(\\d+)\\.upsamplers\\.0\\.", m -> "up." + (levels - 1 - number(m, 1)) + ".upsample.");
        ldm = replaced(ldm, "mid_block\\.resnets\\.(\\d)\\.", m -> "mid.block_" + (number(m, 1) + 1) + ".");
        return ldm.replace("mid_block.attentions.0.", "mid.attn_1.")
                .replace("group_norm.", "norm.")
                .replace("to_out.0.", "proj_out.")
                .replaceAll("to_([qkv])\\.", "$1.")
                .replace("conv_shortcut.", "nin_shortcut.")
                .replace("conv_norm_out.", "norm_out.");
    }

    private static String openClip(final String name) {
        return name.replace("text_model.embeddings.token_embedding.", "token_embedding.")
                .replace("text_model.embeddings.position_embedding.weight", "positional_embedding")
                .replace("text_model.final_layer_norm.", "ln_final.")
                .replace("text_model.encoder.layers.", "transformer.resblocks.")
                .replace("layer_norm1.", "ln_1.")
                .replace("layer_norm2.", "ln_2.")
                .replace("mlp.fc1.", "mlp.c_fc.")
                .replace("mlp.fc2.", "mlp.c_proj.")
                .replace("self_attn.", "attn.");
    }

    private static Values joined(final Values... parts) {
        int size = 0;
        for (final Values part : parts) size += part.values().length;
        final float[] all = new float[size];
        int at = 0;
        for (final Values part : parts) {
            System.arraycopy(part.values(), 0, all, at, part.values().length);
            at += part.values().length;
        }
        final long[] shape = parts[0].shape().clone();
        shape[0] *= parts.length;
        return new Values(shape, all);
    }

    private static String replaced(final String name, final String pattern, final Function<MatchResult, String> ldm) {
        return Pattern.compile(pattern).matcher(name).replaceAll(ldm);
    }

    private static int number(final MatchResult match, final int group) {
        return Integer.parseInt(match.group(group));
    }
}
