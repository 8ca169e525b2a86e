package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import palindrome.network.UNet2DConditionConfig;

class NetworkWorkTest {

    /** T-GATE reports 16.94 TMAC for 25 steps of two evaluations each at 512 x 512 pixels. */
    @Test
    void agreesWithThePublishedWorkOfStableDiffusion() {
        final NetworkWork work = NetworkWork.of(config("{\"cross_attention_dim\": 768}"), 1, 64, 77);
        assertEquals(16.94e12 / 50, work.layers() / 2, 0.005 * 16.94e12 / 50);
    }

    /** A network of one level, by hand. */
    @Test
    void countsEveryProductOfASmallNetwork() {
        final UNet2DConditionConfig config = config(
                """
				{"block_out_channels": [4], "norm_num_groups": 2, "layers_per_block": 1, "attention_head_dim": 2,
				 "cross_attention_dim": 6, "in_channels": 1, "out_channels": 1,
				 "down_block_types": ["DownBlock2D"], "up_block_types": ["UpBlock2D"]}
				""");
        final long c = 4;
        final long places = 8 * 8;
        final long text = 5;
        // down 1 resnet, mid 2, up 2 of twice the width with shortcuts
        final long resnets = 3 * 2 * 9 * c * c + 2 * (9 * 2 * c * c + 9 * c * c + 2 * c * c);
        final long ends = 2 * 9 * c;
        final long time = c * 4 * c + 4 * c * 4 * c + 5 * 4 * c * c;
        final long projections = 2 * c * c;
        final long linear = 4 * c * c + 2 * c * c + 8 * c * c + 4 * c * c;
        final long context = 2 * 6 * c * text;
        final long scores = 2 * places * places * c + 2 * places * text * c;
        final double layers = (double) (resnets + ends + projections + linear) * places + time + context;
        final NetworkWork work = NetworkWork.of(config, 3, 8, (int) text);
        assertEquals(2 * 3 * layers, work.layers());
        assertEquals(2 * 3 * (double) scores, work.attention());
        assertEquals(work.layers() + work.attention(), work.total());
    }

    private static UNet2DConditionConfig config(final String json) {
        return UNet2DConditionConfig.fromJson(JsonParser.parseString(json).getAsJsonObject());
    }
}
