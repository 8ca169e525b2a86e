package palindrome.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names and shapes of the tensors of well-known networks under diffusers' and
 * transformers' names, written down from the construction rules of their
 * modules and independent of the networks of this project.
 */
public final class ArchitectureShapes {

    /**
     * A UNet of the Stable Diffusion family with two resnets a level.
     *
     * @param inChannels channels of the sample: 4, or 9 for inpainting
     * @param channels channels of each level, the finest first
     * @param depths transformer blocks at each level, 0 for none
     * @param middleDepth transformer blocks in the middle
     * @param textWidth width of the text states
     * @param linear whether the transformers' projections are matrices
     * @param addedWidth width of the vector of SDXL's added conditions, 0 for none
     */
    public record UNet(
            int inChannels,
            int[] channels,
            int[] depths,
            int middleDepth,
            int textWidth,
            boolean linear,
            int addedWidth) {

        public static UNet sd1(final int inChannels) {
            return new UNet(inChannels, new int[] {320, 640, 1280, 1280}, new int[] {1, 1, 1, 0}, 1, 768, false, 0);
        }

        public static UNet sd2(final int inChannels) {
            return new UNet(inChannels, new int[] {320, 640, 1280, 1280}, new int[] {1, 1, 1, 0}, 1, 1024, true, 0);
        }

        public static UNet sdxl() {
            return new UNet(4, new int[] {320, 640, 1280}, new int[] {0, 2, 10}, 10, 2048, true, 2816);
        }

        int levels() {
            return channels.length;
        }

        int timeWidth() {
            return 4 * channels[0];
        }
    }

    /** Number of resnets at each level on the way down. */
    static final int LAYERS = 2;

    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    private ArchitectureShapes() {}

    /** {@code UNet2DConditionModel}. */
    public static Map<String, long[]> unet(final UNet net) {
        final ArchitectureShapes s = new ArchitectureShapes();
        final Deque<Integer> skips = s.encoder(net);
        int channels = net.channels()[net.levels() - 1];
        for (int b = 0; b < net.levels(); b++) {
            final int level = net.levels() - 1 - b;
            final String block = "up_blocks." + b;
            for (int l = 0; l <= LAYERS; l++) {
                s.resnet(block + ".resnets." + l, channels + skips.pop(), net.channels()[level], net.timeWidth());
                channels = net.channels()[level];
                if (net.depths()[level] > 0)
                    s.transformer(block + ".attentions." + l, channels, net.depths()[level], net);
            }
            if (level > 0) s.conv(block + ".upsamplers.0.conv", channels, channels, 3);
        }
        s.norm("conv_norm_out", channels);
        s.conv("conv_out", channels, 4, 3);
        return s.shapes;
    }

    /** {@code ControlNetModel} for a UNet, with the hint channels of the original. */
    public static Map<String, long[]> controlNet(final UNet net) {
        final ArchitectureShapes s = new ArchitectureShapes();
        final Deque<Integer> skips = s.encoder(net);
        final int[] hints = {16, 16, 32, 32, 96, 96, 256};
        s.conv("controlnet_cond_embedding.conv_in", 3, hints[0], 3);
        for (int i = 0; i + 1 < hints.length; i++)
            s.conv("controlnet_cond_embedding.blocks." + i, hints[i], hints[i + 1], 3);
        s.conv("controlnet_cond_embedding.conv_out", hints[hints.length - 1], net.channels()[0], 3);
        int i = 0;
        for (final int channels : skips.stream().sorted().toList())
            s.conv("controlnet_down_blocks." + i++, channels, channels, 1);
        final int deepest = net.channels()[net.levels() - 1];
        s.conv("controlnet_mid_block", deepest, deepest, 1);
        return s.shapes;
    }

    /** {@code AutoencoderKL} of Stable Diffusion. */
    public static Map<String, long[]> vae() {
        final int[] channels = {128, 256, 512, 512};
        final ArchitectureShapes s = new ArchitectureShapes();
        s.conv("encoder.conv_in", 3, channels[0], 3);
        int width = channels[0];
        for (int i = 0; i < channels.length; i++) {
            for (int j = 0; j < LAYERS; j++) {
                s.resnet("encoder.down_blocks." + i + ".resnets." + j, width, channels[i], 0);
                width = channels[i];
            }
            if (i + 1 < channels.length) s.conv("encoder.down_blocks." + i + ".downsamplers.0.conv", width, width, 3);
        }
        s.vaeMiddle("encoder.mid_block", width);
        s.norm("encoder.conv_norm_out", width);
        s.conv("encoder.conv_out", width, 8, 3);
        s.conv("quant_conv", 8, 8, 1);
        s.conv("post_quant_conv", 4, 4, 1);
        s.conv("decoder.conv_in", 4, width, 3);
        s.vaeMiddle("decoder.mid_block", width);
        for (int i = 0; i < channels.length; i++) {
            final int out = channels[channels.length - 1 - i];
            for (int j = 0; j <= LAYERS; j++) {
                s.resnet("decoder.up_blocks." + i + ".resnets." + j, width, out, 0);
                width = out;
            }
            if (i + 1 < channels.length) s.conv("decoder.up_blocks." + i + ".upsamplers.0.conv", width, width, 3);
        }
        s.norm("decoder.conv_norm_out", width);
        s.conv("decoder.conv_out", width, 3, 3);
        return s.shapes;
    }

