package palindrome.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import palindrome.model.ArchitectureShapes.UNet;

/**
 * Names and shapes of the same networks in the layout of the original training
 * code (LDM), written down from the construction rules of its modules. Nothing
 * here knows how the two layouts correspond.
 */
public final class LdmShapes {

    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    private LdmShapes() {}

    /** A whole SD 1.x checkpoint, with what such files carry along. */
    public static Map<String, long[]> sd1(final int inChannels) {
        final LdmShapes s = new LdmShapes();
        s.all("model.diffusion_model.", unet(UNet.sd1(inChannels)));
        s.all("first_stage_model.", vae());
        s.all("cond_stage_model.transformer.", ArchitectureShapes.clipText(768, 12));
        s.put("cond_stage_model.transformer.text_model.embeddings.position_ids", 1, 77);
        s.schedule();
        return s.shapes;
    }

    /** A whole SD 2.x checkpoint. */
    public static Map<String, long[]> sd2(final int inChannels) {
        final LdmShapes s = new LdmShapes();
        s.all("model.diffusion_model.", unet(UNet.sd2(inChannels)));
        s.all("first_stage_model.", vae());
        s.all("cond_stage_model.model.", openClip(1024, 24));
        s.schedule();
        return s.shapes;
    }

    /** A whole SDXL base checkpoint. */
    public static Map<String, long[]> sdxl() {
        final LdmShapes s = new LdmShapes();
        s.all("model.diffusion_model.", unet(UNet.sdxl()));
        s.all("first_stage_model.", vae());
        s.all("conditioner.embedders.0.transformer.", ArchitectureShapes.clipText(768, 12));
        s.all("conditioner.embedders.1.model.", openClip(1280, 32));
        return s.shapes;
    }

    /** {@code UNetModel}. */
    public static Map<String, long[]> unet(final UNet net) {
        final LdmShapes s = new LdmShapes();
        final Deque<Integer> skips = s.encoder(net);
        int channels = net.channels()[net.levels() - 1];
        int index = 0;
        for (int level = net.levels() - 1; level >= 0; level--) {
            for (int i = 0; i <= ArchitectureShapes.LAYERS; i++) {
                final String block = "output_blocks." + index++;
                s.resBlock(block + ".0", channels + skips.pop(), net.channels()[level], net);
                channels = net.channels()[level];
                int next = 1;
                if (net.depths()[level] > 0)
                    s.spatialTransformer(block + "." + next++, channels, net.depths()[level], net);
                if (level > 0 && i == ArchitectureShapes.LAYERS)
                    s.conv(block + "." + next + ".conv", channels, channels, 3);
            }
        }
        s.norm("out.0", channels);
        s.conv("out.2", channels, 4, 3);
        return s.shapes;
    }

    /** {@code ControlNet}, without its prefix {@code control_model.}. */
    public static Map<String, long[]> controlNet(final UNet net) {
        final LdmShapes s = new LdmShapes();
        final Deque<Integer> skips = s.encoder(net);
        int in = 3;
        final int[] widths = {16, 16, 32, 32, 96, 96, 256, net.channels()[0]};
        for (int k = 0; k < widths.length; k++) {
            s.conv("input_hint_block." + 2 * k, in, widths[k], 3);
            in = widths[k];
        }
        int i = 0;
        for (final int channels : skips.stream().sorted().toList())
            s.conv("zero_convs." + i++ + ".0", channels, channels, 1);
        final int deepest = net.channels()[net.levels() - 1];
        s.conv("middle_block_out.0", deepest, deepest, 1);
        return s.shapes;
    }

    /** {@code AutoencoderKL} of LDM. */
    public static Map<String, long[]> vae() {
        final int[] channels = {128, 256, 512, 512};
        final LdmShapes s = new LdmShapes();
        s.conv("encoder.conv_in", 3, channels[0], 3);
        int width = channels[0];
        for (int i = 0; i < channels.length; i++) {
            for (int j = 0; j < ArchitectureShapes.LAYERS; j++) {
                s.vaeBlock("encoder.down." + i + ".block." + j, width, channels[i]);
                width = channels[i];
            }
            if (i + 1 < channels.length) s.conv("encoder.down." + i + ".downsample.conv", width, width, 3);
        }
        s.vaeMiddle("encoder.mid", width);
        s.norm("encoder.norm_out", width);
        s.conv("encoder.conv_out", width, 8, 3);
        s.conv("decoder.conv_in", 4, width, 3);
        s.vaeMiddle("decoder.mid", width);
        for (int i = channels.length - 1; i >= 0; i--) {
            for (int j = 0; j <= ArchitectureShapes.LAYERS; j++) {
                s.vaeBlock("decoder.up." + i + ".block." + j, width, channels[i]);
                width = channels[i];
            }
            if (i > 0) s.conv("decoder.up." + i + ".upsample.conv", width, width, 3);
        }
        s.norm("decoder.norm_out", width);
        s.conv("decoder.conv_out", width, 3, 3);
        s.conv("quant_conv", 8, 8, 1);
        s.conv("post_quant_conv", 4, 4, 1);
        return s.shapes;
    }

