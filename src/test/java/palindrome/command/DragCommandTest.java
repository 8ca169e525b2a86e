package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Arrow;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.PointRoi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.scijava.module.Module;
import palindrome.edit.CancelAfter;
import palindrome.image.Provenance;
import palindrome.model.TinyModel;

/** <i>Diffusion Drag...</i> with the bundled model, and with a tiny latent one. */
class DragCommandTest {

    private static final String HANDLE = "12,11->24,13";

    @TempDir
    private static Path folder;

    private static String latentModel;

    @BeforeAll
    static void write() throws IOException {
        latentModel = TinyModel.writeLatent(Files.createDirectory(folder.resolve("sd")))
                .toString();
    }

    private static CommandHarness drag(final ImagePlus image) {
        return CommandHarness.drag(image).with("steps", 8).with("prompt", "fluorescence microscopy, few nuclei");
    }

    /** Neither moved nor made stronger nor weaker: the very image, of every type, by either method. */
    @ParameterizedTest
    @EnumSource
    void whatIsDraggedNowhereStays(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        for (final String method : List.of("SDE", "ODE")) {
            final ImagePlus dragged = drag(image)
                    .with("handles", "12,11->12,11; 30,4->30,4")
                    .with("alpha", 1.0)
                    .with("beta", 1.0)
                    .with("method", method)
                    .with("together", type.ordinal() % 2 == 0)
                    .image();
            CommandHarness.assertSamePixels(image, dragged);
            assertEquals("cells-dragged", dragged.getTitle());
            assertTrue(image.getCalibration().equals(dragged.getCalibration()));
        }
    }

    /** Guidance is that of the noisiest step, and 1 at the image: there the prompt is heard, also on the way from 0. */
    @Test
    void guidanceZeroStillEndsAtThePrompt() {
        final ImagePlus image = TestImage.GRAY16.make(37, 22);
        final CommandHarness drag = drag(image).with("handles", HANDLE).with("guidance", 0.0);
        final int[] few = TestImage.bits(drag.image());
        assertFalse(Arrays.equals(
                few, TestImage.bits(drag.with("prompt", "histology").image())));
    }

    @ParameterizedTest
    @EnumSource
    void outsideOfTheSelectionNoBitChanges(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        final int[] before = TestImage.bits(image);
        image.setRoi(new OvalRoi(5, 3, 26, 17));
        final ImagePlus dragged =
                drag(image).with("handles", HANDLE).with("feather", 2.0).image();
        assertArrayEquals(before, TestImage.bits(image));
        final int[] after = TestImage.bits(dragged);
        int changed = 0;
        for (int i = 0; i < before.length; i++)
            if (!image.getRoi().contains(i % 37, i / 37)) assertEquals(before[i], after[i], "pixel " + i);
            else if (before[i] != after[i]) changed++;
        assertTrue(changed > 200, changed + " pixels changed");
    }

    @Test
    void drawnHandlesAreThoseThatAreWritten() throws IOException {
        final ImagePlus image = TestImage.GRAY8.make(37, 22);
        final int[] written = TestImage.bits(drag(image).with("handles", HANDLE).image());
        assertFalse(Arrays.equals(TestImage.bits(image), written));
        image.setRoi(new Arrow(12, 11, 24, 13));
        final Module module = drag(image).run();
        final ImagePlus drawn = (ImagePlus) module.getOutput("result");
        assertArrayEquals(written, TestImage.bits(drawn));
        // What the Recorder writes runs without the arrow.
        assertEquals(HANDLE, module.getInput("handles"));
        assertEquals(
                HANDLE, Provenance.readFrom(drawn).orElseThrow().text("handles").orElseThrow());
        image.setRoi(new PointRoi(new float[] {12, 24}, new float[] {11, 13}));
        assertArrayEquals(written, TestImage.bits(drag(image).image()));
        image.setRoi(new OvalRoi(0, 0, 37, 22));
        image.setOverlay(new Overlay(new Arrow(12, 11, 24, 13)));
        assertFalse(Arrays.equals(written, TestImage.bits(drag(image).image())), "the oval is a mask");
    }

    @Test
    void everyDragIsAnIntermediateImage() throws IOException {
        final ImagePlus image = TestImage.RGB.make(37, 22);
        final Module module =
                drag(image).with("handles", HANDLE).with("intermediate", true).run();
        final ImagePlus way = (ImagePlus) module.getOutput("way");
        final ImagePlus dragged = (ImagePlus) module.getOutput("result");
        assertEquals("cells-drags", way.getTitle());
        assertEquals(3, way.getStackSize());
        assertEquals("drag 2 of 3", way.getStack().getSliceLabel(2));
        way.setSlice(3);
        CommandHarness.assertSamePixels(dragged, way);
        way.setSlice(1);
        assertFalse(Arrays.equals(TestImage.bits(dragged), TestImage.bits(way)));
        final Provenance record = Provenance.readFrom(way).orElseThrow();
        assertEquals("drag", record.operation());
        assertEquals("Cycle-SDE", record.text("sampler").orElseThrow());
        assertEquals("3", record.text("drags").orElseThrow());
        assertTrue(record.isSynthetic());
        assertNull(drag(image).with("handles", HANDLE).run().getOutput("way"));
    }

