package palindrome.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * What a {@link ControlNetModel} is built from: its {@code config.json}, in
 * diffusers' words.
 *
 * @param encoder the UNet whose way down it copies
 * @param conditioningChannels channels of the control image
 * @param conditioningEmbeddingOutChannels channels of the network that brings the
 *          control image to the size of the sample; each but the first halves it
 * @param channelOrder order in which the network was trained to see the channels
 * @param globalPoolConditions whether residuals are averaged over all places
 */
public record ControlNetConfig(
        UNet2DConditionConfig encoder,
        int conditioningChannels,
        List<Integer> conditioningEmbeddingOutChannels,
        ChannelOrder channelOrder,
        boolean globalPoolConditions) {

    private static final String OUT_CHANNELS = "conditioning_embedding_out_channels";
    private static final String DOWN_TYPES = "down_block_types";

    /** Order of the channels of a control image. */
    public enum ChannelOrder {
        /** Red first. */
        RGB,
        /** Blue first. */
        BGR
    }

    /**
     * @param json a ControlNet's {@code config.json}; absent keys take diffusers'
     *          defaults, unknown keys are left alone
     * @return the configuration
     * @throws IllegalArgumentException if an option is not supported, named in the
     *           message, or has an illegal value
     */
    public static ControlNetConfig fromJson(final JsonObject json) {
        final ConfigReader reader = new ConfigReader("ControlNetModel", json);
        final List<Integer> outChannels = reader.channels(OUT_CHANNELS, List.of(16, 32, 96, 256));
        for (final int channels : outChannels)
            if (channels < 1) throw reader.wrong(OUT_CHANNELS, reader.raw(OUT_CHANNELS), "positive");
        return new ControlNetConfig(
                UNet2DConditionConfig.read(new ConfigReader("ControlNetModel", asUNet(json))),
                reader.integer("conditioning_channels", 3),
                outChannels,
                reader.oneOf("controlnet_conditioning_channel_order", ChannelOrder.RGB),
                reader.flag("global_pool_conditions", false));
    }

    /** The UNet it was made of: the way up mirrors the way down, and heads may have their right name here. */
    private static JsonObject asUNet(final JsonObject json) {
        final JsonObject unet = json.deepCopy();
        final JsonElement heads = unet.remove("num_attention_heads");
        if (heads != null && !heads.isJsonNull()) unet.add("attention_head_dim", heads);
        if (unet.get(DOWN_TYPES) instanceof JsonArray down) {
            final JsonArray up = new JsonArray();
            for (int i = down.size() - 1; i >= 0; i--)
                up.add(down.get(i).getAsString().replace("Down", "Up"));
            unet.add("up_block_types", up);
        }
        return unet;
    }

    /** @return how many pixels of the control image lie along one side of a value of the sample */
    public int scale() {
        return 1 << (conditioningEmbeddingOutChannels.size() - 1);
    }
}