    /** {@code CLIPTextModel}: 768 × 12 is CLIP-L, 1024 × 23 SD 2's part of OpenCLIP-H. */
    public static Map<String, long[]> clipText(final int width, final int layers) {
        final ArchitectureShapes s = new ArchitectureShapes();
        s.put("text_model.embeddings.token_embedding.weight", 49408, width);
        s.put("text_model.embeddings.position_embedding.weight", 77, width);
        for (int n = 0; n < layers; n++) {
            final String layer = "text_model.encoder.layers." + n;
            for (final String part : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"})
                s.linear(layer + ".self_attn." + part, width, width);
            s.norm(layer + ".layer_norm1", width);
            s.norm(layer + ".layer_norm2", width);
            s.linear(layer + ".mlp.fc1", width, 4 * width);
            s.linear(layer + ".mlp.fc2", 4 * width, width);
        }
        s.norm("text_model.final_layer_norm", width);
        return s.shapes;
    }

    /** {@code CLIPTextModelWithProjection}: 1280 × 32 is OpenCLIP-bigG, SDXL's second encoder. */
    public static Map<String, long[]> clipTextWithProjection(final int width, final int layers) {
        final Map<String, long[]> shapes = clipText(width, layers);
        shapes.put("text_projection.weight", new long[] {width, width});
        return shapes;
    }

    public static long parameters(final Map<String, long[]> shapes) {
        return shapes.values().stream().mapToLong(ArchitectureShapes::size).sum();
    }

    static long size(final long[] shape) {
        long size = 1;
        for (final long length : shape) size *= length;
        return size;
    }

    /** What UNet and ControlNet share; the channels of all skip connections, the last on top. */
    private Deque<Integer> encoder(final UNet net) {
        final Deque<Integer> skips = new ArrayDeque<>();
        final int finest = net.channels()[0];
        linear("time_embedding.linear_1", finest, net.timeWidth());
        linear("time_embedding.linear_2", net.timeWidth(), net.timeWidth());
        if (net.addedWidth() > 0) {
            linear("add_embedding.linear_1", net.addedWidth(), net.timeWidth());
            linear("add_embedding.linear_2", net.timeWidth(), net.timeWidth());
        }
        conv("conv_in", net.inChannels(), finest, 3);
        skips.push(finest);
        int channels = finest;
        for (int b = 0; b < net.levels(); b++) {
            final String block = "down_blocks." + b;
            for (int l = 0; l < LAYERS; l++) {
                resnet(block + ".resnets." + l, channels, net.channels()[b], net.timeWidth());
                channels = net.channels()[b];
                if (net.depths()[b] > 0) transformer(block + ".attentions." + l, channels, net.depths()[b], net);
                skips.push(channels);
            }
            if (b + 1 < net.levels()) {
                conv(block + ".downsamplers.0.conv", channels, channels, 3);
                skips.push(channels);
            }
        }
        resnet("mid_block.resnets.0", channels, channels, net.timeWidth());
        transformer("mid_block.attentions.0", channels, net.middleDepth(), net);
        resnet("mid_block.resnets.1", channels, channels, net.timeWidth());
        return skips;
    }

    private void transformer(final String at, final int width, final int depth, final UNet net) {
        norm(at + ".norm", width);
        projection(at + ".proj_in", width, net.linear());
        for (int d = 0; d < depth; d++) {
            final String block = at + ".transformer_blocks." + d;
            for (int n = 1; n <= 3; n++) norm(block + ".norm" + n, width);
            attention(block + ".attn1", width, width);
            attention(block + ".attn2", width, net.textWidth());
            linear(block + ".ff.net.0.proj", width, 8 * width);
            linear(block + ".ff.net.2", 4 * width, width);
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

    private void vaeMiddle(final String at, final int width) {
        resnet(at + ".resnets.0", width, width, 0);
        norm(at + ".attentions.0.group_norm", width);
        for (final String part : new String[] {"to_q", "to_k", "to_v", "to_out.0"})
            linear(at + ".attentions.0." + part, width, width);
        resnet(at + ".resnets.1", width, width, 0);
    }

    private void resnet(final String at, final int in, final int out, final int time) {
        norm(at + ".norm1", in);
        conv(at + ".conv1", in, out, 3);
        if (time > 0) linear(at + ".time_emb_proj", time, out);
        norm(at + ".norm2", out);
        conv(at + ".conv2", out, out, 3);
        if (in != out) conv(at + ".conv_shortcut", in, out, 1);
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

    private void put(final String name, final long... shape) {
        if (shapes.put(name, shape) != null) throw new IllegalStateException("Two tensors " + name);
    }
}