    @Test
    void eachKeyMakesAnotherImage() {
        final ImagePlus image = TestImage.GRAY16.make(37, 22);
        final String handles = HANDLE + "; 30,4->28,16";
        final int[] usual = TestImage.bits(drag(image).with("handles", handles).image());
        final Object[][] keys = {
            {"method", "ODE"},
            {"radius", "4"},
            {"stride", "12"},
            {"alpha", 1.3},
            {"beta", 0.9},
            {"fill", "zero"},
            {"together", false},
            {"seed", 2L},
            {"strength", 0.8},
            {"guidance", 1.0},
            {"negative", "histology"}
        };
        for (final Object[] key : keys)
            assertFalse(
                    Arrays.equals(
                            usual,
                            TestImage.bits(drag(image)
                                    .with("handles", handles)
                                    .with((String) key[0], key[1])
                                    .image())),
                    (String) key[0]);
        assertArrayEquals(
                usual, TestImage.bits(drag(image).with("handles", handles).image()));
    }

    /** One place of a latent stands for 8 pixels; the detail that the autoencoder loses stays where nothing changed. */
    @ParameterizedTest
    @EnumSource
    void latentModels(final TestImage type) {
        final ImagePlus image = type.make(53, 40);
        CommandHarness.assertSamePixels(
                image,
                latent(image)
                        .with("handles", "12,11->12,11")
                        .with("alpha", 1.0)
                        .with("beta", 1.0)
                        .image());
        image.setRoi(8, 8, 36, 24);
        final int[] before = TestImage.bits(image);
        final int[] after =
                TestImage.bits(latent(image).with("handles", "12,11->40,29").image());
        int changed = 0;
        for (int i = 0; i < before.length; i++)
            if (!image.getRoi().contains(i % 53, i / 53)) assertEquals(before[i], after[i], "pixel " + i);
            else if (before[i] != after[i]) changed++;
        assertTrue(changed > 400, changed + " pixels changed");
    }

    private static CommandHarness latent(final ImagePlus image) {
        return CommandHarness.drag(image)
                .with("model", latentModel)
                .with("steps", 4)
                .with("strength", 1.0)
                .with("guidance", 2.0)
                .with("feather", 0.0)
                .with("prompt", "a photo of a cat");
    }

    /** All channels of a hyperstack, dragged alike. */
    @Test
    void channelsOfAHyperstack() {
        final ImagePlus image = TestImage.hyperstack(37, 22);
        final Module module = drag(image)
                .with("handles", HANDLE)
                .with("channels", "all")
                .with("intermediate", true)
                .run();
        final ImagePlus dragged = (ImagePlus) module.getOutput("result");
        assertEquals(3, dragged.getNChannels());
        assertEquals(9, ((ImagePlus) module.getOutput("way")).getStackSize());
        for (int channel = 1; channel <= 3; channel++)
            assertNotEquals(
                    0,
                    palindrome.evaluate.PixelComparison.of(
                                    image.getStack().getProcessor(image.getStackIndex(channel, 2, 1)),
                                    dragged.getStack().getProcessor(channel))
                            .differentPixels());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "handles | nonsense | 'nonsense' is no handle; write x1,y1->x2,y2 in pixels",
                "handles | 1,2->99,4 | The handle 1,2->99,4 ends at 99,4, outside of the image of 37 x 22 pixels",
                "radius | 0 | The radius is 0.0 pixels; use a number above 0, or auto.",
                "radius | wide | 'radius' is 'wide', but must be a number of pixels above 0, or auto.",
                "stride | -3 | The stride is -3.0 pixels; use a number above 0, or auto.",
                "alpha | 0 | Alpha is 0.0; use a number above 0, usually 1.1.",
                "beta | 2 | 'beta' is '2.0', but must be a number from 0.0 to 1.0.",
                "method | SDDE | 'method' is 'SDDE', but must be one of SDE, ODE.",
                "strength | 0 | Strength is 0.0; use a number above 0",
            })
    void badInputIsSaidInOneSentence(final String key, final String value, final String message) {
        final Object typed =
                key.equals("alpha") || key.equals("beta") || key.equals("strength") ? Double.valueOf(value) : value;
        final String said = drag(TestImage.GRAY8.make(37, 22))
                .with("handles", HANDLE)
                .with(key, typed)
                .failure();
        assertTrue(said.startsWith(message), said);
    }

    @Test
    void handlesThatAreMissingAreSaid() {
        final ImagePlus image = TestImage.GRAY8.make(37, 22);
        final String nothing =
                "There is no handle: draw a straight line or an arrow from what is to be dragged to where"
                        + " it should go, or write handles=[x1,y1->x2,y2] in pixels.";
        assertEquals(nothing, drag(image).failure());
        image.setRoi(5, 3, 26, 17);
        assertEquals(nothing, drag(image).failure());
        assertTrue(drag(image)
                .with("handles", "1,1->12,12")
                .failure()
                .startsWith("The handle 1,1->12,12 begins at 1,1, outside of the selection"));
        image.setRoi(new PointRoi(new float[] {12, 24, 3}, new float[] {11, 13, 3}));
        assertTrue(drag(image).failure().startsWith("3 points are selected, but points are taken in pairs"));
    }

    @Test
    void cancelLeavesNothing() {
        final ImagePlus image = TestImage.GRAY8.make(37, 22);
        final int[] before = TestImage.bits(image);
        final CancelAfter user = new CancelAfter(20);
        assertThrows(
                CancellationException.class,
                () -> drag(image).with("handles", HANDLE).report(user).run());
        assertArrayEquals(before, TestImage.bits(image));
        assertFalse(image.isLocked());
    }
}
