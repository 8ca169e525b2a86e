package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.converter.Converters;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import palindrome.image.InpaintMargins;
import palindrome.image.InpaintRegion;
import palindrome.image.SelectedArea;
import palindrome.sampler.Latent;
import palindrome.sampler.NoisedImage;
import palindrome.sampler.OneWaySampler;
import palindrome.sampler.Predictor;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.StateBlend;
import palindrome.sampler.TorchNoise;

/**
 * Repaints what is selected of an image, as a prompt says, and leaves every other pixel alone.
 * <p>
 * A model that knows nothing of masks is held to the image around the selection after every step, x ← m⊙x +
 * (1−m)⊙(α_i·x₀ + σ_i·ξ) with one and the same ξ (Nie et al., "The Blessing of Randomness", 2024); an inpainting model
 * sees the mask and the image around it itself. Each part of the selection is painted in as much of the image as
 * {@link InpaintMargins} say, one after the other.
 */
public final class Inpaint {

    private final OpenedModel model;
    private final SamplingSettings settings;
    private final InpaintMargins margins;
    private final Detail detail;

    /** As below, with the usual margins, and the detail of what does not change. */
    public Inpaint(final OpenedModel model, final SamplingSettings settings) {
        this(model, settings, InpaintMargins.DEFAULT, Detail.UNCHANGED);
    }

    /**
     * @param model the model to paint with
     * @param settings how: a sampler with one state, such as those of {@link DiffusionEquation}; strength is how much may
     *          change, 1 for all, 0 for nothing; the seed is that of the first part, the next ones count up from it
     * @param margins how far around and into the selection
     * @param detail as in {@link Edit}
     * @throws IllegalArgumentException if the sampler has more than one state
     */
    public Inpaint(
            final OpenedModel model,
            final SamplingSettings settings,
            final InpaintMargins margins,
            final Detail detail) {
        final SamplerChoice choice = SamplerChoice.of(settings.sampler());
        if (!choice.hasOneState())
            throw new IllegalArgumentException(choice
                    + " cannot be held to an image on its way. To repaint use DPM-Solver++ 2M or SDE-DPM-Solver++ 2M.");
        this.model = model;
        this.settings = settings;
        this.margins = margins;
        this.detail = detail;
    }

    /**
     * A repainted image.
     *
     * @param record how the first part was made; the others differ in the seed
     * @param regions where the model looked, one region after the other
     * @param image numbers with the axes X, Y and channel; outside of the selection those that were given, to the last
     *          bit
     */
    public record Result(RunRecord record, List<InpaintRegion> regions, RandomAccessibleInterval<DoubleType> image) {

        public Result {
            regions = List.copyOf(regions);
        }

        /** @return what there is to say about the settings and the selection */
        public List<String> warnings() {
            final List<String> warnings = new ArrayList<>(record.warnings());
            if (regions.stream().anyMatch(InpaintRegion::isAllFree))
                warnings.add("All that the model sees of the image is selected, so the prompt alone says what to paint."
                        + " Select less to have the image go on into it.");
            return warnings;
        }
    }

    /**
     * @param image as in {@link Invert#run}
     * @param area what to repaint, of an image of the same size
     * @param prompt what the image should show there; may be empty
     * @param negative what it should not show; may be empty
     * @param progress as in {@link Invert#run}
     * @throws IllegalArgumentException if a setting is out of range, or the image fits neither the model nor the area
     */
    public Result run(
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final SelectedArea area,
            final String prompt,
            final String negative,
            final Progress progress)
            throws IOException {
        if (image.dimension(0) != area.width() || image.dimension(1) != area.height())
            throw new IllegalArgumentException("The image is " + image.dimension(0) + " × " + image.dimension(1)
                    + " pixels, but the selection is one of " + area.width() + " × " + area.height() + ".");
        final List<InpaintRegion> regions =
                InpaintRegion.of(area, margins, model.model().nativeSize().width(), model.sizeMultiple());
        if (settings.strength() == 0)
            return new Result(Walk.notTaken(model, settings, prompt, negative), regions, copy(image));
        final ArrayImg<DoubleType, DoubleArray> painted = copy(image);
        RunRecord record = null;
        for (int k = 0; k < regions.size(); k++) {
            final InpaintRegion region = regions.get(k);
            final SamplingSettings seeded = settings.withTuning(
                    settings.tuning().withSeed(settings.tuning().seed() + k));
            final RunRecord made = paint(
                    region,
                    painted,
                    seeded,
                    prompt,
                    negative,
                    regions.size() == 1 ? progress : new PartOfSeries(progress, k, regions.size()));
            if (k == 0) record = made;
        }
        return new Result(record, regions, painted);
    }

