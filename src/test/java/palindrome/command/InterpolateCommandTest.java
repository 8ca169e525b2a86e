package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.image.Provenance;
import palindrome.model.TinyModel;

class InterpolateCommandTest {

    @TempDir
    private static Path temp;

    private static String tiny;

    private final ImagePlus first = TestImage.RGB.make(16, 9);
    private final ImagePlus second = TestImage.RGB.make(16, 9);

    @BeforeAll
    static void write() throws IOException {
        tiny = TinyModel.write(Files.createDirectory(temp.resolve("tiny"))).toString();
    }

    private static CommandHarness invert(final ImagePlus image) {
        return CommandHarness.invert(image).with("model", tiny).with("steps", 4);
    }

    @Test
    void bothImagesStandAtTheEnds() throws IOException {
        second.getProcessor().invert();
        final ImagePlus series = CommandHarness.interpolate(
                        invert(first).image(), invert(second).image())
                .with("count", 3)
                .image();
        assertEquals(3, series.getStackSize());
        assertEquals("0.500", series.getStack().getSliceLabel(2));
        assertArrayEquals(pixels(first.getProcessor()), pixels(series.getStack().getProcessor(1)));
        assertArrayEquals(
                pixels(second.getProcessor()), pixels(series.getStack().getProcessor(3)));
        assertEquals(
                "diffusion generated",
                Provenance.readFrom(series).orElseThrow().text("synthetic").orElseThrow());
    }

    @Test
    void latentsThatDoNotBelongTogetherAreNamed() {
        final ImagePlus latent = invert(first).image();
        assertSays(
                "different models or settings",
                latent,
                invert(second).with("steps", 5).image());
        assertSays(
                "different models or settings",
                latent,
                invert(second).with("sampler", "BDIA").image());
        assertSays("not of one kind", latent, invert(TestImage.RGB.make(32, 9)).image());
        assertSays("There is no second latent", latent, null);
        assertSays("is not a latent image", latent, second);
    }

    private static void assertSays(final String part, final ImagePlus latent, final ImagePlus other) {
        final String message = CommandHarness.interpolate(latent, other).failure();
        assertTrue(message != null && message.contains(part), message);
    }

    private static int[] pixels(final ImageProcessor processor) {
        return (int[]) processor.getPixels();
    }
}
