package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scijava.module.Module;
import palindrome.edit.Progress;
import palindrome.image.Provenance;
import palindrome.image.StackPlanes;
import palindrome.image.StackPosition;

/** Several planes in one command, by the example of <i>Diffusion Edit...</i> with the bundled model. */
class PlanewiseCommandTest {

    private static final int WIDTH = 24;
    private static final int HEIGHT = 16;

    /** 2 channels, 3 slices, 2 frames of 8 bits; every plane is different. */
    private static ImagePlus cells() {
        final ImagePlus plain = IJ.createHyperStack("cells", WIDTH, HEIGHT, 2, 3, 2, 8);
        for (int n = 1; n <= plain.getStackSize(); n++)
            for (int i = 0; i < WIDTH * HEIGHT; i++)
                plain.getStack().getProcessor(n).set(i, (7 * n * i + 13 * n) % 251);
        final CompositeImage image = new CompositeImage(plain, CompositeImage.COMPOSITE);
        image.setPosition(1, 2, 1);
        return image;
    }

    private static CommandHarness edit(final ImagePlus image) {
        return CommandHarness.edit(image)
                .with("steps", 2)
                .with("strength", 1.0)
                .with("guidance", 20.0)
                .with("target", "histology, many large nuclei");
    }

    private static byte[] pixels(final ImagePlus image, final int c, final int z, final int t) {
        return (byte[]) image.getStack().getPixels(image.getStackIndex(c, z, t));
    }

    @Test
    void everySliceIsEditedAsIfAlone() throws IOException {
        final ImagePlus image = cells();
        final ImagePlus slices = edit(image).with("planes", "slices").image();
        assertArrayEquals(new int[] {WIDTH, HEIGHT, 1, 3, 1}, slices.getDimensions());
        for (int z = 1; z <= 3; z++) {
            image.setPosition(1, z, 1);
            final ImagePlus alone = edit(image).image();
            assertArrayEquals((byte[]) alone.getProcessor().getPixels(), (byte[])
                    slices.getStack().getPixels(z));
            assertFalse(Arrays.equals(
                    pixels(image, 1, z, 1), (byte[]) slices.getStack().getPixels(z)));
        }
        final Provenance provenance = Provenance.readFrom(slices).orElseThrow();
        assertTrue(provenance.isSynthetic());
        assertEquals(3, provenance.get("planes").orElseThrow().getAsJsonArray().size());
    }

    @Test
    void theSamePromptTwiceChangesNoPlane() {
        final ImagePlus image = cells();
        final ImagePlus all = CommandHarness.edit(image)
                .with("steps", 2)
                .with("planes", "all")
                .with("channels", "all")
                .image();
        assertArrayEquals(image.getDimensions(), all.getDimensions());
        for (int n = 1; n <= image.getStackSize(); n++)
            assertArrayEquals((byte[]) image.getStack().getPixels(n), (byte[])
                    all.getStack().getPixels(n));
    }

    @Test
    void aSelectionOfOneSliceLeavesTheOthersAsTheyWere() {
        final ImagePlus image = cells();
        final Roi roi = new Roi(3, 3, 9, 9);
        roi.setPosition(0, 3, 0);
        image.setRoi(roi);
        final ImagePlus slices =
                edit(image).with("planes", "slices").with("feather", 0.0).image();
        for (int z = 1; z <= 2; z++)
            assertArrayEquals(pixels(image, 1, z, 1), (byte[]) slices.getStack().getPixels(z));
        int changed = 0;
        final byte[] before = pixels(image, 1, 3, 1);
        final byte[] after = (byte[]) slices.getStack().getPixels(3);
        for (int i = 0; i < before.length; i++) {
            if (before[i] == after[i]) continue;
            changed++;
            assertTrue(roi.containsPoint(i % WIDTH, i / WIDTH), "pixel " + i);
        }
        assertTrue(changed > 0);
    }

