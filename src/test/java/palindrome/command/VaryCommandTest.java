package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.image.Provenance;
import palindrome.model.TinyFamilies;

/** <i>Diffusion Vary...</i> with the bundled model, and with a latent one. */
class VaryCommandTest {

    private static final String PROMPT = "histology, many large nuclei";

    @TempDir
    private Path folder;

    private static CommandHarness vary(final ImagePlus image) {
        return CommandHarness.vary(image)
                .with("steps", 4)
                .with("count", 1)
                .with("strength", 0.75)
                .with("prompt", PROMPT);
    }

    @ParameterizedTest
    @EnumSource
    void strengthZeroIsTheImage(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        for (final String method : List.of("ODE", "SDE", "Cycle-SDE"))
            CommandHarness.assertSamePixels(
                    image,
                    vary(image)
                            .with("method", method)
                            .with("strength", 0.0)
                            .with("guidance", 3.0)
                            .image());
    }

    @Test
    void strengthZeroIsTheImageOfALatentModelToo() throws IOException {
        final ImagePlus image = TestImage.RGB.make(37, 22);
        final CommandHarness command = CommandHarness.vary(image)
                .with("model", TinyFamilies.latent(folder).toString())
                .with("guidance", 1.0)
                .with("count", 1)
                .with("detail", "none")
                .with("steps", 3);
        CommandHarness.assertSamePixels(image, command.with("strength", 0.0).image());
        assertFalse(Arrays.equals(
                TestImage.bits(image),
                TestImage.bits(command.with("strength", 0.5).image())));
    }

    /** The noise of the image leads back to it where nothing else is asked for, whatever it was. */
    @ParameterizedTest
    @EnumSource
    void cycleSdeWithTheSamePromptTwiceIsTheImage(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        final ImagePlus stack = vary(image)
                .with("method", "Cycle-SDE")
                .with("source", PROMPT)
                .with("strength", 1.0)
                .with("negative", "blur")
                .with("count", 2)
                .image();
        for (int seed = 1; seed <= 2; seed++) {
            stack.setSlice(seed);
            CommandHarness.assertSamePixels(image, stack);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ODE", "SDE", "Cycle-SDE"})
    void aStackOfVariationsOneASeed(final String method) {
        final ImagePlus image = TestImage.GRAY8.make(37, 22);
        final int[] before = TestImage.bits(image);
        final ImagePlus stack =
                vary(image).with("method", method).with("count", 3).image();
        assertEquals("cells-varied", stack.getTitle());
        assertEquals(3, stack.getStackSize());
        assertTrue(image.getCalibration().equals(stack.getCalibration()));
        stack.setSlice(2);
        final int[] second = TestImage.bits(stack);
        assertEquals("seed 2", stack.getStack().getSliceLabel(2));
        assertArrayEquals(
                second,
                TestImage.bits(
                        vary(image).with("method", method).with("seed", 2L).image()),
                "the seed is all that tells variations apart");
        stack.setSlice(3);
        assertFalse(Arrays.equals(second, TestImage.bits(stack)));
        assertFalse(Arrays.equals(second, before));
        assertArrayEquals(before, TestImage.bits(image));
    }

    @ParameterizedTest
    @EnumSource
    void outsideTheSelectionEveryPixelIsTheOriginal(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        final Roi selection = new OvalRoi(-4, 2, 20, 17);
        image.setRoi(selection);
        final int[] before = TestImage.bits(image);
        final int[] after = TestImage.bits(vary(image).with("feather", 2.0).image());
        int changed = 0;
        for (int i = 0; i < before.length; i++)
            if (!selection.contains(i % 37, i / 37)) assertEquals(before[i], after[i], "pixel " + i);
            else if (before[i] != after[i]) changed++;
        assertTrue(changed > 10, changed + " changed");
    }

    /** The more strength, the further from the image. */
    @Test
    void strengthIsHowFarItGoes() {
        final ImagePlus image = TestImage.GRAY8.make(64, 64);
        double last = 0;
        for (final double strength : new double[] {0.1, 0.4, 0.9}) {
            final int[] varied = TestImage.bits(vary(image)
                    .with("steps", 10)
                    .with("strength", strength)
                    .with("prompt", "")
                    .image());
            double sum = 0;
            for (int i = 0; i < varied.length; i++) sum += Math.abs(varied[i] - TestImage.bits(image)[i]);
            assertTrue(sum > 1.2 * last, "at " + strength + " " + sum + ", before " + last);
            last = sum;
        }
    }

    @Test
    void theResultSaysWhatWasDone() throws IOException {
        final ImagePlus image = TestImage.GRAY8.make(16, 16);
        final Provenance provenance =
                Provenance.readFrom(vary(image).with("seed", 5L).image()).orElseThrow();
        assertTrue(provenance.isSynthetic());
        assertEquals("vary", provenance.operation());
        assertEquals("SDE-DPM-Solver++ 2M", provenance.text("sampler").orElseThrow());
        assertEquals("5", provenance.text("seed").orElseThrow());
        assertEquals("0.75", provenance.text("strength").orElseThrow());
        assertEquals(PROMPT, provenance.text("targetPrompt").orElseThrow());
    }
}
