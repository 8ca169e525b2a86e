package palindrome.image;

import com.google.gson.JsonElement;
import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ImageProcessor;
import ij.process.LUT;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * All that is known about an original besides its pixels, so that an image like it can be made again: type, size,
 * title, display range, look-up table, calibration, Info, slice label, and how its values map to numbers.
 *
 * @param title the title of the image the plane came from
 * @param width pixels
 * @param height pixels
 * @param codec the type, and how pixels map to numbers
 * @param displayMin the value shown black
 * @param displayMax the value shown white
 * @param lut the look-up table; null for RGB
 * @param calibration pixel size, origin, units
 * @param info the Info text, without lines of Palindrome; may be null
 * @param label the slice label; may be null
 * @param sha256 the hash of the pixels, see {@link PixelPlane#sha256()}
 */
public record SourceImage(
        String title,
        int width,
        int height,
        PixelCodec codec,
        double displayMin,
        double displayMax,
        Palette lut,
        SpatialCalibration calibration,
        String info,
        String label,
        String sha256) {

    public SourceImage {
        Objects.requireNonNull(title);
        Objects.requireNonNull(codec);
        Objects.requireNonNull(calibration);
        Objects.requireNonNull(sha256);
    }

    /**
     * Describes the current plane of an image.
     *
     * @param plane what {@link PixelPlane#of(ImagePlus)} returned for this image
     */
    public static SourceImage of(ImagePlus image, PixelPlane plane) {
        Palette lut = plane.type() == PixelType.COLOR_RGB ? null : Palette.of(lut(image));
        double min = image.getDisplayRangeMin();
        double max = image.getDisplayRangeMax();
        PixelCodec codec = new PixelCodec(
                plane.type(), IntensityMap.of(plane, min, max), plane.type() == PixelType.COLOR_256 ? lut : null);
        return new SourceImage(
                image.getTitle(),
                plane.width(),
                plane.height(),
                codec,
                min,
                max,
                lut,
                SpatialCalibration.of(image.getCalibration()),
                blankToNull(Provenance.withoutOwnLines(image.getInfoProperty())),
                SliceLabel.of(image, image.getCurrentSlice()),
                plane.sha256());
    }

    private static LUT lut(ImagePlus image) {
        return image instanceof CompositeImage composite
                ? composite.getChannelLut()
                : image.getProcessor().getLut();
    }

    private static String blankToNull(String text) {
        return text.isBlank() ? null : text;
    }

    /** A new image like the original, with other pixels of the same type. It is not shown. */
    public ImagePlus toImage(String newTitle, PixelPlane plane) {
        return toImage(newTitle, List.of(plane), label == null ? List.of() : List.of(label));
    }

    /**
     * A new stack like the original, one slice a plane of the original's type. It is not shown.
     *
     * @param labels a slice label for each plane; empty for none
     */
    public ImagePlus toImage(String newTitle, List<PixelPlane> planes, List<String> labels) {
        for (PixelPlane plane : planes) {
            if (plane.type() != codec.type() || plane.width() != width || plane.height() != height) {
                throw new IllegalArgumentException("A plane of " + plane + " does not fit an image of " + codec.type()
                        + " " + width + " x " + height + ".");
            }
        }
        ImageStack stack = PlaneSeries.stack(planes, labels);
        ImageProcessor first = stack.getProcessor(1);
        if (lut != null) {
            first.setColorModel(lut.toLut().getColorModel());
            stack.setColorModel(first.getColorModel());
            if (displayMin != first.getMin() || displayMax != first.getMax()) {
                first.setMinAndMax(displayMin, displayMax);
            }
        }
        ImagePlus image = PlaneSeries.image(newTitle, stack, first);
        if (codec.type() == PixelType.COLOR_256) {
            image.setTypeToColor256();
        }
        image.setCalibration(calibration.toCalibration());
        if (info != null) {
            image.setProperty("Info", info);
        }
        return image;
    }

    /** This description as JSON. */
    public JsonElement toJson() {
        return AsciiJson.GSON.toJsonTree(this);
    }

    /**
     * Reads a description.
     *
     * @throws IOException if it is not one
     */
    public static SourceImage fromJson(JsonElement json) throws IOException {
        try {
            return Objects.requireNonNull(AsciiJson.GSON.fromJson(json, SourceImage.class));
        } catch (RuntimeException e) {
            // NB: Gson wraps what the constructor of a record throws in a plain RuntimeException.
            throw new IOException("The description of the original image is damaged: " + e.getMessage() + ".", e);
        }
    }
}
