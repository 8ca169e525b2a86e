package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.network.Autoencoder;
import palindrome.network.AutoencoderKL;
import palindrome.network.AutoencoderKLConfig;
import palindrome.network.Weights;
import palindrome.network.Windows;

/** Windows for an autoencoder of Stable Diffusion's size, which none of these tests has to run. */
class TilePlannerTest {

    private static final Weights NONE = new Weights() {
        @Override
        public ai.djl.ndarray.NDArray get(final String name, final long... shape) {
            return null;
        }

        @Override
        public boolean contains(final String name) {
            return false;
        }
    };

    private static Autoencoder stableDiffusion() {
        return new AutoencoderKL(
                AutoencoderKLConfig.fromJson(JsonParser.parseString("{'block_out_channels': [128, 256, 512, 512],"
                                + "'down_block_types': ['DownEncoderBlock2D', 'DownEncoderBlock2D',"
                                + "'DownEncoderBlock2D', 'DownEncoderBlock2D'], 'up_block_types': ['UpDecoderBlock2D',"
                                + "'UpDecoderBlock2D', 'UpDecoderBlock2D', 'UpDecoderBlock2D']}")
                        .getAsJsonObject()),
                NONE);
    }

    private static TilePlan plan(final int sampleSize, final long memory, final int rows, final int columns) {
        try (Autoencoder autoencoder = stableDiffusion()) {
            return new TilePlanner(autoencoder, sampleSize, memory).plan(rows, columns);
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 64, 1", "96, 96, 1", "97, 64, 2", "128, 128, 9", "64, 200, 4"})
    void theNetworkSeesWindowsBeyondItsComfort(final int rows, final int columns, final int windows) {
        final TilePlan plan = plan(64, TilePlan.USUAL_MEMORY, rows, columns);
        assertEquals(windows, plan.network().count(rows, columns));
        if (windows > 1) assertEquals(new Windows(64, 16), plan.network());
    }

    @Test
    void aNetworkThatDoesNotSayItsSizeSeesAll() {
        assertEquals(
                Windows.whole(300, 20), plan(0, TilePlan.USUAL_MEMORY, 300, 20).network());
    }

    @Test
    void theAutoencoderIsTiledBeyondItsMemory() {
        for (final var expected : Map.of(64, 1, 104, 1, 128, 4).entrySet()) {
            final int side = expected.getKey();
            final Windows tiles = plan(64, TilePlan.USUAL_MEMORY, side, side).autoencoder();
            assertEquals((int) expected.getValue(), tiles.count(side, side), "tiles of " + side);
        }
        assertEquals(
                new Windows(104, 26), plan(64, TilePlan.USUAL_MEMORY, 128, 128).autoencoder());
        assertEquals(
                new Windows(48, 12), plan(64, TilePlan.LITTLE_MEMORY, 64, 64).autoencoder());
    }
}
