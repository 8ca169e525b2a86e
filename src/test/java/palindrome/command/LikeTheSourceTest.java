package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.gui.TextRoi;
import ij.io.FileSaver;
import ij.measure.Calibration;
import ij.process.LUT;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.scijava.module.Module;
import palindrome.image.Provenance;

/**
 * What every command that returns an image like its input must keep of it: calibration, look-up tables, display ranges,
 * slice labels and overlay; with the bundled model.
 */
class LikeTheSourceTest {

    private static final int WIDTH = 21;
    private static final int HEIGHT = 14;

    /** The commands, as they make one image of another. */
    private enum Operation {
        EDIT("edited", source -> quick(CommandHarness.edit(source))
                .with("strength", 1.0)
                .with("target", "histology")
                .image()),
        INPAINT("inpainted", source -> quick(CommandHarness.inpaint(source))
                .with("selection", mask(source))
                .image()),
        VARY(
                "varied",
                source -> quick(CommandHarness.vary(source)).with("count", 1).image()),
        DRAG("dragged", source -> quick(CommandHarness.drag(source))
                .with("handles", "4,4->12,8")
                .image()),
        RECONSTRUCT(
                "reconstructed",
                source -> CommandHarness.reconstruct(invert(source).image()).image()),
        RECONSTRUCT_A_FILE("reconstructed", source -> CommandHarness.reconstruct(
                        savedAndOpened(invert(source).image()))
                .image()),
        GENERATE("edited", source -> CommandHarness.generate()
                .with("noise", savedAndOpened(invert(source).image()))
                .with("prompt", "histology")
                .image());

        private final String suffix;
        private final UnaryOperator<ImagePlus> run;

        Operation(final String suffix, final UnaryOperator<ImagePlus> run) {
            this.suffix = suffix;
            this.run = run;
        }

        private static CommandHarness invert(final ImagePlus source) {
            return quick(CommandHarness.invert(source));
        }

        private static CommandHarness quick(final CommandHarness command) {
            return command.with("steps", 2).with("planes", "all").with("channels", "all");
        }

        private static ImagePlus mask(final ImagePlus source) {
            final ImagePlus mask = IJ.createImage("mask", "8-bit black", WIDTH, HEIGHT, 1);
            mask.getProcessor().setValue(255);
            mask.getProcessor().fill(new Roi(3, 3, 8, 8));
            return mask;
        }
    }

