package palindrome.edit;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.image.DragHandle;
import palindrome.image.DragHandles;
import palindrome.image.SelectionMask;
import palindrome.sampler.DragRoute;
import palindrome.sampler.DragShift;
import palindrome.sampler.Lattice;
import palindrome.sampler.PatchDrag;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SdeDrag;

/**
 * Moves what is at one place of an image to another ({@link SdeDrag}). Where nothing may change, nothing does, to the
 * last bit; nor anywhere if α and β are 1 and every handle ends where it begins (with a latent model, unless
 * {@link Detail#NONE} of its detail is kept).
 */
public final class Drag {

    private static final Map<SamplerChoice, SdeDrag.Path> PATHS =
            Map.of(SamplerChoice.CYCLE_SDE, SdeDrag.Path.SDE, SamplerChoice.DDIM, SdeDrag.Path.ODE);

    private final OpenedModel model;
    private final SamplingSettings settings;
    private final DragSettings drag;
    private final Detail detail;

    /**
     * @param model the model to drag with
     * @param settings how to go to noise and back; the sampler is Cycle-SDE or, without randomness, DDIM, with its own η;
     *          strength is how far towards noise; guidance that of the noisiest node, falling to 1 at the image
     * @param drag what to do in noise
     * @param detail what becomes of the detail that the autoencoder of a latent model cannot hold
     * @throws IllegalArgumentException if the sampler is another one, or η is not left to it
     */
    public Drag(
            final OpenedModel model, final SamplingSettings settings, final DragSettings drag, final Detail detail) {
        if (!PATHS.containsKey(SamplerChoice.of(settings.sampler())))
            throw new IllegalArgumentException("A drag goes to noise and back by Cycle-SDE or, without randomness, by"
                    + " DDIM, not by " + settings.sampler() + ".");
        if (!settings.tuning().isEtaAutomatic())
            throw new IllegalArgumentException("Eta is '" + settings.tuning().eta()
                    + "', but a drag's is 1 with Cycle-SDE and 0 with DDIM; leave it at auto.");
        this.model = model;
        this.settings = settings;
        this.drag = drag;
        this.detail = detail;
    }

    /**
     * A dragged image.
     *
     * @param record how it was made
     * @param drags number m of drags
     * @param image numbers with the axes X, Y and channel
     */
    public record Result(RunRecord record, int drags, RandomAccessibleInterval<DoubleType> image) {}

    /**
     * @param image as in {@link Invert#run}
     * @param handles from where to where, in pixels of the image
     * @param mask where the image may change; everywhere if empty
     * @param prompt what the image shows; may be empty
     * @param negative what it should not show; may be empty
     * @param images told of every drag
     * @param progress as in {@link Invert#run}
     * @throws IllegalArgumentException if a handle leaves the image or what may change of it
     */
    public Result run(
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final DragHandles handles,
            final Optional<SelectionMask> mask,
            final String prompt,
            final String negative,
            final DragImages images,
            final Progress progress)
            throws IOException {
        handles.requireInside(image.dimension(0), image.dimension(1), mask);
        final int factor = model.model().factor();
        final PatchDrag patch = drag.patch(factor);
        final DragRoute route = drag.route(
                handles.all().stream().map(handle -> inPlaces(handle, factor)).toList(), factor);
        final EncodedImage encoded = EncodedImage.of(image, model, progress);
        try (Walk walk = new Walk(model, settings, encoded.plan(), encoded.padding())) {
            final NDArray state = encoded.state(walk.manager());
            final ImageState states = new ImageState(model.model(), encoded.plan(), progress);
            final SdeDrag sampler = new SdeDrag(
                    PATHS.get(walk.choice()),
                    patch,
                    settings.tuning().settings(settings.sampler()).noise(),
                    new Lattice());
            walk.checkMemory(state, sampler.recordedStates(walk.grid()), progress);
            final int total = route.drags().size();
            progress.stage("Dragging");
            final NDArray dragged = sampler.run(
                    state,
                    route,
                    mask.map(selection -> new StateWeights(model, states)
                            .of(encoded.padding().pad(selection.weights()), walk.manager())),
                    walk.grid(),
                    walk.risingPredictor(prompt, negative, progress),
                    Walk.reporting(progress),
                    (done, now) -> {
                        walk.show(now, progress);
                        images.dragged(done, total, () -> finished(now, states, image, encoded, mask));
                    });
            if (model.hasAutoencoder()) progress.stage("Decoding");
            return new Result(
                    walk.record(
                            prompt,
                            negative,
                            Map.of("drags", (double) total, "radius", (double) patch.radius() * factor),
                            List.of()),
                    total,
                    finished(dragged, states, image, encoded, mask));
        }
    }

    private RandomAccessibleInterval<DoubleType> finished(
            final NDArray state,
            final ImageState states,
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final EncodedImage encoded,
            final Optional<SelectionMask> mask) {
        final RandomAccessibleInterval<DoubleType> decoded = encoded.padding().crop(states.toImage(state));
        final RandomAccessibleInterval<DoubleType> detailed =
                encoded.autoencoderError().isPresent() ? detail.addTo(image, encoded.decoded(), decoded) : decoded;
        return mask.isPresent() ? mask.get().blend(image, detailed) : detailed;
    }

    private static DragShift inPlaces(final DragHandle handle, final int factor) {
        return new DragShift(
                (int) handle.fromX() / factor,
                (int) handle.fromY() / factor,
                (int) handle.toX() / factor,
                (int) handle.toY() / factor);
    }
}
