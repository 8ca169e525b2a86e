package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Roi;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.module.Module;
import palindrome.image.Provenance;

/** <i>Diffusion Mask...</i> with the bundled model. */
class MaskCommandTest {

    private static final String SOURCE = "fluorescence, many nuclei";
    private static final String TARGET = "fluorescence, few nuclei";
    /** The mean of a heat map is 1/3 unless something in it is clamped. */
    private static final double THRESHOLD = 0.375;

    private static CommandHarness mask(final ImagePlus image, final String source, final String target) {
        return CommandHarness.mask(image)
                .with("maps", 2)
                .with("threshold", THRESHOLD)
                .with("source", source)
                .with("target", target);
    }

    private static float[] heat(final Module module) {
        return (float[])
                ((ImagePlus) module.getOutput("heatmap")).getProcessor().getPixels();
    }

    @ParameterizedTest
    @EnumSource
    void theSamePromptTwiceChangesNothingAnywhere(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        image.setRoi(3, 3, 9, 9);
        final Module module = mask(image, SOURCE, SOURCE).run();
        assertArrayEquals(new float[37 * 22], heat(module));
        assertArrayEquals(new int[37 * 22], TestImage.bits((ImagePlus) module.getOutput("mask")));
        assertNull(image.getRoi());
        assertTrue(((String) module.getOutput("notes"))
                .startsWith("The prompts make no difference above the threshold of 0.375 anywhere in the image"));
    }

    @ParameterizedTest
    @EnumSource
    void whereThePromptsDifferIsMeasuredMaskedAndSelected(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        final int[] before = TestImage.bits(image);
        final Module module = mask(image, SOURCE, TARGET).run();
        final ImagePlus heatmap = (ImagePlus) module.getOutput("heatmap");
        final ImagePlus mask = (ImagePlus) module.getOutput("mask");
        assertEquals("cells-heatmap", heatmap.getTitle());
        assertEquals("cells-mask", mask.getTitle());
        assertTrue(image.getCalibration().equals(mask.getCalibration()));
        final float[] heat = heat(module);
        final Roi selection = image.getRoi();
        int inside = 0;
        for (int i = 0; i < heat.length; i++) {
            assertTrue(heat[i] >= 0 && heat[i] <= 1);
            assertEquals(heat[i] > THRESHOLD ? 255 : 0, mask.getProcessor().get(i));
            assertEquals(heat[i] > THRESHOLD, selection.contains(i % 37, i / 37), "pixel " + i);
            if (heat[i] > THRESHOLD) inside++;
        }
        assertTrue(inside > 10 && inside < heat.length, inside + " selected");
        assertArrayEquals(before, TestImage.bits(image));
    }

    @Test
    void theSelectionStaysIfNoneIsAskedFor() {
        final ImagePlus image = TestImage.GRAY8.make(37, 22);
        image.setRoi(3, 3, 9, 9);
        mask(image, SOURCE, TARGET).with("select", false).run();
        assertEquals(new java.awt.Rectangle(3, 3, 9, 9), image.getRoi().getBounds());
    }

    /** The two commands together: what the mask says is what is repainted. */
    @Test
    void theMaskIsASelectionToRepaint() {
        final ImagePlus image = TestImage.GRAY8.make(37, 22);
        final Module module = mask(image, SOURCE, TARGET).run();
        final ImagePlus mask = (ImagePlus) module.getOutput("mask");
        final int[] bySelection = TestImage.bits(CommandHarness.inpaint(image)
                .with("steps", 3)
                .with("prompt", TARGET)
                .image());
        image.deleteRoi();
        assertArrayEquals(
                bySelection,
                TestImage.bits(CommandHarness.inpaint(image)
                        .with("steps", 3)
                        .with("prompt", TARGET)
                        .with("selection", mask)
                        .image()));
        final int[] before = TestImage.bits(image);
        for (int i = 0; i < before.length; i++)
            if (mask.getProcessor().get(i) == 0) assertEquals(before[i], bySelection[i]);
    }

    @Test
    void seedMapsAndStrengthMatter() {
        final ImagePlus image = TestImage.GRAY8.make(37, 22);
        final float[] first = heat(mask(image, SOURCE, TARGET).run());
        assertArrayEquals(first, heat(mask(image, SOURCE, TARGET).run()), "the same again");
        assertFalse(Arrays.equals(
                first, heat(mask(image, SOURCE, TARGET).with("seed", 2L).run())));
        assertFalse(Arrays.equals(
                first, heat(mask(image, SOURCE, TARGET).with("maps", 3).run())));
        assertFalse(Arrays.equals(
                first, heat(mask(image, SOURCE, TARGET).with("strength", 0.8).run())));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 2})
    void aStrengthOutOfRangeIsNamed(final double strength) {
        final String message = mask(TestImage.GRAY8.make(16, 16), SOURCE, TARGET)
                .with("strength", strength)
                .failure();
        assertTrue(message.contains("" + strength), message);
    }

    @Test
    void theResultSaysWhatWasDone() throws IOException {
        final Module module = mask(TestImage.GRAY8.make(16, 16), SOURCE, TARGET).run();
        for (final String output : new String[] {"mask", "heatmap"}) {
            final Provenance provenance =
                    Provenance.readFrom((ImagePlus) module.getOutput(output)).orElseThrow();
            assertEquals("mask", provenance.operation());
            assertEquals(SOURCE, provenance.text("prompt").orElseThrow());
            assertEquals(TARGET, provenance.text("targetPrompt").orElseThrow());
            assertEquals("2", provenance.text("maps").orElseThrow());
        }
    }
}
