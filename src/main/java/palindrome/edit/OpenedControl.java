package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import palindrome.engine.Tensors;
import palindrome.guide.ContextNoise;
import palindrome.guide.ControlledNoise;
import palindrome.image.Padding;
import palindrome.model.ControlNet;
import palindrome.model.DiffusionModel;
import palindrome.model.Lease;
import palindrome.model.ModelPool;
import palindrome.model.TilePlan;
import palindrome.model.hub.InstalledModels;
import palindrome.model.hub.ModelPlace;
import palindrome.sampler.NodeGrid;

/** A control image with its control network, open beside the model that it leads. */
final class OpenedControl implements AutoCloseable {

    private final Control control;
    private final String choice;
    private final Lease<ControlNet> lease;
    private final DiffusionModel model;
    private final NDManager manager;

    private OpenedControl(
            final Control control, final String choice, final Lease<ControlNet> lease, final DiffusionModel model) {
        this.control = control;
        this.choice = choice;
        this.lease = lease;
        this.model = model;
        // NB: of the model's device, not of the states', which may be another
        manager = model.manager().newSubManager();
    }

    /**
     * @param control what to open
     * @param model what it leads
     * @throws IOException if there is no such control network, or it does not fit the model
     */
    static OpenedControl open(final Control control, final DiffusionModel model) throws IOException {
        final ModelPlace place = InstalledModels.ofProcess().locate(control.controlNet());
        return new OpenedControl(
                control, place.choice(), ModelPool.shared().leaseControlNet(place.path(), model), model);
    }

    /**
     * @param grid of the walk
     * @param plan the windows in which the network sees the states
     * @param padding from the image to what the model works on
     * @param mayGoOn asked before every kernel
     * @return the model's noise under the control image
     */
    ContextNoise noise(final NodeGrid grid, final TilePlan plan, final Padding padding, final Runnable mayGoOn) {
        return ControlledNoise.of(
                model,
                lease.get(),
                pixels(padding),
                control.scale(),
                node -> control.isHeardAt(unraised(node, grid), grid.steps()),
                grid,
                plan,
                mayGoOn);
    }

    /** @return bytes that one evaluation takes besides the weights; arguments as {@link DiffusionModel#evaluationBytes} */
    long evaluationBytes(final long batch, final int rows, final int columns, final TilePlan plan) {
        return ControlledNoise.evaluationBytes(model, lease.get(), batch, rows, columns, plan);
    }

    /** A level that churn raised belongs to the step of its node. */
    private static int unraised(final int node, final NodeGrid grid) {
        return node > grid.steps() ? node - grid.steps() : node;
    }

    /** Padded as the image is. */
    private NDArray pixels(final Padding padding) {
        control.requireSize(padding.width(), padding.height());
        final ArrayImg<DoubleType, ?> numbers = control.image().numbers();
        final float[] values = new float[3 * padding.paddedWidth() * padding.paddedHeight()];
        int i = 0;
        for (final DoubleType value : Views.flatIterable(padding.pad(numbers))) values[i++] = value.getRealFloat();
        return Tensors.of(manager, values, 1, 3, padding.paddedHeight(), padding.paddedWidth());
    }

    /** @return what led, for the record of a run */
    ControlRecord record() throws IOException {
        return ControlRecord.of(control, choice, lease.get().sha256());
    }

    @Override
    public void close() {
        manager.close();
        lease.close();
    }
}
