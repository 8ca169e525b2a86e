package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonParser;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import palindrome.engine.TorchEngine;

/** The kernel against the formula, written out in plain Java. */
class TextTimeEmbeddingTest {

    private static final int WIDTH = 6;
    private static final int HEADS = 2;
    private static final int OUT = 8;
    private static final int LENGTH = 3;

    private final Map<String, double[]> parameters = new LinkedHashMap<>();

    @Test
    void equalsTheFormula() {
        final UNet2DConditionConfig config = UNet2DConditionConfig.fromJson(JsonParser.parseString(
                        "{'block_out_channels': [4, 4], 'norm_num_groups': 2, 'time_embedding_dim': " + OUT
                                + ", 'cross_attention_dim': " + WIDTH + ", 'attention_head_dim': 2,"
                                + "'down_block_types': ['DownBlock2D', 'DownBlock2D'],"
                                + "'up_block_types': ['UpBlock2D', 'UpBlock2D'],"
                                + "'addition_embed_type': 'text', 'addition_embed_type_num_heads': " + HEADS + "}")
                .getAsJsonObject());
        final AdditionEmbedType.Text type = (AdditionEmbedType.Text) config.additionEmbedType();
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                Kernels kernels = new Kernels()) {
            final ShapeRecorder shapes = new ShapeRecorder();
            new TextTimeEmbedding(new ModuleScope("", shapes, kernels), type, config);
            final DrawnWeights weights = new DrawnWeights(manager, shapes.shapes());
            weights.arrays().forEach((name, array) -> parameters.put(name, array.toDoubleArray()));
            final NDArray temb = weights.draw(1, new Shape(2, OUT));
            final NDArray states = weights.draw(1, new Shape(2, LENGTH, WIDTH));
            final double[] result = new TextTimeEmbedding(new ModuleScope("", weights, kernels), type, config)
                    .addTo(temb, states)
                    .toDoubleArray();
            final double[] expected = temb.toDoubleArray();
            for (int b = 0; b < 2; b++) {
                final double[] added = embedding(
                        Arrays.copyOfRange(states.toDoubleArray(), b * LENGTH * WIDTH, (b + 1) * LENGTH * WIDTH));
                for (int i = 0; i < OUT; i++) expected[b * OUT + i] += added[i];
            }
            assertArrayEquals(expected, result, 1e-12);
        }
    }

    private double[] embedding(final double[] states) {
        final double[][] tokens = new double[LENGTH + 1][];
        tokens[0] = parameters.get("pool.positional_embedding").clone();
        for (int t = 1; t <= LENGTH; t++) {
            tokens[t] = norm(Arrays.copyOfRange(states, (t - 1) * WIDTH, t * WIDTH), "norm1");
            for (int i = 0; i < WIDTH; i++) tokens[0][i] += tokens[t][i] / LENGTH;
        }
        final double[] query = linear(tokens[0], "pool.q_proj");
        final double[] pooled = new double[WIDTH];
        final int size = WIDTH / HEADS;
        for (int head = 0; head < HEADS; head++) {
            final double[] weight = new double[LENGTH + 1];
            double sum = 0;
            for (int t = 0; t <= LENGTH; t++) {
                final double[] key = linear(tokens[t], "pool.k_proj");
                double score = 0;
                for (int i = head * size; i < (head + 1) * size; i++) score += query[i] * key[i];
                weight[t] = Math.exp(score / Math.sqrt(size));
                sum += weight[t];
            }
            for (int t = 0; t <= LENGTH; t++) {
                final double[] value = linear(tokens[t], "pool.v_proj");
                for (int i = head * size; i < (head + 1) * size; i++) pooled[i] += weight[t] / sum * value[i];
            }
        }
        return norm(linear(pooled, "proj"), "norm2");
    }

    private double[] linear(final double[] x, final String name) {
        final double[] weight = parameters.get(name + ".weight");
        final double[] result = parameters.get(name + ".bias").clone();
        for (int o = 0; o < result.length; o++)
            for (int i = 0; i < x.length; i++) result[o] += weight[o * x.length + i] * x[i];
        return result;
    }

    private double[] norm(final double[] x, final String name) {
        final double mean = Arrays.stream(x).average().orElseThrow();
        final double variance =
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        final double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++)
            result[i] = (x[i] - mean) / Math.sqrt(variance + 1e-5) * parameters.get(name + ".weight")[i]
                    + parameters.get(name + ".bias")[i];
        return result;
    }
}
