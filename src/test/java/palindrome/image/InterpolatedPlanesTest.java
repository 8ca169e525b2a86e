package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the images between two hyperstacks stand. */
class InterpolatedPlanesTest {

    private static final int COUNT = 3;

    private static StackPlanes planes(final int channels, final int slices, final int frames) {
        final ImagePlus plain = IJ.createHyperStack("cells", 4, 3, channels, slices, frames, 8);
        final ImagePlus image = channels > 1 ? new CompositeImage(plain, CompositeImage.COLOR) : plain;
        return new StackPlanes(
                image,
                PlaneChoice.of(image, slices > 1 && frames > 1 ? "all" : slices > 1 ? "slices" : "current", "all"));
    }

    private static StackPlanes frames(final int channels, final int frames) {
        final ImagePlus image = IJ.createHyperStack("cells", 4, 3, channels, 1, frames, 8);
        return new StackPlanes(image, PlaneChoice.of(image, "frames", "all"));
    }

    /** Every pixel tells its plane, from 0, and its place, from 0: {@code 10 * plane + place}. */
    private static List<List<ImagePlus>> ways(final int planes) {
        final List<List<ImagePlus>> ways = new ArrayList<>();
        for (int plane = 0; plane < planes; plane++) {
            final int number = 10 * plane;
            ways.add(IntStream.range(0, COUNT)
                    .mapToObj(place -> new ImagePlus("cells", new ByteProcessor(4, 3, bytes(number + place))))
                    .toList());
        }
        return ways;
    }

    private static byte[] bytes(final int value) {
        final byte[] bytes = new byte[12];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static int at(final ImagePlus image, final int c, final int z, final int t) {
        return image.getStack().getProcessor(image.getStackIndex(c, z, t)).get(0);
    }

    @Test
    void aSinglePlaneMakesAPlainStack() {
        final ImagePlus joined =
                new InterpolatedPlanes(planes(1, 1, 1), planes(1, 1, 1), COUNT).joinWays("between", ways(1));
        assertArrayEquals(new int[] {4, 3, 1, COUNT, 1}, joined.getDimensions());
        assertFalse(joined.isHyperStack());
        for (int place = 0; place < COUNT; place++) assertEquals(place, at(joined, 1, place + 1, 1));
    }

    @ParameterizedTest
    @CsvSource({"2,1", "1,4", "3,2"})
    void slicesLeaveTheFramesFree(final int channels, final int slices) {
        final ImagePlus joined = new InterpolatedPlanes(planes(channels, slices, 1), planes(channels, slices, 1), COUNT)
                .joinWays("between", ways(channels * slices));
        assertArrayEquals(new int[] {4, 3, channels, slices, COUNT}, joined.getDimensions());
        assertTrue(joined.isHyperStack());
        assertEquals(channels > 1, joined.isComposite());
        for (int place = 0; place < COUNT; place++)
            for (int z = 0; z < slices; z++)
                for (int c = 0; c < channels; c++)
                    assertEquals(10 * (z * channels + c) + place, at(joined, c + 1, z + 1, place + 1));
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,3"})
    void framesLeaveTheSlicesFree(final int channels, final int frames) {
        final ImagePlus joined = new InterpolatedPlanes(frames(channels, frames), frames(channels, frames), COUNT)
                .joinWays("between", ways(channels * frames));
        assertArrayEquals(new int[] {4, 3, channels, COUNT, frames}, joined.getDimensions());
        for (int place = 0; place < COUNT; place++)
            for (int t = 0; t < frames; t++)
                for (int c = 0; c < channels; c++)
                    assertEquals(10 * (t * channels + c) + place, at(joined, c + 1, place + 1, t + 1));
    }

    @Test
    void slicesOfSeveralFramesLeaveNothingFree() {
        final String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new InterpolatedPlanes(planes(2, 3, 4), planes(2, 3, 4), COUNT))
                .getMessage();
        assertEquals(
                "There are 2 channels, 3 slices and 4 frames, which leave no axis for the way from one image to the"
                        + " other; take the slices of one frame (planes=slices) or the frames of one slice"
                        + " (planes=frames).",
                message);
    }

    @Test
    void otherNumbersOfPlanesDoNotGoTogether() {
        final String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new InterpolatedPlanes(planes(2, 3, 1), planes(3, 2, 1), COUNT))
                .getMessage();
        assertEquals(
                "The first image's 2 channels, 3 slices and 1 frames and the second one's 3 channels, 2 slices and 1"
                        + " frames do not go together; give as many of both.",
                message);
    }

    private static StackPlanes withOverlay(final StackPlanes planes, final ImagePlus image, final int[]... positions) {
        final Overlay overlay = new Overlay();
        for (final int[] position : positions) {
            final Roi roi = new Roi(0, 0, 2, 2);
            if (position.length == 3) roi.setPosition(position[0], position[1], position[2]);
            if (position.length == 1) roi.setPosition(position[0]);
            overlay.add(roi);
        }
        image.setOverlay(overlay);
        return planes;
    }

    private static List<List<Integer>> places(final Overlay overlay) {
        return Arrays.stream(overlay.toArray())
                .map(roi -> List.of(roi.getCPosition(), roi.getZPosition(), roi.getTPosition(), roi.getPosition()))
                .toList();
    }

    @Test
    void whatIsDrawnOverAnImageIsDrawnAtItsEnd() {
        final ImagePlus first = IJ.createHyperStack("first", 4, 3, 2, 3, 1, 8);
        final ImagePlus second = IJ.createHyperStack("second", 4, 3, 2, 3, 1, 8);
        final PlaneChoice choice = PlaneChoice.of(first, "slices", "all");
        final Overlay overlay = new InterpolatedPlanes(
                        withOverlay(new StackPlanes(first, choice), first, new int[0], new int[] {2, 3, 1}),
                        withOverlay(new StackPlanes(second, choice), second, new int[] {0, 2, 0}, new int[] {4}),
                        COUNT)
                .overlay();
        assertEquals(
                List.of(List.of(0, 0, 1, 0), List.of(2, 3, 1, 0), List.of(0, 2, COUNT, 0), List.of(2, 2, COUNT, 0)),
                places(overlay));
        assertEquals(List.of(List.of(0, 0, 0, 0), List.of(2, 3, 1, 0)), places(first.getOverlay()), "the image's own");
    }

    @Test
    void overSinglePlanesItBelongsToTheFirstAndTheLastSlice() {
        final ImagePlus first = IJ.createImage("first", "8-bit black", 4, 3, 1);
        final ImagePlus second = IJ.createImage("second", "8-bit black", 4, 3, 1);
        final PlaneChoice choice = PlaneChoice.of(first, "current", "current");
        final StackPlanes bare = new StackPlanes(first, choice);
        assertNull(new InterpolatedPlanes(bare, bare, COUNT).overlay());
        final StackPlanes drawn = withOverlay(new StackPlanes(second, choice), second, new int[0]);
        assertEquals(
                List.of(List.of(0, 1, 0, 1), List.of(0, COUNT, 0, COUNT)),
                places(new InterpolatedPlanes(drawn, drawn, COUNT).overlay()));
        assertEquals(
                List.of(List.of(0, COUNT, 0, COUNT)), places(new InterpolatedPlanes(bare, drawn, COUNT).overlay()));
    }
}
