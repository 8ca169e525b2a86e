package palindrome.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * Tells from a noisy state and its timestep which words would describe the clean
 * image: the way down of a UNet, its mean over all places, and one linear layer for
 * each attribute (after the classifier of Dhariwal and Nichol 2021).
 * <p>
 * A pure function of its inputs and weights, for any height and width. Autograd flows
 * through it to the state and to weights that require a gradient. States may be of
 * any float type; they are cast to that of the weights inside, where the gradient
 * passes.
 */
public final class CaptionClassifier implements AutoCloseable {

    private final CaptionClassifierConfig config;
    private final Kernels kernels = new Kernels();
    private final Kernels.Handle kernel;
    private final Parameters convIn;
    private final TimeProjection timeProjection;
    private final TimestepEmbedding timeEmbedding;
    private final List<BinaryOperator<NDArray>> layers = new ArrayList<>();
    private final Parameters normOut;
    private final Map<String, Parameters> heads = new LinkedHashMap<>();

    /**
     * @param config the classifier's configuration
     * @param weights its tensors, which must outlive it
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public CaptionClassifier(final CaptionClassifierConfig config, final Weights weights) {
        this.config = config;
        final ModuleScope scope = new ModuleScope("", weights, kernels);
        kernel = scope.kernel(
                "caption_classifier.py", Map.of("GROUPS", config.normNumGroups(), "EPS", config.normEps()));
        convIn = scope.parameters()
                .conv("conv_in", config.blockOutChannels().get(0), config.inChannels(), 3)
                .build();
        final int finest = config.blockOutChannels().get(0);
        timeProjection = new Timesteps(scope, finest, true, 0);
        timeEmbedding = new TimestepEmbedding(scope.child("time_embedding"), finest, config.timeEmbeddingDim());
        final int last = config.blockOutChannels().size() - 1;
        for (int level = 0; level <= last; level++) addLevel(scope.child("down_blocks", level), level, level == last);
        final int features = config.blockOutChannels().get(last);
        normOut = scope.parameters().norm("norm_out", features).build();
        config.attributes()
                .forEach((attribute, words) -> heads.put(
                        attribute,
                        scope.child("heads")
                                .parameters()
                                .linear(attribute, words.size(), features)
                                .build()));
    }

    private void addLevel(final ModuleScope scope, final int level, final boolean last) {
        final int out = config.blockOutChannels().get(level);
        final int in = config.blockOutChannels().get(Math.max(level - 1, 0));
        for (int j = 0; j < config.layersPerBlock(); j++)
            layers.add(new ResnetBlock2D(scope.child("resnets", j), config, j == 0 ? in : out, out, 1)::forward);
        if (last) return;
        final Downsample2D downsampler = new Downsample2D(scope.child("downsamplers", 0), out, 1);
        layers.add((hidden, temb) -> downsampler.forward(hidden));
    }

    /**
     * @param config a configuration
     * @return names and shapes of all parameters of such a classifier; needs neither a
     *         checkpoint nor native code
     */
    public static Map<String, Shape> parameterShapes(final CaptionClassifierConfig config) {
        final ShapeRecorder recorder = new ShapeRecorder();
        new CaptionClassifier(config, recorder).close();
        return recorder.shapes();
    }

    /** @return what this classifier was built from */
    public CaptionClassifierConfig config() {
        return config;
    }

    /** @return where its weights are, and timesteps and choices have to be; states may be anywhere */
    public Device device() {
        return convIn.first().getDevice();
    }

    /**
     * @param state [B, in_channels, H, W]
     * @param timesteps [B], float32
     * @return for each attribute its logits [B, words], owned by the manager of
     *         {@code state}; nothing else stays allocated
     * @throws IllegalArgumentException if shapes do not fit
     */
    public Map<String, NDArray> logits(final NDArray state, final NDArray timesteps) {
        requireShapes(state.getShape(), timesteps.getShape());
        final NDManager owner = state.getManager();
        try (NDManager scope = owner.newSubManager()) {
            final NDArray features = features(state, timesteps, scope);
            final Map<String, NDArray> logits = new LinkedHashMap<>();
            heads.forEach((attribute, head) -> {
                final NDArray values = kernel.call("head", head, features);
                values.attach(owner);
                logits.put(attribute, values);
            });
            return logits;
        }
    }

    /**
     * The logarithm of the probability that the attributes have certain words, summed
     * over attributes and batch.
     *
     * @param state [B, in_channels, H, W]
     * @param timesteps [B], float32
     * @param choices for each attribute that counts, [B, words] or [1, words] for all:
     *          0 for each word it may have, −∞ for the others
     * @return one number, owned by the manager of {@code state}; nothing else stays
     *         allocated
     * @throws IllegalArgumentException if shapes do not fit
     */
    public NDArray logProbability(final NDArray state, final NDArray timesteps, final Map<String, NDArray> choices) {
        requireShapes(state.getShape(), timesteps.getShape());
        final NDManager owner = state.getManager();
        try (NDManager scope = owner.newSubManager()) {
            final NDArray features = features(state, timesteps, scope);
            final NDArray sum = choices.entrySet().stream()
                    .map(choice -> logProbability(features, choice.getKey(), choice.getValue()))
                    .reduce(NDArray::add)
                    .orElseThrow(() -> new IllegalArgumentException("No attribute was given to tell."));
            sum.attach(owner);
            return sum;
        }
    }

    private NDArray logProbability(final NDArray features, final String attribute, final NDArray choice) {
        if (!heads.containsKey(attribute))
            throw new IllegalArgumentException(
                    "The classifier does not tell '" + attribute + "'; it tells " + heads.keySet() + ".");
        final NDArray logits = kernel.call("head", heads.get(attribute), features);
        return kernel.call("log_probability", Parameters.NONE, logits, choice);
    }

    @Override
    public void close() {
        kernels.close();
    }

    /** NB: a kernel's result belongs to the manager of its first input, so all that follows the first is in the scope. */
    private NDArray features(final NDArray state, final NDArray timesteps, final NDManager scope) {
        NDArray hidden = kernel.call("conv_in", convIn, state);
        hidden.attach(scope);
        final NDArray temb = timeEmbedding.forward(timeProjection.forward(hidden, timesteps));
        for (final BinaryOperator<NDArray> layer : layers) hidden = layer.apply(hidden, temb);
        return kernel.call("pool", normOut, hidden);
    }

    private void requireShapes(final Shape state, final Shape timesteps) {
        if (state.dimension() != 4 || state.get(1) != config.inChannels())
            throw new IllegalArgumentException("The classifier takes states [B, " + config.inChannels()
                    + ", H, W], but this one is " + state + ".");
        if (timesteps.dimension() != 1 || timesteps.get(0) != state.get(0))
            throw new IllegalArgumentException("The classifier takes one timestep per state, [" + state.get(0)
                    + "], but these are " + timesteps + ".");
    }
}
