package palindrome.edit;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;

/**
 * What becomes, in an edited image, of the detail that the autoencoder of a latent model cannot hold: what the original
 * has beyond its own decoded latent. Without an autoencoder there is none, and nothing is added.
 */
public enum Detail {
    /** Added as far as the edit left the place alone; what was redrawn stays as the model drew it. */
    UNCHANGED("unchanged") {
        @Override
        double[] weights(final double[] change, final int width, final int height) {
            final double[] weights = smooth(change, width, height);
            for (int i = 0; i < weights.length; i++) weights[i] = Math.max(0, 1 - weights[i] / CHANGED);
            return weights;
        }
    },
    /** Added everywhere: the difference that the edit makes is added to the original. */
    ALL("all") {
        @Override
        double[] weights(final double[] change, final int width, final int height) {
            final double[] weights = new double[change.length];
            Arrays.fill(weights, 1);
            return weights;
        }
    },
    /** Added nowhere: the image is what the autoencoder decodes. */
    NONE("none") {
        @Override
        double[] weights(final double[] change, final int width, final int height) {
            return new double[change.length];
        }
    };

    /** A mean change by this much, of the 2 from black to white, makes another content. */
    private static final double CHANGED = 0.2;

    /** Changes are averaged over this many pixels to each side: about what one value of a latent stands for. */
    private static final int RADIUS = 4;

    private final String label;

    Detail(final String label) {
        this.label = label;
    }

    /**
     * @param label {@code unchanged}, {@code all} or {@code none}
     * @throws IllegalArgumentException listing the words, if it is none of them
     */
    public static Detail of(final String label) {
        return Stream.of(values())
                .filter(detail -> detail.label.equalsIgnoreCase(label.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The detail to keep is '" + label + "'; use one of "
                        + Stream.of(values()).map(Detail::label).collect(Collectors.joining(", ")) + "."));
    }

    /** @return the word for it in commands and macros */
    public String label() {
        return label;
    }

    /**
     * Weight of the detail at every pixel, exactly 1 where nothing near it changed.
     *
     * @param change the largest change of the channels at every pixel, at least 0
     */
    abstract double[] weights(double[] change, int width, int height);

    /**
     * @param original the numbers before the edit, with the axes X, Y and channel
     * @param decoded what {@link EncodedImage#decoded()} gives of them
     * @param edited what the edit decodes to, of the same size
     * @return the edited numbers with detail; the original ones to the last bit where nothing near them changed, unless
     *         no detail is added
     */
    public RandomAccessibleInterval<DoubleType> addTo(
            final RandomAccessibleInterval<? extends RealType<?>> original,
            final RandomAccessibleInterval<? extends RealType<?>> decoded,
            final RandomAccessibleInterval<? extends RealType<?>> edited) {
        final int width = (int) original.dimension(0);
        final int height = (int) original.dimension(1);
        final int channels = (int) original.dimension(2);
        final double[] before = values(original);
        final double[] without = values(decoded);
        final double[] after = values(edited);
        final int plane = width * height;
        final double[] change = new double[plane];
        for (int i = 0; i < after.length; i++)
            change[i % plane] = Math.max(change[i % plane], Math.abs(after[i] - without[i]));
        final double[] weights = weights(change, width, height);
        for (int i = 0; i < after.length; i++) {
            final double weight = weights[i % plane];
            // NB: in this order, no change of the decoded number means no change of the original one.
            final double full = before[i] + (after[i] - without[i]);
            after[i] = weight == 1 ? full : after[i] + weight * (full - after[i]);
        }
        final ArrayImg<DoubleType, DoubleArray> image = ArrayImgs.doubles(after, width, height, channels);
        return image;
    }

    private static double[] values(final RandomAccessibleInterval<? extends RealType<?>> image) {
        final double[] values =
                new double[Math.toIntExact(Views.flatIterable(image).size())];
        final Cursor<? extends RealType<?>> cursor = Views.flatIterable(image).cursor();
        for (int i = 0; i < values.length; i++) values[i] = cursor.next().getRealDouble();
        return values;
    }

    /** Mean over a square of 2·RADIUS + 1 pixels, or what of it lies in the image. */
    private static double[] smooth(final double[] values, final int width, final int height) {
        return lines(lines(values, width, height, 1, width), height, width, width, 1);
    }

    private static double[] lines(
            final double[] values, final int length, final int count, final int step, final int stride) {
        final double[] means = new double[values.length];
        for (int line = 0; line < count; line++)
            for (int i = 0; i < length; i++) {
                final int from = Math.max(0, i - RADIUS);
                final int to = Math.min(length - 1, i + RADIUS);
                double sum = 0;
                for (int k = from; k <= to; k++) sum += values[line * stride + k * step];
                means[line * stride + i * step] = sum / (to - from + 1);
            }
        return means;
    }
}
