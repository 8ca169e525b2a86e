package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.module.Module;
import palindrome.image.Provenance;
import palindrome.model.TinyFamilies;
import palindrome.model.TinyModel;

/** <i>Diffusion Inpaint...</i> with the bundled model, and with tiny ones of other kinds. */
class InpaintCommandTest {

    private static final String PROMPT = "histology, many large nuclei";

    @TempDir
    private Path folder;

    private static CommandHarness inpaint(final ImagePlus image) {
        return CommandHarness.inpaint(image).with("steps", 3).with("prompt", PROMPT);
    }

    static Stream<Arguments> selections() {
        final Roi ring = new ShapeRoi(new Roi(4, 3, 25, 16)).xor(new ShapeRoi(new OvalRoi(9, 6, 12, 9)));
        final List<Roi> selections = List.of(
                new Roi(5, 3, 14, 12),
                new OvalRoi(-4, 2, 20, 17),
                new ShapeRoi(ring).or(new ShapeRoi(new Roi(33, 1, 30, 4))),
                new PolygonRoi(new float[] {4, 33, 20, 18}, new float[] {2, 6, 20, 9}, Roi.POLYGON));
        return Stream.of(TestImage.values()).flatMap(type -> selections.stream().map(roi -> Arguments.of(type, roi)));
    }

    @ParameterizedTest
    @MethodSource("selections")
    void outsideTheSelectionEveryPixelIsTheOriginal(final TestImage type, final Roi selection) {
        final ImagePlus image = type.make(37, 22);
        image.setRoi((Roi) selection.clone());
        final int[] before = TestImage.bits(image);
        final ImagePlus inpainted = inpaint(image)
                .with("grow", 10.0)
                .with("method", type.ordinal() % 2 == 0 ? "SDE" : "ODE")
                .with("order", 1 + type.ordinal() % 2)
                .image();
        requireSameOutside(selection, before, TestImage.bits(inpainted));
        assertEquals(image.getType(), inpainted.getType());
        assertEquals("cells-inpainted", inpainted.getTitle());
        assertTrue(image.getCalibration().equals(inpainted.getCalibration()));
        assertArrayEquals(before, TestImage.bits(image));
        assertEquals(selection.getBounds(), image.getRoi().getBounds(), "the input's selection stays");
    }

