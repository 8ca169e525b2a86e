package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** A tiny VQModel of random weights, with attention at its coarser level as some of the published ones have it. */
class VQModelTest {

    private static final Runnable GO_ON = () -> {};

    private NDManager manager;
    private DrawnWeights weights;
    private VQModel model;

    @BeforeEach
    void build() {
        manager = TorchEngine.start().newManager(Device.cpu());
        weights = new DrawnWeights(manager, VQModel.parameterShapes(config()));
        model = new VQModel(config(), weights);
    }

    @AfterEach
    void close() {
        model.close();
        manager.close();
    }

    private static JsonObject json(final String json) {
        return JsonParser.parseString(json).getAsJsonObject();
    }

    private static VQModelConfig config() {
        return VQModelConfig.fromJson(json("{'block_out_channels': [8, 16], 'norm_num_groups': 4,"
                + "'down_block_types': ['DownEncoderBlock2D', 'AttnDownEncoderBlock2D'],"
                + "'up_block_types': ['AttnUpDecoderBlock2D', 'UpDecoderBlock2D'],"
                + "'latent_channels': 3, 'num_vq_embeddings': 11, 'vq_embed_dim': 2}"));
    }

    private NDArray image() {
        return weights.draw(1, new Shape(2, 3, 12, 8));
    }

    @Test
    void aLatentIsHalfTheSizeAndAsDeepAsTheCodebook() {
        final NDArray latent = model.encode(image(), GO_ON);
        assertEquals(new Shape(2, 2, 6, 4), latent.getShape());
        assertEquals(new Shape(2, 3, 12, 8), model.decode(latent, GO_ON).getShape());
        assertEquals(new Shape(11, 2), VQModel.parameterShapes(config()).get("quantize.embedding.weight"));
        assertTrue(VQModel.parameterShapes(config()).containsKey("decoder.up_blocks.0.attentions.1.to_q.weight"));
    }

    @Test
    void encodingDoesNotRoundToTheCodebookAndDecodingDoes() {
        final NDArray latent = model.encode(image(), GO_ON);
        final NDArray quantized = model.quantize(latent);
        assertFalse(latent.contentEquals(quantized));
        assertTrue(quantized.contentEquals(model.quantize(quantized)));
        assertArrayEquals(
                model.decode(quantized, GO_ON).toDoubleArray(),
                model.decode(latent, GO_ON).toDoubleArray());
    }

    @Test
    void everyPlaceGetsTheNearestVector() {
        final double[] codebook =
                weights.arrays().get("quantize.embedding.weight").toDoubleArray();
        final double[] x = {0.3, -0.7, 1.1, 0.2, 0.9, -0.4};
        final double[] actual =
                model.quantize(Tensors.of(manager, x, 1, 2, 1, 3)).toDoubleArray();
        for (int place = 0; place < 3; place++) {
            int nearest = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int k = 0; k < 11; k++) {
                final double distance = Math.hypot(codebook[2 * k] - x[place], codebook[2 * k + 1] - x[3 + place]);
                if (distance < least) {
                    least = distance;
                    nearest = k;
                }
            }
            assertEquals(codebook[2 * nearest], actual[place]);
            assertEquals(codebook[2 * nearest + 1], actual[3 + place]);
        }
    }

    @Test
    void nothingIsLeftBehindButTheResult() {
        try (NDManager own = manager.newSubManager()) {
            final NDArray image = image();
            image.attach(own);
            final NDArray latent = model.encode(image, GO_ON);
            model.decode(latent, GO_ON);
            assertEquals(3, own.getManagedArrays().size());
        }
    }

    @Test
    void withoutAKeyLatentsAreNotScaled() {
        assertEquals(1, config().scaling().scale().get(0));
        assertEquals(
                0.18215,
                VQModelConfig.fromJson(json("{'scaling_factor': 0.18215}"))
                        .scaling()
                        .scale()
                        .get(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'norm_type': 'spatial'} | norm_type",
                "{'lookup_from_codebook': true} | lookup_from_codebook",
                "{'num_vq_embeddings': 0} | num_vq_embeddings"
            })
    void whatCannotBeBuiltIsNamed(final String json, final String key) {
        final Exception exc = assertThrows(IllegalArgumentException.class, () -> VQModelConfig.fromJson(json(json)));
        assertTrue(exc.getMessage().contains(key), exc.getMessage());
    }

    @Test
    void grayImagesDoNotFitRgb() {
        final NDArray grey = Tensors.zeros(manager, DataType.FLOAT64, 1, 1, 8, 8);
        assertThrows(IllegalArgumentException.class, () -> model.encode(grey, GO_ON));
    }
}
