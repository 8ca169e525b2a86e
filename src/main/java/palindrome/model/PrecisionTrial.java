package palindrome.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import palindrome.engine.Placement;
import palindrome.engine.Precision;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;
import palindrome.engine.TorchRandom;
import palindrome.network.Conditioning;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;
import palindrome.network.Weights;

/**
 * Times a network that is like the finest level of Stable Diffusion, where most of its time goes: resnet blocks,
 * attention to itself and to a text, its channels and its number of tokens. Its weights are random.
 */
public final class PrecisionTrial {

    private static final int WARM_UP = 2;
    private static final int REPETITIONS = 5;
    private static final float SPREAD = 0.02f;
    private static final int TOKENS = 77;

    /** The block of Stable Diffusion 1.5 at 512 × 512 pixels. */
    public static final PrecisionTrial USUAL = new PrecisionTrial(320, 8, 768, 64);

    private final UNet2DConditionConfig config;
    private final int side;

    /**
     * @param channels of the level, a multiple of 32
     * @param heads of its attention
     * @param width of the text states
     * @param side height and width of the state
     */
    PrecisionTrial(final int channels, final int heads, final int width, final int side) {
        this.side = side;
        config = UNet2DConditionConfig.fromJson(JsonParser.parseString(
                        """
                        {"_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4,
                         "down_block_types": ["CrossAttnDownBlock2D"], "up_block_types": ["CrossAttnUpBlock2D"],
                         "block_out_channels": [%d], "layers_per_block": 1, "cross_attention_dim": %d,
                         "attention_head_dim": %d}"""
                                .formatted(channels, width, heads))
                .getAsJsonObject());
    }

    /**
     * Takes a few seconds on a GPU, minutes or hours on a CPU.
     *
     * @param device where to compute
     * @param before asked before every evaluation; leaves by an exception to stop
     * @return medians of several evaluations
     * @throws palindrome.engine.TensorMemoryException if the device has not enough memory
     */
    public PrecisionTiming run(final Device device, final Runnable before) {
        return new PrecisionTiming(
                seconds(new Placement(device, Precision.FLOAT32), before),
                seconds(new Placement(device, Precision.FLOAT16), before));
    }

    private double seconds(final Placement placement, final Runnable before) {
        try (NDManager manager = TorchEngine.start().newManager(placement.device());
                UNet2DConditionModel network = new UNet2DConditionModel(config, new Drawn(manager, placement))) {
            final int width = config.crossAttentionDim().get(0);
            final NDArray state = drawn(new TorchRandom(1), 1, manager, placement, 1, 4, side, side);
            final NDArray text = drawn(new TorchRandom(2), 1, manager, placement, 1, TOKENS, width);
            final NDArray time = Tensors.of(manager, new float[] {500}, 1);
            final List<Double> times = new ArrayList<>();
            for (int i = -WARM_UP; i < REPETITIONS; i++) {
                before.run();
                final long start = System.nanoTime();
                try (NDArray answer = network.forward(state, time, new Conditioning.Text(text));
                        NDArray first = answer.get("0, 0, 0, 0")) {
                    // NB: a GPU has computed only when something is read.
                    Tensors.cast(first, Precision.FLOAT32.type()).getFloat();
                }
                if (i >= 0) times.add((System.nanoTime() - start) * 1e-9);
            }
            Collections.sort(times);
            return times.get(times.size() / 2);
        }
    }

    private static NDArray drawn(
            final TorchRandom random,
            final float spread,
            final NDManager manager,
            final Placement placement,
            final long... shape) {
        final float[] values = random.randn((int) new Shape(shape).size());
        for (int i = 0; i < values.length; i++) values[i] *= spread;
        try (NDArray wide = Tensors.of(manager, values, shape)) {
            // NB: a cast to the same type returns the array itself.
            final NDArray cast = Tensors.cast(wide, placement.precision().type());
            return cast == wide ? wide.duplicate() : cast;
        }
    }

    /** Weights around 0, as small as those of a trained network. */
    private static final class Drawn implements Weights {

        private final TorchRandom random = new TorchRandom(0);
        private final Map<String, NDArray> arrays = new LinkedHashMap<>();
        private final NDManager manager;
        private final Placement placement;

        Drawn(final NDManager manager, final Placement placement) {
            this.manager = manager;
            this.placement = placement;
        }

        @Override
        public NDArray get(final String name, final long... shape) {
            return arrays.computeIfAbsent(name, any -> drawn(random, SPREAD, manager, placement, shape));
        }

        @Override
        public boolean contains(final String name) {
            return true;
        }
    }
}
