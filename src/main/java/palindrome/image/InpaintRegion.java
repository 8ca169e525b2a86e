package palindrome.image;

import ij.plugin.filter.EDM;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import net.imglib2.RandomAccess;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.img.basictypeaccess.array.FloatArray;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

/**
 * A part of an image that a model sees at once while it repaints selected pixels of it.
 */
public final class InpaintRegion {

    private static final int INSIDE = 255;
    /** Krita AI Diffusion's least context: this part of the image's longer side. */
    private static final int SIXTEENTH = 16;

    private final Rectangle crop;
    private final float[] freedom;
    private final float[] opacity;

    private InpaintRegion(Rectangle crop) {
        this.crop = crop;
        freedom = new float[crop.width * crop.height];
        opacity = new float[crop.width * crop.height];
    }

    /**
     * The regions in which an area is to be repainted, one after the other. Parts of the area that lie near each other
     * share one; what a later region will repaint is free in an earlier one too, so that it does not matter there.
     *
     * @param leastSide what both sides of a region are at least, as far as the image reaches; pixels
     * @param multiple what they are multiples of, as far as the image reaches
     */
    public static List<InpaintRegion> of(SelectedArea area, InpaintMargins margins, int leastSide, int multiple) {
        List<SoftPart> parts = area.parts().stream()
                .map(part -> SoftPart.of(part, margins, area.width(), area.height()))
                .toList();
        Rectangle image = new Rectangle(area.width(), area.height());
        List<Group> groups = new ArrayList<>();
        for (SoftPart part : parts) {
            groups.add(new Group(context(part, margins, image, leastSide, multiple), List.of(part)));
        }
        while (mergeTwo(groups, image, multiple)) {
            // until no two regions are better seen together
        }
        List<InpaintRegion> regions = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            InpaintRegion region = new InpaintRegion(groups.get(i).crop());
            for (SoftPart part : groups.get(i).parts()) {
                raise(region.opacity, region.crop, part.opacity(), part.place());
            }
            for (Group notYetPainted : groups.subList(i, groups.size())) {
                for (SoftPart part : notYetPainted.parts()) {
                    raise(region.freedom, region.crop, part.freedom(), part.place());
                }
            }
            regions.add(region);
        }
        return regions;
    }

    private record Group(Rectangle crop, List<SoftPart> parts) {}

    /** Regions that overlap are seen together unless that takes more pixels than one after the other. */
    private static boolean mergeTwo(List<Group> groups, Rectangle image, int multiple) {
        for (int i = 0; i < groups.size(); i++) {
            for (int k = i + 1; k < groups.size(); k++) {
                Rectangle a = groups.get(i).crop();
                Rectangle b = groups.get(k).crop();
                Rectangle union = a.union(b);
                Rectangle both = sized(union, union.width, union.height, image, multiple);
                if (a.intersects(b) && pixels(both) <= pixels(a) + pixels(b)) {
                    List<SoftPart> parts = new ArrayList<>(groups.get(i).parts());
                    parts.addAll(groups.remove(k).parts());
                    groups.set(i, new Group(both, parts));
                    return true;
                }
            }
        }
        return false;
    }

    private static long pixels(Rectangle r) {
        return (long) r.width * r.height;
    }

    private static Rectangle context(
            SoftPart part, InpaintMargins margins, Rectangle image, int leastSide, int multiple) {
        int around = (int) Math.ceil(Math.max(
                margins.padding() / 100 * part.size(), (double) Math.max(image.width, image.height) / SIXTEENTH));
        Rectangle crop = new Rectangle(part.place());
        crop.grow(around, around);
        return sized(crop, Math.max(leastSide, crop.width), Math.max(leastSide, crop.height), image, multiple);
    }

    /** A rectangle of this size, rounded up to multiples, around another one; moved into the image, and no larger than that. */
    private static Rectangle sized(Rectangle r, int leastWidth, int leastHeight, Rectangle image, int multiple) {
        int width = Math.min(image.width, (leastWidth + multiple - 1) / multiple * multiple);
        int height = Math.min(image.height, (leastHeight + multiple - 1) / multiple * multiple);
        int x = Math.max(0, Math.min(image.width - width, r.x - (width - r.width) / 2));
        int y = Math.max(0, Math.min(image.height - height, r.y - (height - r.height) / 2));
        return new Rectangle(x, y, width, height);
    }

    /** One part with its soft borders, in a rectangle that holds it and as much as it grows. */
    private record SoftPart(Rectangle place, double size, float[] freedom, float[] opacity) {

        static SoftPart of(SelectedArea.Part part, InpaintMargins margins, int width, int height) {
            double size = Math.sqrt(part.size());
            int grow = (int) Math.round(margins.grow() / 100 * size);
            Rectangle place = new Rectangle(part.bounds());
            // NB: one pixel more, so that the border of the rectangle is not taken for that of the image.
            place.grow(grow + 1, grow + 1);
            place = place.intersection(new Rectangle(width, height));
            ByteProcessor inside = new ByteProcessor(place.width, place.height);
            inside.insert(part.mask(), part.bounds().x - place.x, part.bounds().y - place.y);
            return new SoftPart(
                    place,
                    size,
                    SelectionMask.ramp(grown(inside, grow), margins.feather() / 100 * size),
                    SelectionMask.ramp(inside, margins.blend() / 100 * size));
        }

        private static ByteProcessor grown(ByteProcessor inside, int by) {
            ByteProcessor outside = (ByteProcessor) inside.duplicate();
            outside.invert();
            FloatProcessor distance = new EDM().makeFloatEDM(outside, 0, false);
            ByteProcessor grown = new ByteProcessor(inside.getWidth(), inside.getHeight());
            for (int i = 0; i < grown.getPixelCount(); i++) {
                if (distance.getf(i) <= by) {
                    grown.set(i, INSIDE);
                }
            }
            return grown;
        }
    }

    /** Puts the values of a part where they are larger than what is there. */
    private static void raise(float[] target, Rectangle crop, float[] values, Rectangle place) {
        Rectangle common = crop.intersection(place);
        for (int y = common.y; y < common.y + common.height; y++) {
            for (int x = common.x; x < common.x + common.width; x++) {
                int i = (y - crop.y) * crop.width + x - crop.x;
                target[i] = Math.max(target[i], values[(y - place.y) * place.width + x - place.x]);
            }
        }
    }

    /** Where the region lies in the image. */
    public Rectangle crop() {
        return new Rectangle(crop);
    }

    /** How free the model is at every pixel of the region, from 0 (not at all) to 1; axes X and Y. */
    public ArrayImg<FloatType, FloatArray> freedom() {
        return ArrayImgs.floats(freedom.clone(), crop.width, crop.height);
    }

    /** Whether all the model sees is free, so that it has nothing to go by. */
    public boolean isAllFree() {
        for (float free : freedom) {
            if (free == 0) {
                return false;
            }
        }
        return true;
    }

    /** The region of an image with the axes X, Y and others, beginning at 0. */
    public <T> RandomAccessibleInterval<T> of(RandomAccessibleInterval<T> image) {
        long[] min = new long[image.numDimensions()];
        long[] size = image.dimensionsAsLongArray();
        min[0] = crop.x;
        min[1] = crop.y;
        size[0] = crop.width;
        size[1] = crop.height;
        return Views.offsetInterval(image, min, size);
    }

    /**
     * Puts what was painted into an image. Pixels that are not selected keep their number to the last bit.
     *
     * @param painted numbers of the region with the axes X, Y and channel
     * @param target the image to change
     */
    public void paste(
            RandomAccessibleInterval<? extends RealType<?>> painted, ArrayImg<DoubleType, DoubleArray> target) {
        RandomAccess<? extends RealType<?>> after = painted.randomAccess();
        RandomAccess<DoubleType> before = of(target).randomAccess();
        for (int c = 0; c < target.dimension(2); c++) {
            for (int i = 0; i < opacity.length; i++) {
                if (opacity[i] > 0) {
                    long[] position = {i % crop.width, i / crop.width, c};
                    double a = after.setPositionAndGet(position).getRealDouble();
                    DoubleType number = before.setPositionAndGet(position);
                    number.set(opacity[i] == 1 ? a : number.get() + opacity[i] * (a - number.get()));
                }
            }
        }
    }
}