    private static ImagePlus savedAndOpened(final ImagePlus image) {
        try {
            final Path file = Files.createTempFile("latent", ".tif");
            try {
                assertTrue(
                        image.getStackSize() == 1
                                ? new FileSaver(image).saveAsTiff(file.toString())
                                : new FileSaver(image).saveAsTiffStack(file.toString()));
                return IJ.openImage(file.toString());
            } finally {
                Files.delete(file);
            }
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }

    /** 2 channels, 2 slices and 2 frames of 16 bits, with all that ImageJ can put beside pixels. */
    private static ImagePlus hyperstack() {
        final CompositeImage image = TestHyperstack.cells(WIDTH, HEIGHT);
        for (int n = 1; n <= image.getStackSize(); n++) image.getStack().setSliceLabel("plane \u00b5" + n, n);
        final Calibration calibration = image.getCalibration();
        calibration.pixelWidth = 0.25;
        calibration.pixelHeight = 0.5;
        calibration.pixelDepth = 1.5;
        calibration.xOrigin = 7;
        calibration.frameInterval = 12;
        calibration.setTimeUnit("min");
        calibration.setUnit("micron");
        calibration.setFunction(Calibration.STRAIGHT_LINE, new double[] {-5, 0.5}, "counts");
        image.setOverlay(overlay(new int[][] {{0, 0, 0}, {2, 1, 2}, {0, 2, 0}}));
        image.setPosition(2, 1, 2);
        return image;
    }

    /** A part at each position. */
    private static Overlay overlay(final int[]... positions) {
        final Overlay overlay = new Overlay();
        for (int i = 0; i < positions.length; i++) {
            final Roi roi =
                    i == 0 ? new TextRoi(1, 1, "scale \u00b5m", new Font("SansSerif", 0, 9)) : new Roi(i, 2, 5, 4);
            roi.setName("part " + i);
            roi.setStrokeColor(Color.ORANGE);
            // NB: ImageJ's own files do not keep it of text
            if (i > 0) roi.setStrokeWidth(1.5);
            roi.setProperty("class", "nucleus");
            if (positions[i].length == 3) roi.setPosition(positions[i][0], positions[i][1], positions[i][2]);
            overlay.add(roi);
        }
        overlay.drawLabels(true);
        overlay.drawNames(true);
        overlay.setLabelColor(Color.CYAN);
        return overlay;
    }

    private static List<String> described(final Overlay overlay) {
        if (overlay == null) return List.of();
        final List<String> parts = new ArrayList<>();
        parts.add(overlay.getDrawLabels() + " " + overlay.getDrawNames() + " " + overlay.getLabelColor());
        for (final Roi roi : overlay)
            parts.add(String.join(
                    " ",
                    roi.getName(),
                    roi.getTypeAsString(),
                    roi.getBounds().toString(),
                    roi.getStrokeColor().toString(),
                    "" + roi.getStrokeWidth(),
                    roi.getProperty("class"),
                    roi instanceof TextRoi text ? text.getText().strip() : "",
                    Arrays.toString(
                            new int[] {roi.getCPosition(), roi.getZPosition(), roi.getTPosition(), roi.getPosition()
                            })));
        return parts;
    }

    private static String described(final Calibration calibration) {
        return String.join(
                " ",
                calibration.toString(),
                "" + calibration.xOrigin,
                "" + calibration.frameInterval,
                calibration.getTimeUnit(),
                Arrays.toString(calibration.getCoefficients()));
    }

    private static List<String> labels(final ImagePlus image) {
        final List<String> labels = new ArrayList<>();
        for (int n = 1; n <= image.getStackSize(); n++)
            labels.add(image.getStack().getSliceLabel(n));
        return labels;
    }

    private static void assertLike(final ImagePlus source, final ImagePlus result) {
        assertArrayEquals(source.getDimensions(), result.getDimensions());
        assertEquals(source.getType(), result.getType());
        assertEquals(described(source.getCalibration()), described(result.getCalibration()));
        assertEquals(labels(source), labels(result));
        assertEquals(described(source.getOverlay()), described(result.getOverlay()));
        assertColours(source, result);
    }

    private static void assertColours(final ImagePlus source, final ImagePlus result) {
        if (source instanceof CompositeImage composite) {
            assertEquals(composite.getMode(), ((CompositeImage) result).getMode());
            for (int c = 1; c <= source.getNChannels(); c++)
                assertSame(composite.getChannelLut(c), ((CompositeImage) result).getChannelLut(c));
        } else if (source.getType() != ImagePlus.COLOR_RGB) {
            assertEquals(source.getDisplayRangeMin(), result.getDisplayRangeMin());
            assertEquals(source.getDisplayRangeMax(), result.getDisplayRangeMax());
            for (int i = 0; i < 256; i++)
                assertEquals(
                        source.getProcessor().getLut().getRGB(i),
                        result.getProcessor().getLut().getRGB(i));
        }
    }

    private static void assertSame(final LUT was, final LUT is) {
        for (int i = 0; i < 256; i++) assertEquals(was.getRGB(i), is.getRGB(i));
        assertEquals(was.min, is.min);
        assertEquals(was.max, is.max);
    }

    @ParameterizedTest
    @EnumSource
    void hyperstacksKeepAllThatIsBesideTheirPixels(final Operation operation) throws IOException {
        final ImagePlus source = hyperstack();
        final ImagePlus result = operation.run.apply(source);
        assertLike(source, result);
        assertEquals(
                8,
                Provenance.readFrom(result)
                        .orElseThrow()
                        .get("planes")
                        .orElseThrow()
                        .getAsJsonArray()
                        .size());
        assertMarked(operation, result);
        // and so do files of the result
        assertLike(source, savedAndOpened(result));
    }

    /** As synthetic in title, Info and record, but for what was only inverted and made again. */
    private static void assertMarked(final Operation operation, final ImagePlus result) throws IOException {
        assertEquals("cells-" + operation.suffix, result.getTitle());
        final boolean same = operation.suffix.equals("reconstructed");
        assertEquals(
                same ? Optional.empty() : Optional.of("diffusion edit"),
                Provenance.readFrom(result).orElseThrow().text("synthetic"));
        assertEquals(!same, result.getInfoProperty().contains("Palindrome synthetic: diffusion edit\n"));
    }

    static Stream<Arguments> singles() {
        return Stream.of(Operation.values())
                .flatMap(operation -> Stream.of(TestImage.values()).map(type -> Arguments.of(operation, type)));
    }

    @ParameterizedTest
    @MethodSource("singles")
    void singleImagesKeepAllThatIsBesideTheirPixels(final Operation operation, final TestImage type)
            throws IOException {
        final ImagePlus source = type.make(WIDTH, HEIGHT);
        source.setProperty("Info", "objective: 40x");
        source.setOverlay(overlay(new int[0], new int[0]));
        final ImagePlus result = operation.run.apply(source);
        // of an image with an Info, ImageJ itself makes a label
        assertEquals("cells.tif\nobjective: 40x", labels(source).get(0));
        source.getStack().setSliceLabel(null, 1);
        assertLike(source, result);
        assertMarked(operation, result);
        assertTrue(result.getInfoProperty().startsWith("objective: 40x\n"), result.getInfoProperty());
    }

    @Test
    void mapsAreCalibratedLabelledAndDrawnOverLikeTheSource() {
        final ImagePlus source = hyperstack();
        final Module edited = Operation.quick(CommandHarness.edit(source))
                .with("altered", true)
                .run();
        final Module masked = CommandHarness.mask(source)
                .with("maps", 1)
                .with("planes", "all")
                .with("channels", "all")
                .with("target", "histology")
                .run();
        for (final Object map : List.of(
                edited.getOutput("differences"),
                edited.getOutput("mask"),
                masked.getOutput("heatmap"),
                masked.getOutput("mask"))) {
            final ImagePlus image = (ImagePlus) map;
            assertArrayEquals(source.getDimensions(), image.getDimensions());
            assertEquals(labels(source), labels(image));
            assertEquals(described(source.getOverlay()), described(image.getOverlay()));
            assertEquals(1.5, image.getCalibration().pixelDepth);
            assertEquals("micron", image.getCalibration().getUnit());
        }
    }
}
