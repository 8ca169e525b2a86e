package palindrome.image;

import com.google.gson.JsonObject;
import ij.ImagePlus;
import ij.gui.Roi;

/**
 * A place in a hyperstack. All numbers count from 1, as ImageJ does.
 *
 * @param channel from 1
 * @param slice from 1
 * @param frame from 1
 */
public record StackPosition(int channel, int slice, int frame) {

    /** Where an image stands now. */
    public static StackPosition currentOf(ImagePlus image) {
        return of(image, image.getCurrentSlice());
    }

    /** The place of a plane, counted through the stack from 1. */
    static StackPosition of(ImagePlus image, int index) {
        int[] place = image.convertIndexToPosition(index);
        return new StackPosition(place[0], place[1], place[2]);
    }

    /** The number of the plane in the stack of an image, from 1. */
    int indexIn(ImagePlus image) {
        return image.getStackIndex(channel, slice, frame);
    }

    /** Whether a selection or a part of an overlay, which may belong to some planes only, belongs to this one. */
    boolean holds(Roi roi, ImagePlus image) {
        if (roi.hasHyperStackPosition()) {
            return isAnyOr(roi.getCPosition(), channel)
                    && isAnyOr(roi.getZPosition(), slice)
                    && isAnyOr(roi.getTPosition(), frame);
        }
        return isAnyOr(roi.getPosition(), indexIn(image));
    }

    private static boolean isAnyOr(int position, int here) {
        return position == 0 || position == here;
    }

    /** This place as JSON. */
    public JsonObject toJson() {
        return AsciiJson.GSON.toJsonTree(this).getAsJsonObject();
    }

    /** The place in what {@link #toJson()} made, whatever else is in it. */
    static StackPosition fromJson(JsonObject json) {
        return AsciiJson.GSON.fromJson(json, StackPosition.class);
    }

    /** For instance "c1 z3 t2". */
    String name() {
        return "c" + channel + " z" + slice + " t" + frame;
    }

    /** For instance "channel 1, slice 3, frame 2", without what an image has only one of, or is 0 for all. */
    public String in(ImagePlus image) {
        StringBuilder text = new StringBuilder();
        append(text, "channel", channel, image.getNChannels());
        append(text, "slice", slice, image.getNSlices());
        append(text, "frame", frame, image.getNFrames());
        return text.toString();
    }

    private static void append(StringBuilder text, String axis, int position, int count) {
        if (count > 1 && position > 0) {
            text.append(text.length() == 0 ? "" : ", ").append(axis).append(' ').append(position);
        }
    }
}
