package palindrome.edit;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.image.DragHandle;
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
     * @param autoencoderError what the autoencoder alone loses of the image; empty where nothing can be lost
     */
    public record Result(
            RunRecord record,
            int drags,
            RandomAccessibleInterval<DoubleType> image,
            Optional<RoundTripError> autoencoderError) {}

    /**
     * @param image as in {@link Invert#run}
     * @param handles from where to where, in pixels of the image; at least one
     * @param mask where the image may change; everywhere if empty
     * @param prompt what the image shows; may be empty
     * @param negative what it should not show; may be empty
     * @param images told of every drag
     * @param progress as in {@link Invert#run}
     * @throws IllegalArgumentException if there is no handle, or one leaves the image or what may change of it
     */
    public Result run(
            final RandomAccessibleInterval<? extends RealType<?>> image,
            final List<DragHandle> handles,
            final Optional<SelectionMask> mask,
            final String prompt,
            final String negative,
            final DragImages images,
            final Progress progress)
            throws IOException {
        requireInside(handles, image, mask);
        final int factor = model.model().factor();
        final PatchDrag patch = drag.patch(factor);
        final DragRoute route = drag.route(
                handles.stream().map(handle -> inPlaces(handle, factor)).toList(), factor);
        final EncodedImage encoded = EncodedImage.of(image, model, progress);
        try (Walk walk = new Walk(model, settings, encoded.plan(), encoded.padding())) {
            final NDArray state = encoded.state(walk.manager());
            walk.checkMemory(state, progress);
            final ImageState states = new ImageState(model.model(), encoded.plan(), progress);
            final SdeDrag sampler = new SdeDrag(
                    PATHS.get(walk.choice()),
                    patch,
                    settings.tuning().settings(settings.sampler()).noise(),
                    new Lattice());
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
                    (done, now) -> images.dragged(done, total, () -> finished(now, states, image, encoded, mask)));
            return new Result(
                    walk.record(
                            prompt,
                            negative,
                            Map.of(
                                    "alpha",
                                    patch.alpha(),
                                    "beta",
                                    patch.beta(),
                                    "radius",
                                    (double) patch.radius() * factor,
                                    "drags",
                                    (double) total),
                            List.of()),
                    total,
                    finished(dragged, states, image, encoded, mask),
                    encoded.autoencoderError());
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

    private static void requireInside(
            final List<DragHandle> handles,
            final RandomAccessibleInterval<?> image,
            final Optional<SelectionMask> mask) {
        if (handles.isEmpty())
            throw new IllegalArgumentException("There is no handle: draw a straight line or an arrow from what is to be"
                    + " dragged to where it should go, or write handles=[x1,y1->x2,y2] in pixels.");
        for (final DragHandle handle : handles)
            for (final double[] place : Arrays.asList(
                    new double[] {handle.fromX(), handle.fromY()}, new double[] {handle.toX(), handle.toY()})) {
                final boolean inImage = place[0] >= 0
                        && place[1] >= 0
                        && place[0] < image.dimension(0)
                        && place[1] < image.dimension(1);
                final String what = "The handle " + handle + " has an end at " + DragHandle.place(place[0], place[1])
                        + ", which lies outside of the ";
                if (!inImage)
                    throw new IllegalArgumentException(what + "image of " + image.dimension(0) + " × "
                            + image.dimension(1) + " pixels; move it inside.");
                if (mask.isPresent() && mask.get().weight((int) place[0], (int) place[1]) == 0)
                    throw new IllegalArgumentException(what
                            + "selection, where nothing may change; move it inside, or make the selection larger.");
            }
    }
}