    private static void requireSameOutside(final Roi selection, final int[] before, final int[] after) {
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            if (!selection.contains(i % 37, i / 37)) assertEquals(before[i], after[i], "pixel " + i);
            else if (before[i] != after[i]) changed++;
        }
        assertTrue(changed > 10, changed + " changed");
    }

    @ParameterizedTest
    @EnumSource
    void strengthZeroIsTheImage(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        image.setRoi(new OvalRoi(5, 5, 20, 12));
        CommandHarness.assertSamePixels(
                image, inpaint(image).with("strength", 0.0).image());
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyMaskLeavesTheImage(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        final ImagePlus empty = new ImagePlus("empty", new ByteProcessor(37, 22));
        final Module untouched = inpaint(image).with("selection", empty).run();
        CommandHarness.assertSamePixels(image, (ImagePlus) untouched.getOutput("result"));
        assertTrue(untouched.getOutput("notes").toString().contains("is 0 everywhere, so nothing was repainted"));
    }

    @Test
    void seedMethodOrderAndPromptMatter() {
        final ImagePlus image = TestImage.GRAY16.make(37, 22);
        image.setRoi(new OvalRoi(5, 3, 25, 16));
        final int[] first = TestImage.bits(inpaint(image).image());
        assertArrayEquals(first, TestImage.bits(inpaint(image).image()), "the same again");
        for (final CommandHarness other : List.of(
                inpaint(image).with("seed", 2L),
                inpaint(image).with("method", "ODE"),
                inpaint(image).with("order", 1),
                inpaint(image).with("strength", 0.7),
                inpaint(image).with("grow", 20.0),
                inpaint(image).with("feather", 0.0),
                inpaint(image).with("blend", 0.0),
                inpaint(image).with("prompt", "fluorescence, few small nuclei"),
                inpaint(image).with("negative", "blur")))
            assertFalse(Arrays.equals(first, TestImage.bits(other.image())));
    }

    @Test
    void aMaskImageIsASelectionToo() {
        final ImagePlus image = TestImage.RGB.make(37, 22);
        final Roi selection = new OvalRoi(6, 2, 18, 17);
        image.setRoi(selection);
        final int[] bySelection = TestImage.bits(inpaint(image).image());
        final ByteProcessor mask = image.createRoiMask();
        image.deleteRoi();
        final ImagePlus inpainted =
                inpaint(image).with("selection", new ImagePlus("mask", mask)).image();
        assertArrayEquals(bySelection, TestImage.bits(inpainted));
    }

    /** Slices one by one, and each as if it were an image of its own. */
    @Test
    void everySliceOfAStackIsRepaintedInTheSelection() {
        final ImagePlus image = TestImage.hyperstack(37, 22);
        final Roi selection = new OvalRoi(5, 3, 25, 16);
        image.setRoi(selection);
        final int[] one = TestImage.bits(inpaint(image).image());
        final ImagePlus all = inpaint(image).with("planes", "slices").image();
        assertEquals(image.getNSlices(), all.getStackSize());
        assertEquals("series-inpainted", all.getTitle());
        for (int z = 1; z <= image.getNSlices(); z++) {
            final ImageProcessor before = image.getStack().getProcessor(image.getStackIndex(image.getC(), z, 1));
            final ImageProcessor after = all.getStack().getProcessor(z);
            int changed = 0;
            for (int i = 0; i < before.getPixelCount(); i++)
                if (!selection.contains(i % 37, i / 37)) assertEquals(before.get(i), after.get(i), "pixel " + i);
                else if (before.get(i) != after.get(i)) changed++;
            assertTrue(changed > 10, changed + " changed in slice " + z);
            if (z == image.getZ()) for (int i = 0; i < one.length; i++) assertEquals(one[i], after.get(i));
        }
    }

    @Test
    void inPlaceTheImageItselfIsRepainted() {
        final ImagePlus image = TestImage.GRAY16.make(37, 22);
        image.setRoi(new OvalRoi(5, 3, 25, 16));
        final int[] expected = TestImage.bits(inpaint(image).image());
        inpaint(image).with("inplace", true).run();
        assertArrayEquals(expected, TestImage.bits(image));
    }

    @Test
    void whatSelectsNothingIsRefusedInASentence() {
        final ImagePlus image = TestImage.GRAY8.make(37, 22);
        assertRefused("Nothing is selected in 'cells.tif'", inpaint(image));
        image.setRoi(new Roi(50, 50, 5, 5));
        assertRefused("contains no pixel of the image", inpaint(image));
        image.setRoi(new Line(1, 1, 20, 20));
        assertRefused("is a straight line, which has no area", inpaint(image));
        image.deleteRoi();
        assertRefused("The ROI Manager is empty", inpaint(image).with("manager", true));
        final ImagePlus small = new ImagePlus("small", new ByteProcessor(8, 9));
        assertRefused(
                "is 8 x 9 pixels, but 'cells.tif' is 37 x 22", inpaint(image).with("selection", small));
        final ImagePlus empty = new ImagePlus("empty", new ByteProcessor(37, 22));
        assertRefused(
                "give one of them", inpaint(image).with("selection", empty).with("manager", true));
        image.setRoi(2, 2, 9, 9);
        assertRefused(
                "'order' is '3', but must be a whole number from 1 to 2.",
                inpaint(image).with("order", 3));
        assertRefused("'grow' is '-1.0'", inpaint(image).with("grow", -1.0));
    }

    private static void assertRefused(final String part, final CommandHarness command) {
        final String message = command.failure();
        assertTrue(message.contains(part), message);
    }

    @Test
    void aSelectionOfEverythingIsPaintedAndSaid() {
        final ImagePlus image = TestImage.GRAY8.make(37, 22);
        image.setRoi(new Roi(-5, -5, 100, 100));
        final Module module = inpaint(image).run();
        assertTrue(
                ((String) module.getOutput("notes")).contains("so the prompt alone says what to paint"),
                module.getOutput("notes").toString());
    }

    /** An inpainting model hears its mask; the others, on pixels and on latents, are held to the image. */
    enum Family {
        STABLE_DIFFUSION("a cat", 2),
        NINE_CHANNELS("a cat", 2),
        INPAINTING_ON_PIXELS("a cat", 2),
        UNCONDITIONAL_LATENTS("", 1),
        UNCONDITIONAL_PIXELS("", 1);

        private final String prompt;
        private final double guidance;

        Family(final String prompt, final double guidance) {
            this.prompt = prompt;
            this.guidance = guidance;
        }

        Path write(final Path folder) throws IOException {
            return switch (this) {
                case STABLE_DIFFUSION -> TinyModel.writeLatent(folder);
                case NINE_CHANNELS -> TinyFamilies.latentInpainting(folder);
                case INPAINTING_ON_PIXELS -> TinyFamilies.withUnet(folder, Map.of("in_channels", 25));
                case UNCONDITIONAL_LATENTS -> TinyFamilies.latent(folder);
                case UNCONDITIONAL_PIXELS -> TinyFamilies.unconditional(folder);
            };
        }

        CommandHarness inpaint(final ImagePlus image, final Path model, final String method, final int order) {
            return CommandHarness.inpaint(image)
                    .with("model", model.toString())
                    .with("method", method)
                    .with("order", order)
                    .with("steps", 3)
                    .with("grow", 20.0)
                    .with("guidance", guidance)
                    .with("prompt", prompt);
        }
    }

    /** Several parts of images of every type, and of all channels and slices of a composite. */
    @ParameterizedTest
    @EnumSource
    void outsideTheSelectionNoModelChangesABitByAnyMethod(final Family family) throws IOException {
        final Path model = family.write(folder);
        final Roi selection = new ShapeRoi(new OvalRoi(3, 3, 14, 12)).or(new ShapeRoi(new Roi(24, 9, 11, 11)));
        final Set<String> made = new HashSet<>();
        for (final String method : List.of("ODE", "SDE"))
            for (final int order : new int[] {1, 2}) {
                for (final TestImage type : TestImage.values()) {
                    final ImagePlus image = type.make(37, 22);
                    image.setRoi((Roi) selection.clone());
                    final int[] before = TestImage.bits(image);
                    final int[] after = TestImage.bits(
                            family.inpaint(image, model, method, order).image());
                    requireSameOutside(selection, before, after);
                    if (type == TestImage.GRAY32) made.add(Arrays.toString(after));
                }
                final ImagePlus composite = TestImage.hyperstack(37, 22);
                composite.setRoi((Roi) selection.clone());
                final ImagePlus all = family.inpaint(composite, model, method, order)
                        .with("planes", "all")
                        .with("channels", "all")
                        .image();
                assertEquals(composite.getStackSize(), all.getStackSize());
                for (int n = 1; n <= all.getStackSize(); n++) {
                    composite.setSlice(n);
                    all.setSlice(n);
                    requireSameOutside(selection, TestImage.bits(composite), TestImage.bits(all));
                }
            }
        assertEquals(4, made.size(), "each method and order makes an image of its own");
    }

    /** At full strength, with hard borders: what was selected is of no account, and what is around it is. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsRepaintedFollowsFromWhatIsAroundIt(final boolean told) throws IOException {
        final String model =
                told ? TinyFamilies.withUnet(folder, Map.of("in_channels", 25)).toString() : "bundled";
        final ImagePlus image = TestImage.RGB.make(36, 24);
        final Roi selection = new Roi(8, 6, 20, 12);
        image.setRoi(selection);
        final int[] first = hard(image, model);
        image.getProcessor().setColor(0x40c080);
        image.getProcessor().fill(selection);
        final int[] otherInside = hard(image, model);
        image.getProcessor().set(2, 2, 0xffff00ff);
        image.getProcessor().setColor(0xff0000);
        image.getProcessor().fill(new Roi(0, 0, 36, 6));
        final int[] otherOutside = hard(image, model);
        int different = 0;
        for (int y = 6; y < 18; y++)
            for (int x = 8; x < 28; x++) {
                assertEquals(first[y * 36 + x], otherInside[y * 36 + x], "at " + x + "," + y);
                if (first[y * 36 + x] != otherOutside[y * 36 + x]) different++;
            }
        assertTrue(different > 20, different + " pixels follow what is around them");
    }

    private static int[] hard(final ImagePlus image, final String model) {
        return TestImage.bits(CommandHarness.inpaint(image)
                .with("model", model)
                .with("steps", 4)
                .with("guidance", 1.0)
                .with("feather", 0.0)
                .with("blend", 0.0)
                .with("prompt", "a cat")
                .image());
    }

    @Test
    void theResultSaysWhatWasDone() throws IOException {
        final ImagePlus image = TestImage.GRAY8.make(37, 22);
        image.setRoi(2, 2, 8, 8);
        final Provenance provenance =
                Provenance.readFrom(inpaint(image).with("grow", 3.0).image()).orElseThrow();
        assertTrue(provenance.isSynthetic());
        assertEquals("inpaint", provenance.operation());
        assertEquals("SDE-DPM-Solver++ 2M", provenance.text("sampler").orElseThrow());
        assertEquals(PROMPT, provenance.text("prompt").orElseThrow());
        assertEquals("64", provenance.text("selectedPixels").orElseThrow());
        assertEquals("3.0", provenance.text("grow").orElseThrow());
        assertEquals("1", provenance.text("stepSeed").orElseThrow());
        assertEquals(64, provenance.text("sourceSha256").orElseThrow().length());
    }
}
