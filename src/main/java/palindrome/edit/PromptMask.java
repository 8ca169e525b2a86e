package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Arrays;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.RealRandomAccess;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.img.basictypeaccess.array.FloatArray;
import net.imglib2.interpolation.randomaccess.NLinearInterpolatorFactory;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import palindrome.sampler.NoisedImage;
import palindrome.sampler.Predictor;
import palindrome.sampler.TorchNoise;

/**
 * Where a prompt would change an image: the first half of DiffEdit (Couairon et al. 2023). The image is put into noise
 * several times, and where the noise that the model sees under the target prompt differs from what it sees under the source
 * prompt, there the target prompt wants something else.
 */
public final class PromptMask {

    /** Differences beyond this many times their mean count as this much: a few extreme ones must not dwarf the others. */
    private static final double CLAMP = 3;

    /** Only the noise level at the strength is visited; this many give strength its fineness. */
    private static final int STEPS = 50;

    private final OpenedModel model;
    private final SamplingSettings settings;
    private final int maps;

    /**
     * @param model the model to ask. Guidance would make all differences as many times larger, and is left out.
     * @param strength how far into noise, above 0 and at most 1; 0.5 is usual
     * @param maps how many times noise is drawn, at least 1; 10 is usual
     * @param seed of the noise
     * @throws IllegalArgumentException if there are to be no maps
     */
    public PromptMask(final OpenedModel model, final double strength, final int maps, final long seed) {
        if (maps < 1) throw new IllegalArgumentException("The number of maps is " + maps + "; use at least 1.");
        this.model = model;
        this.maps = maps;
        settings = new SamplingSettings("DDIM", STEPS, SamplerTuning.AUTOMATIC.withSeed(seed), strength, 1, 0);
    }

    /**
     * Where the image would change.
     *
     * @param record how that was found
     * @param heat how much, from 0 to 1 (three times the mean of the image, and above), with the axes X and Y; 0 everywhere if
     *          the prompts make no difference
     */
    public record Result(RunRecord record, ArrayImg<FloatType, FloatArray> heat) {}

    /**
     * @param image as in {@link Invert#run}
     * @param source what the image shows; may be empty
     * @param target what it should show; may be empty
     * @param progress as in {@link Invert#run}
     */
    public Result run(
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final String source,
            final String target,
            final Progress progress)
            throws IOException {
        final EncodedImage encoded = EncodedImage.of(image, model, progress);
        try (Walk walk = new Walk(model, settings, encoded.plan(), encoded.padding())) {
            progress.stage("Comparing the prompts");
            final NDManager manager = walk.manager();
            final NDArray state = encoded.state(manager);
            walk.checkMemory(state, progress);
            final Predictor shown = walk.predictor(source, "", progress);
            final Predictor wanted = walk.predictor(target, "", progress);
            final TorchNoise noise = new TorchNoise(settings.tuning().seed());
            final int node = walk.grid().steps();
            final double[] sum = new double
                    [Math.toIntExact(state.getShape().get(2) * state.getShape().get(3))];
            progress.step(0, 2L * maps);
            for (int map = 0; map < maps; map++) {
                try (NDManager scope = manager.newSubManager()) {
                    final NDArray noised = new NoisedImage(
                                    state, noise.draw(scope, state.getShape().getShape()))
                            .at(node, walk.grid(), scope);
                    final NDArray before = shown.epsilon(noised, node);
                    before.attach(scope);
                    progress.step(2L * map + 1, 2L * maps);
                    final NDArray after = wanted.epsilon(noised, node);
                    after.attach(scope);
                    progress.step(2L * map + 2, 2L * maps);
                    final double[] difference =
                            after.sub(before).abs().mean(new int[] {1}).toDoubleArray();
                    for (int i = 0; i < sum.length; i++) sum[i] += difference[i] / maps;
                }
            }
            return new Result(
                    walk.record(source, ""),
                    scaled(
                            inPixels(sum, (int) state.getShape().get(3), encoded),
                            encoded.padding().width()));
        }
    }

    /** Between the places of the state linearly, so that what a latent knows in squares has no corners. */
    private double[] inPixels(final double[] places, final int columns, final EncodedImage encoded) {
        final int factor = model.model().factor();
        final int width = encoded.padding().width();
        final int height = encoded.padding().height();
        final ArrayImg<DoubleType, DoubleArray> image = ArrayImgs.doubles(places, columns, places.length / columns);
        final RealRandomAccess<DoubleType> between = Views.interpolate(
                        Views.extendBorder(image), new NLinearInterpolatorFactory<DoubleType>())
                .realRandomAccess();
        final double[] pixels = new double[width * height];
        for (int i = 0; i < pixels.length; i++) {
            between.setPosition((i % width + 0.5) / factor - 0.5, 0);
            between.setPosition((i / width + 0.5) / factor - 0.5, 1);
            pixels[i] = between.get().get();
        }
        return pixels;
    }

    private static ArrayImg<FloatType, FloatArray> scaled(final double[] pixels, final int width) {
        final double largest = CLAMP * Arrays.stream(pixels).average().orElseThrow();
        final float[] heat = new float[pixels.length];
        // NB: where the prompts make no difference there is nothing to scale by.
        if (largest > 0) for (int i = 0; i < heat.length; i++) heat[i] = (float) Math.min(1, pixels[i] / largest);
        return ArrayImgs.floats(heat, width, pixels.length / width);
    }
}