    /** Paints one region of the image. */
    private RunRecord paint(
            final InpaintRegion region,
            final ArrayImg<DoubleType, DoubleArray> image,
            final SamplingSettings seeded,
            final String prompt,
            final String negative,
            final Progress progress)
            throws IOException {
        final RandomAccessibleInterval<DoubleType> before = copy(region.of(image));
        final EncodedImage encoded = EncodedImage.of(before, model, progress);
        try (Walk walk = new Walk(model, seeded, encoded.plan(), encoded.padding())) {
            if (settings.strength() > 0) {
                final RandomAccessibleInterval<DoubleType> after =
                        painted(walk, region, before, encoded, seeded, prompt, negative, progress);
                region.paste(model.hasAutoencoder() ? detail.addTo(before, encoded.decoded(), after) : after, image);
            }
            return walk.record(prompt, negative);
        }
    }

    private RandomAccessibleInterval<DoubleType> painted(
            final Walk walk,
            final InpaintRegion region,
            final RandomAccessibleInterval<DoubleType> before,
            final EncodedImage encoded,
            final SamplingSettings seeded,
            final String prompt,
            final String negative,
            final Progress progress) {
        final NDManager manager = walk.manager();
        final ImageState states = new ImageState(model.model(), encoded.plan(), progress);
        final RandomAccessibleInterval<FloatType> freedom = encoded.padding().pad(region.freedom());
        final NDArray state = encoded.state(manager);
        final NDArray noise = new TorchNoise(seeded.tuning().seed())
                .draw(manager, state.getShape().getShape());
        final NoisedImage known = new NoisedImage(state, noise);
        walk.checkMemory(state, progress);
        OneWaySampler sampler = (OneWaySampler) walk.sampler();
        final StateWeights weights = new StateWeights(model, states);
        final Predictor predictor;
        if (model.model().isInpainting()) {
            final RandomAccessibleInterval<DoubleType> around =
                    masked(encoded.padding().pad(before), freedom);
            predictor = walk.predictor(
                    walk.painting(weights.cells(ceiling(freedom), manager), states.of(around, manager), progress),
                    prompt,
                    negative);
        } else {
            predictor = walk.predictor(prompt, negative, progress);
            sampler = sampler.holding(new StateBlend(weights.of(freedom, manager), known));
        }
        progress.stage("Painting");
        // Where all may change nothing of the image is in the noise; else as much as the walk begins with.
        final NDArray start =
                settings.strength() == 1 ? noise : known.at(walk.grid().steps(), walk.grid(), manager);
        try (Latent clean =
                sampler.generate(start, walk.grid(), walk.watched(predictor, progress), Walk.reporting(progress))) {
            if (model.hasAutoencoder()) progress.stage("Decoding");
            return encoded.padding().crop(states.toImage(clean.image()));
        }
    }

    /** The image with grey, which is 0, wherever the model may paint. */
    private static RandomAccessibleInterval<DoubleType> masked(
            final RandomAccessibleInterval<DoubleType> image, final RandomAccessibleInterval<FloatType> freedom) {
        final RandomAccessibleInterval<FloatType> everyChannel =
                Views.stack(Collections.nCopies((int) image.dimension(2), freedom));
        return Converters.convertRAI(
                image,
                everyChannel,
                (number, free, result) -> result.set(free.get() > 0 ? 0 : number.get()),
                new DoubleType());
    }

    /** 1 wherever there is any freedom: an inpainting network's mask knows nothing in between. */
    private static RandomAccessibleInterval<FloatType> ceiling(final RandomAccessibleInterval<FloatType> freedom) {
        return Converters.convertRAI(freedom, (free, result) -> result.set(free.get() > 0 ? 1 : 0), new FloatType());
    }

    private static ArrayImg<DoubleType, DoubleArray> copy(final RandomAccessibleInterval<? extends RealType<?>> image) {
        final double[] values =
                new double[Math.toIntExact(Views.flatIterable(image).size())];
        final Cursor<? extends RealType<?>> cursor = Views.flatIterable(image).cursor();
        for (int i = 0; i < values.length; i++) values[i] = cursor.next().getRealDouble();
        return ArrayImgs.doubles(values, image.dimensionsAsLongArray());
    }
}
