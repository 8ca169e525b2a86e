package palindrome.image;

import ij.ImagePlus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which planes of a hyperstack an operation works on: every combination of some channels, slices and frames. Its
 * results make a hyperstack of that size.
 *
 * @param channels from 1, ascending, at least one
 * @param slices from 1, ascending, at least one
 * @param frames from 1, ascending, at least one
 */
public record PlaneChoice(List<Integer> channels, List<Integer> slices, List<Integer> frames) {

    /** The plane an image shows. */
    public static final String CURRENT = "current";

    private static final String SLICES = "slices";
    private static final String FRAMES = "frames";
    private static final String ALL = "all";

    public PlaneChoice {
        channels = List.copyOf(channels);
        slices = List.copyOf(slices);
        frames = List.copyOf(frames);
    }

    /**
     * Reads a choice.
     *
     * @param planes {@code current}; {@code slices} or {@code frames}, all of them at the current frame or slice; or
     *     {@code all} slices and frames
     * @param channels {@code current}, {@code all}, or numbers from 1 such as {@code 1,3}
     * @throws IllegalArgumentException if it is none of that, or not in the image
     */
    public static PlaneChoice of(ImagePlus image, String planes, String channels) {
        StackPosition here = StackPosition.currentOf(image);
        boolean everySlice = planes.equals(SLICES) || planes.equals(ALL);
        boolean everyFrame = planes.equals(FRAMES) || planes.equals(ALL);
        requireAxis(image, planes);
        return new PlaneChoice(
                channels(image, channels.trim(), here.channel()),
                everySlice ? upTo(image.getNSlices()) : List.of(here.slice()),
                everyFrame ? upTo(image.getNFrames()) : List.of(here.frame()));
    }

    /** Whoever asks for all frames of an image that has slices only has most likely mistaken the one for the other. */
    private static void requireAxis(ImagePlus image, String planes) {
        if (planes.equals(SLICES) && image.getNSlices() == 1 && image.getNFrames() > 1) {
            throw new IllegalArgumentException("'" + image.getTitle() + "' has " + image.getNFrames()
                    + " frames and only 1 slice; choose planes=" + FRAMES + ".");
        }
        if (planes.equals(FRAMES) && image.getNFrames() == 1 && image.getNSlices() > 1) {
            throw new IllegalArgumentException("'" + image.getTitle() + "' has " + image.getNSlices()
                    + " slices and only 1 frame; choose planes=" + SLICES + ".");
        }
    }

    private static List<Integer> channels(ImagePlus image, String text, int here) {
        if (text.equals(CURRENT)) {
            return List.of(here);
        }
        int count = image.getNChannels();
        if (text.equals(ALL)) {
            return upTo(count);
        }
        if (!text.matches("\\d{1,9}(\\s*,\\s*\\d{1,9})*")) {
            throw new IllegalArgumentException("The channels are '" + text + "'; give " + CURRENT + ", " + ALL
                    + ", or numbers from 1 to " + count + " separated by commas.");
        }
        List<Integer> numbers = Arrays.stream(text.split("\\s*,\\s*"))
                .map(Integer::valueOf)
                .sorted()
                .distinct()
                .collect(Collectors.toList());
        for (int number : numbers) {
            if (number < 1 || number > count) {
                throw new IllegalArgumentException("'" + image.getTitle() + "' has no channel " + number
                        + "; its channels are 1 to " + count + ".");
            }
        }
        return numbers;
    }

    private static List<Integer> upTo(int count) {
        return IntStream.rangeClosed(1, count).boxed().collect(Collectors.toList());
    }

    /** The planes of an image, counted through its stack from 1, in the order of {@link #positions()}. */
    public List<Integer> indicesIn(ImagePlus image) {
        return positions().stream().map(position -> position.indexIn(image)).collect(Collectors.toList());
    }

    /** The number of planes. */
    public int size() {
        return channels.size() * slices.size() * frames.size();
    }

    /** The planes in the order of ImageJ's stacks: channel by channel, then slice by slice, then frame by frame. */
    public List<StackPosition> positions() {
        List<StackPosition> positions = new ArrayList<>();
        for (int frame : frames) {
            for (int slice : slices) {
                for (int channel : channels) {
                    positions.add(new StackPosition(channel, slice, frame));
                }
            }
        }
        return positions;
    }

    /**
     * Where a plane of the whole image is among the chosen ones.
     *
     * @return numbers from 1; 0 along an axis where the position, 0 there, stands for all
     */
    StackPosition within(StackPosition position) {
        return new StackPosition(
                place(channels, position.channel()), place(slices, position.slice()), place(frames, position.frame()));
    }

    /** Whether a plane of the whole image is among the chosen ones; 0 along an axis stands for all. */
    boolean contains(StackPosition position) {
        return isAmong(channels, position.channel())
                && isAmong(slices, position.slice())
                && isAmong(frames, position.frame());
    }

    private static boolean isAmong(List<Integer> chosen, int position) {
        return position == 0 || chosen.contains(position);
    }

    private static int place(List<Integer> chosen, int position) {
        return position == 0 ? 0 : chosen.indexOf(position) + 1;
    }
}
