package palindrome.evaluate;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;

/**
 * Floating-point operations of one evaluation of a UNet, counted from the shapes of
 * its weights: two for each multiplication. Norms, activations and additions are not
 * counted.
 *
 * @param layers of convolutions and linear layers: what published figures count
 * @param attention of scores and weighted values
 */
record NetworkWork(double layers, double attention) {

    /**
     * @param config the network
     * @param batch samples
     * @param side height and width of a sample, divisible by 2 at every level
     * @param textLength text states
     * @return the work of one evaluation
     */
    static NetworkWork of(final UNet2DConditionConfig config, final int batch, final int side, final int textLength) {
        final Counter counter = new Counter(config.levels() - 1, side, textLength);
        double layers = 0;
        double attention = 0;
        for (final Map.Entry<String, Shape> one :
                UNet2DConditionModel.parameterShapes(config).entrySet()) {
            layers += counter.layer(one.getKey(), one.getValue());
            attention += counter.attention(one.getKey(), one.getValue());
        }
        return new NetworkWork(2 * layers * batch, 2 * attention * batch);
    }

    /** @return all operations */
    double total() {
        return layers + attention;
    }

    /** Multiplications that go with a weight, for one sample. */
    private record Counter(int coarsest, long side, long textLength) {

        double layer(final String name, final Shape shape) {
            return shape.dimension() < 2 ? 0 : (double) shape.size() * applications(name);
        }

        /** Scores and weighted values take a product of the width for each pair of places. */
        double attention(final String name, final Shape shape) {
            if (!name.endsWith(".to_q.weight")) return 0;
            final long keys = name.contains(".attn2.") ? textLength : places(name);
            return 2.0 * places(name) * keys * shape.get(0);
        }

        /** How often a weight is multiplied with something. */
        private long applications(final String name) {
            if (name.contains("time_emb") || name.startsWith("add_embedding")) return 1;
            if (name.contains(".attn2.to_k") || name.contains(".attn2.to_v")) return textLength;
            if (name.contains("downsamplers")) return places(name) / 4;
            if (name.contains("upsamplers")) return places(name) * 4;
            return places(name);
        }

        private long places(final String name) {
            final long there = side >> level(name);
            return there * there;
        }

        private int level(final String name) {
            if (name.startsWith("mid_block")) return coarsest;
            if (name.startsWith("down_blocks.")) return index(name);
            return name.startsWith("up_blocks.") ? coarsest - index(name) : 0;
        }

        private static int index(final String name) {
            return Integer.parseInt(name.split("\\.")[1]);
        }
    }
}