    @Test
    void freshNoiseIsAnotherSeedAPlane() {
        final ImagePlus stack = new ImagePlus(
                "twins", IJ.createImage("twins", "8-bit ramp", WIDTH, HEIGHT, 2).getStack());
        final CommandHarness edit = edit(stack).with("sampler", "Cycle-SDE").with("planes", "slices");
        final ImagePlus same = edit.image();
        assertArrayEquals(
                (byte[]) same.getStack().getPixels(1), (byte[]) same.getStack().getPixels(2));
        final ImagePlus fresh = edit.with("planenoise", "fresh").image();
        assertArrayEquals(
                (byte[]) same.getStack().getPixels(1), (byte[]) fresh.getStack().getPixels(1));
        assertFalse(Arrays.equals((byte[]) fresh.getStack().getPixels(1), (byte[])
                fresh.getStack().getPixels(2)));
    }

    @Test
    void alteredPixelsAreMapped() {
        final ImagePlus image = cells();
        image.setRoi(new Roi(3, 3, 9, 9));
        final Module module = edit(image).with("altered", true).run();
        final ImagePlus result = (ImagePlus) module.getOutput("result");
        final ImagePlus mask = (ImagePlus) module.getOutput("mask");
        final ImagePlus differences = (ImagePlus) module.getOutput("differences");
        assertEquals("cells-altered", mask.getTitle());
        assertEquals("cells-difference", differences.getTitle());
        final byte[] before = pixels(image, 1, 2, 1);
        for (int i = 0; i < before.length; i++) {
            final int change = result.getProcessor().get(i) - (before[i] & 0xff);
            assertEquals(change, differences.getProcessor().getf(i));
            assertEquals(change == 0 ? 0 : 255, mask.getProcessor().get(i));
        }
    }

    @Test
    void inPlaceMakesNoImageAndChangesTheShownPlaneOnly() throws IOException {
        final ImagePlus image = cells();
        final ImagePlus expected = edit(image).image();
        final ImagePlus untouched = image.duplicate();
        final Module module = edit(image).with("inplace", true).run();
        assertNull(module.getOutput("result"));
        final int shown = image.getCurrentSlice();
        for (int n = 1; n <= image.getStackSize(); n++) {
            final ImagePlus same = n == shown ? expected : untouched;
            assertArrayEquals((byte[]) same.getStack().getPixels(n == shown ? 1 : n), (byte[])
                    image.getStack().getPixels(n));
        }
        assertNotNull(Provenance.readFrom(image).orElseThrow());
    }

    @Test
    void aMaskOfAsManyPlanesRepaintsEachWhereItSays() {
        final ImagePlus image = cells();
        final ImagePlus mask = IJ.createHyperStack("mask", WIDTH, HEIGHT, 2, 3, 2, 8);
        final Roi first = new Roi(2, 2, 6, 6);
        final Roi third = new Roi(12, 5, 7, 7);
        fill(mask, 1, first);
        fill(mask, 3, third);
        final Module module = CommandHarness.inpaint(image)
                .with("steps", 2)
                .with("planes", "slices")
                .with("selection", mask)
                .run();
        final ImagePlus slices = (ImagePlus) module.getOutput("result");
        for (int z = 1; z <= 3; z++) {
            final byte[] before = pixels(image, 1, z, 1);
            final byte[] after = (byte[]) slices.getStack().getPixels(z);
            int changed = 0;
            for (int i = 0; i < before.length; i++) {
                if (before[i] == after[i]) continue;
                changed++;
                assertTrue((z == 1 ? first : third).containsPoint(i % WIDTH, i / WIDTH), "pixel " + i);
            }
            assertEquals(z != 2, changed > 0, "slice " + z);
        }
        assertTrue(module.getOutput("notes").toString().contains("nothing was repainted"));
    }

    private static void fill(final ImagePlus mask, final int slice, final Roi roi) {
        final ImageProcessor plane = mask.getStack().getProcessor(mask.getStackIndex(1, slice, 1));
        plane.setValue(255);
        plane.fill(roi);
    }

