package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.engine.TorchRandom;
import palindrome.image.Provenance;

/** <i>Diffusion Generate...</i> with the bundled model. */
class GenerateCommandTest {

    private static final int CHANNELS = 12;

    private static CommandHarness generate(final int width, final int height, final long seed) {
        return CommandHarness.generate()
                .with("steps", 3)
                .with("width", width)
                .with("height", height)
                .with("seed", seed)
                .with("prompt", "fluorescence, many nuclei");
    }

    @ParameterizedTest
    @CsvSource({
        "O-BELM, 3, 3",
        "BDIA, 3, 3",
        "DDIM, 3, 3",
        // few steps with guidance take EDICT's two copies far apart, to black
        "EDICT, 12, 1"
    })
    void theSeedMakesThePicture(final String sampler, final int steps, final double guidance) {
        final int[] first = picture(sampler, steps, guidance, 7);
        assertArrayEquals(first, picture(sampler, steps, guidance, 7));
        assertFalse(Arrays.equals(first, picture(sampler, steps, guidance, 8)));
    }

    private static int[] picture(final String sampler, final int steps, final double guidance, final long seed) {
        final ImagePlus image = generate(37, 22, seed)
                .with("sampler", sampler)
                .with("steps", steps)
                .with("guidance", guidance)
                .image();
        assertEquals(37, image.getWidth());
        assertEquals(22, image.getHeight());
        assertEquals(ImagePlus.COLOR_RGB, image.getType());
        return TestImage.bits(image);
    }

    @Test
    void whatIsLeftToTheModelIsWhatItUsuallyTakes() throws IOException {
        final ImagePlus image = CommandHarness.generate()
                .with("steps", 2)
                .with("prompt", "nuclei")
                .image();
        assertEquals(128, image.getWidth());
        assertEquals(128, image.getHeight());
        assertEquals(
                3,
                Provenance.readFrom(image)
                        .orElseThrow()
                        .get("guidanceScale")
                        .orElseThrow()
                        .getAsDouble());
    }

    @Test
    void sizesTooSmallAndGuidanceThatIsNoneAreNamed() {
        assertEquals(
                "'width' is '7', but must be a whole number from 8 to 8192, or 0 for what the model was trained on.",
                CommandHarness.generate().with("width", 7).failure());
        assertEquals(
                "'guidance' is 'much', but must be a number from 0 to 30, or auto.",
                CommandHarness.generate().with("guidance", "much").failure());
    }

    @Test
    void aSeriesIsThePicturesOfItsSeeds() throws IOException {
        final ImagePlus series = generate(16, 16, 5).with("count", 3).image();
        assertEquals(3, series.getStackSize());
        for (int n = 1; n <= 3; n++) {
            series.setSlice(n);
            assertEquals("seed " + (4 + n), series.getStack().getSliceLabel(n));
            CommandHarness.assertSamePixels(generate(16, 16, 4 + n).image(), series);
        }
        final Provenance provenance = Provenance.readFrom(series).orElseThrow();
        assertTrue(provenance.isSynthetic());
        assertEquals("generate", provenance.operation());
        assertEquals("5", provenance.text("seed").orElseThrow());
        assertTrue(series.getInfoProperty().contains("Palindrome synthetic: diffusion generated\n"));
    }

    @Test
    void theSameNoiseMakesTheSamePicture() {
        final ImagePlus noise = noise(CHANNELS, 8, 16, 3);
        CommandHarness.assertSamePixels(
                generate(16, 32, 3).image(),
                generate(256, 256, 99).with("noise", noise).image());
    }

    @ParameterizedTest
    @EnumSource(names = {"GRAY8", "GRAY16", "RGB"})
    void aLatentUnderItsOwnPromptMakesItsImage(final TestImage type) throws IOException {
        final ImagePlus image = type.make(19, 24);
        final ImagePlus latent = CommandHarness.invert(image)
                .with("steps", 4)
                .with("prompt", "nuclei")
                .with("guidance", 2.0)
                .image();
        final ImagePlus same = CommandHarness.generate()
                .with("noise", latent)
                .with("prompt", "nuclei")
                .with("guidance", 2.0)
                .image();
        CommandHarness.assertSamePixels(image, same);
        assertTrue(Provenance.readFrom(same).orElseThrow().isSynthetic());
        final ImagePlus other = CommandHarness.generate()
                .with("noise", latent)
                .with("prompt", "histology")
                .with("guidance", 20.0)
                .image();
        assertFalse(Arrays.equals(TestImage.bits(image), TestImage.bits(other)));
    }

    @Test
    void noiseThatDoesNotFitIsRefused() {
        assertRefused("needs multiples of 8", noise(CHANNELS, 7, 8, 1), 1);
        assertRefused("has 12 channels", noise(3, 8, 8, 1), 1);
        assertRefused("'count' is 2", noise(CHANNELS, 8, 8, 1), 2);
        assertRefused("noise is a 32-bit stack", new ImagePlus("bytes", new ByteProcessor(8, 8)), 1);
    }

    private static void assertRefused(final String part, final ImagePlus noise, final int count) {
        final String message =
                generate(16, 16, 1).with("noise", noise).with("count", count).failure();
        assertTrue(message.contains(part), message);
    }

    private static ImagePlus noise(final int channels, final int columns, final int rows, final long seed) {
        final float[] values = new TorchRandom(seed).randn(channels * rows * columns);
        final ImageStack stack = new ImageStack(columns, rows);
        for (int c = 0; c < channels; c++)
            stack.addSlice("", Arrays.copyOfRange(values, c * rows * columns, (c + 1) * rows * columns));
        assertArrayEquals(values, new TorchRandom(seed).randn(channels * rows * columns));
        return new ImagePlus("noise", stack);
    }
}
