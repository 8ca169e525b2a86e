package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import palindrome.image.Provenance;

/** <i>Diffusion Edit...</i> with the bundled model. */
class EditCommandTest {

    private static final String SOURCE = "fluorescence, few nuclei";
    private static final String TARGET = "histology, many large nuclei";

    private static CommandHarness edit(final ImagePlus image, final String source, final String target) {
        return CommandHarness.edit(image)
                .with("steps", 4)
                .with("source", source)
                .with("target", target);
    }

    /** Makes an edit that no rounding to 8 bits hides. */
    private static CommandHarness strongly(final CommandHarness edit) {
        return edit.with("strength", 1.0).with("guidance", 20.0).with("steps", 6);
    }

    @ParameterizedTest
    @EnumSource
    void theSamePromptTwiceChangesNothing(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        final int[] before = TestImage.bits(image);
        final ImagePlus edited = edit(image, SOURCE, SOURCE)
                .with("negative", "blur")
                .with("sampler", type.ordinal() % 2 == 0 ? "O-BELM" : "EDICT")
                .image();
        CommandHarness.assertSamePixels(image, edited);
        assertArrayEquals(before, TestImage.bits(image));
        assertEquals("cells-edited", edited.getTitle());
        assertTrue(image.getCalibration().equals(edited.getCalibration()));
    }

    @Test
    void theSamePromptTwiceIsSaid() {
        final ImagePlus image = TestImage.GRAY8.make(16, 8);
        final String note = "The source and the target prompt are the same, so there is nothing to change: say in the"
                + " target prompt what the image should show.";
        assertTrue(notes(edit(image, "", " ")).contains(note));
        assertFalse(notes(edit(image, SOURCE, TARGET)).contains(note));
    }

    private static String notes(final CommandHarness edit) {
        return (String) edit.run().getOutput("notes");
    }

    @ParameterizedTest
    @EnumSource
    void anotherPromptChangesTheImageButNotTheInput(final TestImage type) {
        final ImagePlus image = type.make(24, 16);
        final int[] before = TestImage.bits(image);
        final ImagePlus edited = strongly(edit(image, "", TARGET)).image();
        assertEquals(image.getType(), edited.getType());
        assertNotEquals(Arrays.hashCode(before), Arrays.hashCode(TestImage.bits(edited)));
        assertArrayEquals(before, TestImage.bits(image));
    }

    static Stream<Arguments> selections() {
        final List<Roi> selections = List.of(
                new Roi(5, 3, 14, 12),
                new OvalRoi(-4, 2, 20, 17),
                new PolygonRoi(new float[] {4, 33, 20, 18}, new float[] {2, 6, 20, 9}, Roi.POLYGON));
        return Stream.of(TestImage.values())
                .flatMap(type -> selections.stream().map(roi -> Arguments.of(type, roi, (double) roi.getType() * 2)));
    }

    @ParameterizedTest
    @MethodSource("selections")
    void outsideTheSelectionEveryPixelIsTheOriginal(final TestImage type, final Roi selection, final double feather) {
        final ImagePlus image = type.make(37, 22);
        image.setRoi((Roi) selection.clone());
        final int[] before = TestImage.bits(image);
        final ImagePlus edited =
                strongly(edit(image, SOURCE, TARGET)).with("feather", feather).image();
        final int[] after = TestImage.bits(edited);
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            if (!selection.contains(i % 37, i / 37)) assertEquals(before[i], after[i], "pixel " + i);
            else if (before[i] != after[i]) changed++;
        }
        assertTrue(changed > 10, changed + " changed");
        assertArrayEquals(before, TestImage.bits(image));
        assertEquals(selection.getBounds(), image.getRoi().getBounds(), "the input's selection stays");
    }

    @Test
    void withoutFeatherTheInsideIsTheWholeEdit() {
        final ImagePlus image = TestImage.RGB.make(32, 16);
        final int[] whole = TestImage.bits(strongly(edit(image, SOURCE, TARGET)).image());
        image.setRoi(8, 4, 12, 8);
        final int[] hard = TestImage.bits(
                strongly(edit(image, SOURCE, TARGET)).with("feather", 0.0).image());
        final int[] soft = TestImage.bits(
                strongly(edit(image, SOURCE, TARGET)).with("feather", 3.0).image());
        final int[] before = TestImage.bits(image);
        for (int i = 0; i < whole.length; i++)
            assertEquals(image.getRoi().contains(i % 32, i / 32) ? whole[i] : before[i], hard[i]);
        assertNotEquals(Arrays.hashCode(hard), Arrays.hashCode(soft));
    }

    @Test
    void theResultSaysWhatWasDone() throws IOException {
        final ImagePlus image = TestImage.GRAY8.make(16, 16);
        image.setRoi(2, 2, 8, 8);
        final ImagePlus edited =
                edit(image, SOURCE, TARGET).with("negative", "blur").image();
        final Provenance provenance = Provenance.readFrom(edited).orElseThrow();
        assertTrue(provenance.isSynthetic());
        assertEquals("edit", provenance.operation());
        assertEquals(SOURCE, provenance.text("prompt").orElseThrow());
        assertEquals(TARGET, provenance.text("targetPrompt").orElseThrow());
        assertEquals("blur", provenance.text("negativePrompt").orElseThrow());
        assertEquals("0.6", provenance.text("strength").orElseThrow());
        assertEquals("3.0", provenance.text("guidanceScale").orElseThrow());
        assertEquals(64, provenance.text("modelSha256").orElseThrow().length());
        assertEquals(64, provenance.text("sourceSha256").orElseThrow().length());
        final String info = edited.getInfoProperty();
        for (final String line : List.of(
                "Palindrome: edit",
                "Palindrome synthetic: diffusion edit",
                "Palindrome targetPrompt: " + TARGET,
                "Palindrome sampler: O-BELM")) assertTrue(info.contains(line + "\n"), info);
    }

    @Test
    void onlyTheCurrentPlaneOfAHyperstackIsEdited() {
        final ImagePlus image = TestImage.hyperstack(20, 12);
        final ImagePlus edited = edit(image, SOURCE, SOURCE).image();
        assertEquals(1, edited.getStackSize());
        CommandHarness.assertSamePixels(image, edited);
    }
}
