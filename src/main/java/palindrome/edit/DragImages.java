package palindrome.edit;

import java.util.function.Supplier;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;

/** Told after every drag; the place to show the image as it is by then. */
@FunctionalInterface
public interface DragImages {

    /** Looks at none. */
    DragImages NONE = (done, total, image) -> {};

    /**
     * @param done drags made so far, from 1 up
     * @param total drags of the whole run
     * @param image makes the image, as {@link Drag.Result#image()} is made of the last one; only to be asked during
     *          this call, and slow with an autoencoder
     */
    void dragged(int done, int total, Supplier<RandomAccessibleInterval<DoubleType>> image);
}