    @Test
    void whatWasLeftAsItWasKeepsItsMarkAndTellsNothingOfTheRun() throws IOException {
        final ImagePlus image = cells();
        Provenance.of("generate").synthetic(Provenance.Synthetic.GENERATED).attachTo(image);
        final ImagePlus mask = IJ.createHyperStack("mask", WIDTH, HEIGHT, 2, 3, 2, 8);
        final CommandHarness inpaint = CommandHarness.inpaint(image)
                .with("steps", 2)
                .with("planes", "slices")
                .with("selection", mask);
        final Provenance untouched = Provenance.readFrom(inpaint.image()).orElseThrow();
        assertEquals("generate", untouched.operation());
        assertEquals("diffusion generated", untouched.text("synthetic").orElseThrow());
        fill(mask, 3, new Roi(12, 5, 7, 7));
        final Provenance third = Provenance.readFrom(inpaint.image()).orElseThrow();
        assertEquals("inpaint", third.operation());
        final JsonArray planes = third.get("planes").orElseThrow().getAsJsonArray();
        for (int z = 1; z <= 3; z++)
            assertEquals(z == 3, planes.get(z - 1).getAsJsonObject().has("record"), "slice " + z);
    }

    @Test
    void aControlStackOfAsManyPlanesHasOneForEach() {
        final ImagePlus image = cells();
        final ImagePlus labels = IJ.createHyperStack("labels", WIDTH, HEIGHT, 2, 3, 2, 8);
        fill(labels, 1, new Roi(2, 2, 6, 6));
        fill(labels, 2, new Roi(9, 4, 8, 8));
        fill(labels, 3, new Roi(12, 5, 7, 7));
        final ImagePlus slices =
                edit(image).with("planes", "slices").with("control", labels).image();
        for (int z = 1; z <= 3; z++) {
            final StackPosition position = new StackPosition(1, z, 1);
            final CommandHarness alone =
                    edit(StackPlanes.plane(image, position)).with("control", StackPlanes.plane(labels, position));
            assertArrayEquals((byte[]) alone.image().getProcessor().getPixels(), (byte[])
                    slices.getStack().getPixels(z));
        }
        final ImagePlus another = edit(StackPlanes.plane(image, new StackPosition(1, 1, 1)))
                .with("control", StackPlanes.plane(labels, new StackPosition(1, 2, 1)))
                .image();
        assertFalse(Arrays.equals((byte[]) another.getProcessor().getPixels(), (byte[])
                slices.getStack().getPixels(1)));
        final ImagePlus latents = CommandHarness.invert(image)
                .with("steps", 2)
                .with("planes", "slices")
                .with("control", labels)
                .image();
        final ImagePlus back = CommandHarness.reconstruct(latents).image();
        for (int z = 1; z <= 3; z++)
            assertArrayEquals(pixels(image, 1, z, 1), (byte[]) back.getStack().getPixels(z));
    }

    @Test
    void variationsOfSeveralPlanesAreOneEach() {
        final ImagePlus image = cells();
        final CommandHarness vary = CommandHarness.vary(image).with("steps", 2).with("planes", "slices");
        final String message = vary.with("count", 4).failure();
        assertTrue(message.contains("use count=1"), message);
        final ImagePlus slices = vary.with("count", 1).image();
        assertArrayEquals(new int[] {WIDTH, HEIGHT, 1, 3, 1}, slices.getDimensions());
        assertEquals("cells-varied", slices.getTitle());
    }

    @Test
    void masksOfSeveralPlanesAreAStackAndNoSelection() {
        final ImagePlus image = cells();
        final Module module = CommandHarness.mask(image)
                .with("maps", 1)
                .with("planes", "frames")
                .with("target", "histology, many nuclei")
                .run();
        assertEquals(2, ((ImagePlus) module.getOutput("mask")).getNFrames());
        assertEquals(2, ((ImagePlus) module.getOutput("heatmap")).getNFrames());
        assertNull(image.getRoi());
    }

    @Test
    void progressOfThePlanesNeverGoesBack() {
        final List<String> stages = new ArrayList<>();
        final List<long[]> steps = new ArrayList<>();
        edit(cells())
                .with("planes", "slices")
                .report(new Progress() {
                    @Override
                    public void stage(final String name) {
                        stages.add(name);
                        steps.clear();
                    }

                    @Override
                    public void step(final long done, final long total) {
                        assertTrue(steps.isEmpty() || done >= steps.get(steps.size() - 1)[0]);
                        steps.add(new long[] {done, total});
                    }

                    @Override
                    public boolean canceled() {
                        return false;
                    }
                })
                .run();
        assertEquals("Planes 2 to 3", stages.get(stages.size() - 1));
        final long[] last = steps.get(steps.size() - 1);
        assertEquals(last[1], last[0]);
    }
}
