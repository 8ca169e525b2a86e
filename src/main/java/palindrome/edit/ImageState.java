package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import palindrome.engine.Tensors;
import palindrome.model.DiffusionModel;
import palindrome.model.ImageSpace;
import palindrome.model.TilePlan;

/**
 * Between images of numbers, with the axes X, Y and channel, and the state
 * [1, C, H, W] that a model's network works on. Nothing is rounded on the way to
 * the state of a pixel model.
 */
public final class ImageState {

    private final DiffusionModel model;
    private final ImageSpace space;

    /**
     * @param model whose states
     * @param plan in which tiles its autoencoder sees images, if it has one
     * @param progress asked whether to go on, between the blocks of an autoencoder
     */
    public ImageState(final DiffusionModel model, final TilePlan plan, final Progress progress) {
        this.model = model;
        space = model.imageSpace(plan, progress::checkCanceled);
    }

    /** As above, for states of one size, which nobody wants to stop. */
    public static ImageState of(final DiffusionModel model, final int rows, final int columns) {
        return new ImageState(model, model.tilePlan(rows, columns, TilePlan.USUAL_MEMORY), Progress.NONE);
    }

    /**
     * @param image numbers of the model's channels, about [−1, 1], both sides
     *          multiples of {@link DiffusionModel#sizeMultiple()}
     * @return float64 state, owned by the manager
     * @throws IllegalArgumentException if channels or sides do not fit the model
     */
    public NDArray of(final RandomAccessibleInterval<? extends RealType<?>> image, final NDManager manager) {
        final long width = image.dimension(0);
        final long height = image.dimension(1);
        final long channels = image.dimension(2);
        if (image.numDimensions() != 3 || channels != model.imageChannels())
            throw new IllegalArgumentException("The model " + model.name() + " works on " + model.imageChannels()
                    + " channels along the third axis, but the image has " + channels + ".");
        final int multiple = model.sizeMultiple();
        if (width % multiple != 0 || height % multiple != 0)
            throw new IllegalArgumentException("The image is " + width + " × " + height + " pixels; the model "
                    + model.name() + " needs multiples of " + multiple + ". Pad it first.");
        final double[] values = new double[Math.toIntExact(width * height * channels)];
        int i = 0;
        for (final RealType<?> value : Views.flatIterable(image)) values[i++] = value.getRealDouble();
        try (NDArray pixels = Tensors.of(manager, values, 1, channels, height, width)) {
            return space.toState(pixels);
        }
    }

    /**
     * @param state float64 [1, C, H, W]
     * @return numbers with the axes X, Y and channel
     */
    public ArrayImg<DoubleType, DoubleArray> toImage(final NDArray state) {
        try (NDArray pixels = space.toPixels(state)) {
            return ArrayImgs.doubles(
                    pixels.toDoubleArray(),
                    pixels.getShape().get(3),
                    pixels.getShape().get(2),
                    pixels.getShape().get(1));
        }
    }
}