    /** The text half of OpenCLIP. */
    public static Map<String, long[]> openClip(final int width, final int layers) {
        final LdmShapes s = new LdmShapes();
        s.put("positional_embedding", 77, width);
        s.put("text_projection", width, width);
        s.put("logit_scale");
        s.put("token_embedding.weight", 49408, width);
        for (int n = 0; n < layers; n++) {
            final String block = "transformer.resblocks." + n;
            s.norm(block + ".ln_1", width);
            s.put(block + ".attn.in_proj_weight", 3L * width, width);
            s.put(block + ".attn.in_proj_bias", 3L * width);
            s.linear(block + ".attn.out_proj", width, width);
            s.norm(block + ".ln_2", width);
            s.linear(block + ".mlp.c_fc", width, 4 * width);
            s.linear(block + ".mlp.c_proj", 4 * width, width);
        }
        s.norm("ln_final", width);
        return s.shapes;
    }

    private Deque<Integer> encoder(final UNet net) {
        final Deque<Integer> skips = new ArrayDeque<>();
        final int finest = net.channels()[0];
        linear("time_embed.0", finest, net.timeWidth());
        linear("time_embed.2", net.timeWidth(), net.timeWidth());
        if (net.addedWidth() > 0) {
            linear("label_emb.0.0", net.addedWidth(), net.timeWidth());
            linear("label_emb.0.2", net.timeWidth(), net.timeWidth());
        }
        conv("input_blocks.0.0", net.inChannels(), finest, 3);
        skips.push(finest);
        int channels = finest;
        int index = 1;
        for (int level = 0; level < net.levels(); level++) {
            for (int i = 0; i < ArchitectureShapes.LAYERS; i++) {
                final String block = "input_blocks." + index++;
                resBlock(block + ".0", channels, net.channels()[level], net);
                channels = net.channels()[level];
                if (net.depths()[level] > 0) spatialTransformer(block + ".1", channels, net.depths()[level], net);
                skips.push(channels);
            }
            if (level + 1 < net.levels()) {
                conv("input_blocks." + index++ + ".0.op", channels, channels, 3);
                skips.push(channels);
            }
        }
        resBlock("middle_block.0", channels, channels, net);
        spatialTransformer("middle_block.1", channels, net.middleDepth(), net);
        resBlock("middle_block.2", channels, channels, net);
        return skips;
    }

    private void resBlock(final String at, final int in, final int out, final UNet net) {
        norm(at + ".in_layers.0", in);
        conv(at + ".in_layers.2", in, out, 3);
        linear(at + ".emb_layers.1", net.timeWidth(), out);
        norm(at + ".out_layers.0", out);
        conv(at + ".out_layers.3", out, out, 3);
        if (in != out) conv(at + ".skip_connection", in, out, 1);
    }

    private void spatialTransformer(final String at, final int width, final int depth, final UNet net) {
        norm(at + ".norm", width);
        projection(at + ".proj_in", width, net.linear());
        for (int d = 0; d < depth; d++) {
            final String block = at + ".transformer_blocks." + d;
            attention(block + ".attn1", width, width);
            linear(block + ".ff.net.0.proj", width, 8 * width);
            linear(block + ".ff.net.2", 4 * width, width);
            attention(block + ".attn2", width, net.textWidth());
            for (int n = 1; n <= 3; n++) norm(block + ".norm" + n, width);
        }
        projection(at + ".proj_out", width, net.linear());
    }

    private void projection(final String at, final int width, final boolean linear) {
        if (linear) linear(at, width, width);
        else conv(at, width, width, 1);
    }

    private void attention(final String at, final int width, final int context) {
        put(at + ".to_q.weight", width, width);
        put(at + ".to_k.weight", width, context);
        put(at + ".to_v.weight", width, context);
        linear(at + ".to_out.0", width, width);
    }

    private void vaeBlock(final String at, final int in, final int out) {
        norm(at + ".norm1", in);
        conv(at + ".conv1", in, out, 3);
        norm(at + ".norm2", out);
        conv(at + ".conv2", out, out, 3);
        if (in != out) conv(at + ".nin_shortcut", in, out, 1);
    }

    private void vaeMiddle(final String at, final int width) {
        vaeBlock(at + ".block_1", width, width);
        norm(at + ".attn_1.norm", width);
        for (final String part : new String[] {"q", "k", "v", "proj_out"})
            conv(at + ".attn_1." + part, width, width, 1);
        vaeBlock(at + ".block_2", width, width);
    }

    private void schedule() {
        for (final String name : new String[] {
            "betas", "alphas_cumprod", "alphas_cumprod_prev", "sqrt_alphas_cumprod", "log_one_minus_alphas_cumprod"
        }) put(name, 1000);
        put("logvar", 1000);
        put("model_ema.decay");
        put("model_ema.num_updates");
    }

    private void norm(final String at, final int width) {
        put(at + ".weight", width);
        put(at + ".bias", width);
    }

    private void conv(final String at, final int in, final int out, final int side) {
        put(at + ".weight", out, in, side, side);
        put(at + ".bias", out);
    }

    private void linear(final String at, final int in, final int out) {
        put(at + ".weight", out, in);
        put(at + ".bias", out);
    }

    private void all(final String prefix, final Map<String, long[]> part) {
        part.forEach((name, shape) -> put(prefix + name, shape));
    }

    private void put(final String name, final long... shape) {
        if (shapes.put(name, shape) != null) throw new IllegalStateException("Two tensors " + name);
    }
}
