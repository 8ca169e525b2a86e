package palindrome.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * How the layout of the original training code (LDM) names the modules of
 * diffusers' networks. Facts from the construction of both module trees;
 * diffusers' own converter, {@code loaders/single_file_utils.py}, agrees.
 */
final class LdmNames {

    private static final String CROSS_ATTENTION = "CrossAttn";

    private LdmNames() {}

    /**
     * @param config a {@code UNet2DConditionModel}'s configuration
     * @return the names below {@code model.diffusion_model.}
     */
    static NameTable unet(final JsonObject config) {
        final NameTable table = new NameTable();
        final int levels = levels(config);
        final int layers = config.get("layers_per_block").getAsInt();
        encoder(table, config);
        int index = 0;
        for (int b = 0; b < levels; b++) {
            final boolean attends = attends(config, "up_block_types", b);
            final String block = "up_blocks." + b;
            for (int l = 0; l <= layers; l++, index++) {
                final String ldm = "output_blocks." + index;
                resnet(table, ldm + ".0", block + ".resnets." + l);
                if (attends) table.add(ldm + ".1", block + ".attentions." + l);
                if (l == layers && b < levels - 1)
                    table.add(ldm + (attends ? ".2" : ".1") + ".conv", block + ".upsamplers.0.conv");
            }
        }
        return table.add("out.0", "conv_norm_out").add("out.2", "conv_out");
    }

    /**
     * @param config a {@code ControlNetModel}'s configuration
     * @return the names below {@code control_model.}
     */
    static NameTable controlNet(final JsonObject config) {
        final NameTable table = new NameTable();
        encoder(table, config);
        final int layers = config.get("layers_per_block").getAsInt();
        final int connections = levels(config) * (layers + 1);
        for (int i = 0; i < connections; i++) table.add("zero_convs." + i + ".0", "controlnet_down_blocks." + i);
        table.add("middle_block_out.0", "controlnet_mid_block");
        final int blocks = 2
                * (config.getAsJsonArray("conditioning_embedding_out_channels").size() - 1);
        table.add("input_hint_block.0", "controlnet_cond_embedding.conv_in");
        for (int k = 0; k < blocks; k++)
            table.add("input_hint_block." + 2 * (k + 1), "controlnet_cond_embedding.blocks." + k);
        return table.add("input_hint_block." + 2 * (blocks + 1), "controlnet_cond_embedding.conv_out");
    }

    /**
     * @param config an {@code AutoencoderKL}'s configuration
     * @return the names below {@code first_stage_model.}
     */
    static NameTable vae(final JsonObject config) {
        final NameTable table = new NameTable();
        final int levels = levels(config);
        final int layers = config.get("layers_per_block").getAsInt();
        for (int i = 0; i < levels; i++) {
            for (int j = 0; j < layers; j++)
                coder(table, "encoder.down." + i + ".block." + j, "encoder.down_blocks." + i + ".resnets." + j);
            if (i < levels - 1)
                table.add(
                        "encoder.down." + i + ".downsample.conv", "encoder.down_blocks." + i + ".downsamplers.0.conv");
            // NB: LDM numbers the decoder's levels from the finest, diffusers in the order they run.
            final String ldm = "decoder.up." + (levels - 1 - i);
            final String block = "decoder.up_blocks." + i;
            for (int j = 0; j <= layers; j++) coder(table, ldm + ".block." + j, block + ".resnets." + j);
            if (i < levels - 1) table.add(ldm + ".upsample.conv", block + ".upsamplers.0.conv");
        }
        for (final String side : List.of("encoder", "decoder")) {
            table.add(side + ".conv_in", side + ".conv_in");
            coder(table, side + ".mid.block_1", side + ".mid_block.resnets.0");
            final String attention = side + ".mid_block.attentions.0";
            table.add(side + ".mid.attn_1.norm", attention + ".group_norm")
                    .add(side + ".mid.attn_1.q", attention + ".to_q")
                    .add(side + ".mid.attn_1.k", attention + ".to_k")
                    .add(side + ".mid.attn_1.v", attention + ".to_v")
                    .add(side + ".mid.attn_1.proj_out", attention + ".to_out.0");
            coder(table, side + ".mid.block_2", side + ".mid_block.resnets.1");
            table.add(side + ".norm_out", side + ".conv_norm_out").add(side + ".conv_out", side + ".conv_out");
        }
        return table.add("quant_conv", "quant_conv").add("post_quant_conv", "post_quant_conv");
    }

    private static void encoder(final NameTable table, final JsonObject config) {
        table.add("time_embed.0", "time_embedding.linear_1")
                .add("time_embed.2", "time_embedding.linear_2")
                .add("label_emb.0.0", "add_embedding.linear_1")
                .add("label_emb.0.2", "add_embedding.linear_2")
                .add("input_blocks.0.0", "conv_in");
        final int levels = levels(config);
        final int layers = config.get("layers_per_block").getAsInt();
        int index = 1;
        for (int b = 0; b < levels; b++) {
            final String block = "down_blocks." + b;
            for (int l = 0; l < layers; l++, index++) {
                resnet(table, "input_blocks." + index + ".0", block + ".resnets." + l);
                if (attends(config, "down_block_types", b))
                    table.add("input_blocks." + index + ".1", block + ".attentions." + l);
            }
            if (b < levels - 1) table.add("input_blocks." + index++ + ".0.op", block + ".downsamplers.0.conv");
        }
        resnet(table, "middle_block.0", "mid_block.resnets.0");
        table.add("middle_block.1", "mid_block.attentions.0");
        resnet(table, "middle_block.2", "mid_block.resnets.1");
    }

    private static void resnet(final NameTable table, final String ldm, final String diffusers) {
        table.add(ldm + ".in_layers.0", diffusers + ".norm1")
                .add(ldm + ".in_layers.2", diffusers + ".conv1")
                .add(ldm + ".emb_layers.1", diffusers + ".time_emb_proj")
                .add(ldm + ".out_layers.0", diffusers + ".norm2")
                .add(ldm + ".out_layers.3", diffusers + ".conv2")
                .add(ldm + ".skip_connection", diffusers + ".conv_shortcut");
    }

    private static void coder(final NameTable table, final String ldm, final String diffusers) {
        for (final String layer : List.of("norm1", "conv1", "norm2", "conv2"))
            table.add(ldm + "." + layer, diffusers + "." + layer);
        table.add(ldm + ".nin_shortcut", diffusers + ".conv_shortcut");
    }

    private static int levels(final JsonObject config) {
        return config.getAsJsonArray("block_out_channels").size();
    }

    private static boolean attends(final JsonObject config, final String key, final int block) {
        final JsonElement type = config.getAsJsonArray(key).get(block);
        return type.getAsString().startsWith(CROSS_ATTENTION);
    }
}
