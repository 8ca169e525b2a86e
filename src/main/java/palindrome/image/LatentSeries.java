package palindrome.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The latents of one or several planes of a hyperstack in one image, which may be saved and opened again: the stacks of
 * {@link LatentStack} one after the other, and in the record, under "series" where there are several, for each where its
 * plane stood, how many slices it takes and its own record; under "overlay", that of the planes.
 */
public final class LatentSeries implements PlaneLayout {

    static final String MEMBER = "series";
    private static final String SLICES = "slices";
    private static final String RECORD = "record";
    private static final String MODE = "compositeMode";
    private static final String OVERLAY = "overlay";

    private final List<StackPosition> positions;
    private final List<LatentImage> latents;
    private final int compositeMode;
    private final Optional<StoredOverlay> overlay;

    /**
     * @param positions where the planes stood, in the order of ImageJ's stacks
     * @param latents one for each
     * @param compositeMode how ImageJ showed the channels together, one of {@link CompositeImage}'s modes; 0 if it did not
     * @param overlay of the planes, placed where they are in what is joined of them
     */
    private LatentSeries(
            List<StackPosition> positions,
            List<LatentImage> latents,
            int compositeMode,
            Optional<StoredOverlay> overlay) {
        this.positions = List.copyOf(positions);
        this.latents = List.copyOf(latents);
        this.compositeMode = compositeMode;
        this.overlay = overlay;
    }

    /**
     * @param source the image whose planes were inverted
     * @param choice which of them
     * @param latents one for each, of one shape
     */
    public static LatentSeries of(ImagePlus source, PlaneChoice choice, List<LatentImage> latents) {
        if (latents.size() != choice.size()) {
            throw new IllegalArgumentException(
                    latents.size() + " latents are not those of " + choice.size() + " planes.");
        }
        return new LatentSeries(
                choice.positions(),
                latents,
                source instanceof CompositeImage composite ? composite.getMode() : 0,
                StoredOverlay.of(new StackPlanes(source, choice).overlay()));
    }

    /** The latents, in the order of ImageJ's stacks. */
    public List<LatentImage> latents() {
        return latents;
    }

    /** Where the planes stood in the image that was inverted. */
    public List<StackPosition> positions() {
        return positions;
    }

    /** Whether an image says of itself that it is a series of latents. */
    public static boolean isSeries(ImagePlus image) throws IOException {
        return Provenance.readFrom(image).flatMap(p -> p.get(MEMBER)).isPresent();
    }

    /** A new stack that holds the latents. It is not shown. */
    public ImagePlus toImage(String title) throws IOException {
        List<ImagePlus> parts = new ArrayList<>();
        for (LatentImage latent : latents) {
            parts.add(LatentStack.toImage(title, latent));
        }
        if (parts.size() == 1) {
            ImagePlus only = parts.get(0);
            withOverlay(record(only)).attachTo(only);
            return only;
        }
        ImagePlus first = parts.get(0);
        ImageStack stack = new ImageStack(first.getWidth(), first.getHeight());
        JsonArray series = new JsonArray();
        for (int i = 0; i < parts.size(); i++) {
            StackPosition at = positions.get(i);
            ImageStack part = parts.get(i).getStack();
            for (int n = 1; n <= part.getSize(); n++) {
                stack.addSlice(at.name() + ", " + part.getSliceLabel(n), part.getPixels(n));
            }
            JsonObject entry = at.toJson();
            entry.addProperty(SLICES, part.getSize());
            entry.add(RECORD, JsonParser.parseString(record(parts.get(i)).toJson()));
            series.add(entry);
        }
        ImagePlus image = new ImagePlus(title, stack);
        image.setDisplayRange(first.getDisplayRangeMin(), first.getDisplayRangeMax());
        withOverlay(latents.get(0).provenance())
                .with(MODE, compositeMode)
                .with(MEMBER, series)
                .attachTo(image);
        return image;
    }

    private Provenance withOverlay(Provenance provenance) {
        return overlay.map(parts -> provenance.with(OVERLAY, AsciiJson.GSON.toJsonTree(parts)))
                .orElse(provenance);
    }

    private static Provenance record(ImagePlus image) throws IOException {
        return Provenance.readFrom(image).orElseThrow();
    }

    /**
     * Reads the latents of several planes, or that of one.
     *
     * @throws IOException if the image holds none, or not as they were written
     */
    public static LatentSeries fromImage(ImagePlus image) throws IOException {
        if (!isSeries(image)) {
            LatentImage only = LatentStack.fromImage(image);
            return new LatentSeries(
                    List.of(new StackPosition(1, 1, 1)),
                    List.of(only.with(only.provenance().without(OVERLAY))),
                    0,
                    overlay(image, only.provenance()));
        }
        Provenance provenance = record(image);
        List<StackPosition> positions = new ArrayList<>();
        List<LatentImage> latents = new ArrayList<>();
        int next = 1;
        try {
            int mode = provenance.get(MODE).orElseThrow().getAsInt();
            for (JsonElement element : provenance.get(MEMBER).orElseThrow().getAsJsonArray()) {
                JsonObject entry = element.getAsJsonObject();
                int slices = entry.get(SLICES).getAsInt();
                positions.add(StackPosition.fromJson(entry));
                latents.add(LatentStack.fromImage(part(
                        image, next, slices, Provenance.parse(entry.get(RECORD).toString()))));
                next += slices;
            }
            if (next == image.getStackSize() + 1 && !latents.isEmpty()) {
                return new LatentSeries(positions, latents, mode, overlay(image, provenance));
            }
        } catch (RuntimeException e) {
            // NB: Gson has an exception for every way in which an element is not what was expected.
            throw damaged(image, e);
        }
        throw damaged(image, null);
    }

    /** Latents written before overlays were kept have none. */
    private static Optional<StoredOverlay> overlay(ImagePlus image, Provenance provenance) throws IOException {
        try {
            return provenance.get(OVERLAY).map(json -> AsciiJson.GSON.fromJson(json, StoredOverlay.class));
        } catch (RuntimeException e) {
            // NB: Gson wraps what the constructor of a record throws in a plain RuntimeException.
            throw damaged(image, e);
        }
    }

    private static ImagePlus part(ImagePlus image, int first, int slices, Provenance record) throws IOException {
        if (slices < 1 || first + slices - 1 > image.getStackSize()) {
            throw damaged(image, null);
        }
        ImageStack stack = new ImageStack(image.getWidth(), image.getHeight());
        for (int n = first; n < first + slices; n++) {
            stack.addSlice(image.getStack().getProcessor(n));
        }
        ImagePlus part = new ImagePlus(image.getTitle(), stack);
        record.attachTo(part);
        return part;
    }

    private static IOException damaged(ImagePlus image, Exception cause) {
        return new IOException(
                "The latents '" + image.getTitle()
                        + "' are not as they were written: slices are missing, or the record is damaged; open them from"
                        + " their file or invert the image again.",
                cause);
    }

    @Override
    public PlaneChoice choice() {
        return new PlaneChoice(
                List.copyOf(new TreeSet<>(
                        positions.stream().map(StackPosition::channel).toList())),
                List.copyOf(new TreeSet<>(
                        positions.stream().map(StackPosition::slice).toList())),
                List.copyOf(new TreeSet<>(
                        positions.stream().map(StackPosition::frame).toList())));
    }

    @Override
    public int compositeMode() {
        return compositeMode;
    }

    @Override
    public Overlay overlay() {
        return overlay.map(StoredOverlay::toOverlay).orElse(null);
    }
}
