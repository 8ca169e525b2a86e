package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ImageProcessor;
import ij.process.LUT;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.image.PixelPlane;
import palindrome.image.Provenance;
import palindrome.model.TinyModel;

class InterpolateCommandTest {

    /** More than a text encoder takes at once. */
    private static final String LONG_PROMPT = "many dogs ".repeat(60).trim();

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

    @ParameterizedTest
    @EnumSource
    void imagesStandAtTheEndsOfTheirOwnPrompts(final TestImage type) {
        final ImagePlus one = type.make(16, 9);
        final ImagePlus two = type.make(16, 9);
        two.getProcessor().flipHorizontal();
        final ImagePlus series = CommandHarness.interpolate(one, two)
                .with("model", tiny)
                .with("steps", 4)
                .with("guidance", 3.0)
                .with("count", 4)
                .with("source", "a cat")
                .with("target", LONG_PROMPT)
                .image();
        assertEquals(one.getType(), series.getType());
        assertEquals(PixelPlane.of(one), slice(series, 1));
        assertEquals(PixelPlane.of(two), slice(series, 4));
        assertNotEquals(slice(series, 2), slice(series, 3));
    }

    @Test
    void promptsAloneLeadFromOneToTheOther() {
        final ImagePlus latent =
                invert(first).with("guidance", 5.0).with("prompt", "a cat").image();
        final ImagePlus same =
                invert(first).with("guidance", 5.0).with("prompt", "a cat").image();
        final ImagePlus stays =
                CommandHarness.interpolate(latent, same).with("count", 3).image();
        assertEquals(PixelPlane.of(first), slice(stays, 2));
        final ImagePlus changed =
                invert(first).with("guidance", 5.0).with("prompt", "many dogs").image();
        final ImagePlus moves =
                CommandHarness.interpolate(latent, changed).with("count", 3).image();
        assertEquals(PixelPlane.of(first), slice(moves, 3));
        assertNotEquals(PixelPlane.of(first), slice(moves, 2));
    }

    @Test
    void anImageIsInvertedAsTheLatentWas() {
        second.getProcessor().invert();
        final ImagePlus series = CommandHarness.interpolate(
                        first, invert(second).image())
                .with("sampler", "EDICT")
                .with("count", 2)
                .image();
        assertEquals(PixelPlane.of(first), slice(series, 1));
        assertEquals(PixelPlane.of(second), slice(series, 2));
    }

    /** Of 8 bits; every plane is different. */
    private static ImagePlus cells(final String title, final int channels, final int slices, final int frames) {
        final ImagePlus plain = IJ.createHyperStack(title, 16, 9, channels, slices, frames, 8);
        for (int n = 1; n <= plain.getStackSize(); n++)
            for (int i = 0; i < 16 * 9; i++)
                plain.getStack().getProcessor(n).set(i, (title.length() * n * i + 13 * n) % 251);
        return channels == 1 ? plain : new CompositeImage(plain, CompositeImage.COMPOSITE);
    }

    private static CommandHarness quick(final ImagePlus one, final ImagePlus two) {
        return CommandHarness.interpolate(one, two)
                .with("model", tiny)
                .with("steps", 3)
                .with("count", 3);
    }

    private static byte[] pixels(final ImagePlus image, final int c, final int z, final int t) {
        return (byte[]) image.getStack().getPixels(image.getStackIndex(c, z, t));
    }

    @Test
    void everyPlaneGoesAsIfAloneAlongTheFramesOfStacks() throws IOException {
        final ImagePlus one = cells("one", 2, 2, 1);
        final ImagePlus two = cells("three", 2, 2, 1);
        final ImagePlus series =
                quick(one, two).with("planes", "slices").with("channels", "all").image();
        assertArrayEquals(new int[] {16, 9, 2, 2, 3}, series.getDimensions());
        assertEquals(CompositeImage.COMPOSITE, ((CompositeImage) series).getMode());
        for (int c = 1; c <= 2; c++)
            for (int z = 1; z <= 2; z++) {
                one.setPosition(c, z, 1);
                two.setPosition(c, z, 1);
                final ImagePlus alone = quick(one, two).image();
                assertArrayEquals(new int[] {16, 9, 1, 3, 1}, alone.getDimensions());
                for (int place = 1; place <= 3; place++)
                    assertArrayEquals(pixels(alone, 1, place, 1), pixels(series, c, z, place));
                assertArrayEquals(pixels(one, c, z, 1), pixels(series, c, z, 1));
                assertArrayEquals(pixels(two, c, z, 1), pixels(series, c, z, 3));
            }
        assertEquals(
                4,
                Provenance.readFrom(series)
                        .orElseThrow()
                        .get("planes")
                        .orElseThrow()
                        .getAsJsonArray()
                        .size());
    }

    @Test
    void framesGoAlongTheSlices() {
        final ImagePlus one = cells("one", 1, 1, 2);
        final ImagePlus two = cells("three", 1, 1, 2);
        final ImagePlus series = quick(one, two).with("planes", "frames").image();
        assertArrayEquals(new int[] {16, 9, 1, 3, 2}, series.getDimensions());
        for (int t = 1; t <= 2; t++) {
            assertArrayEquals(pixels(one, 1, 1, t), pixels(series, 1, 1, t));
            assertArrayEquals(pixels(two, 1, 1, t), pixels(series, 1, 3, t));
        }
    }

    @Test
    void latentsOfStacksGoAsTheirImagesDo() {
        final ImagePlus one = cells("one", 2, 1, 1);
        final ImagePlus two = cells("three", 2, 1, 1);
        final ImagePlus images = quick(one, two).with("channels", "all").image();
        final ImagePlus latents = quick(inverted(one), inverted(two)).image();
        final ImagePlus mixed = quick(one, inverted(two)).image();
        assertArrayEquals(new int[] {16, 9, 2, 1, 3}, images.getDimensions());
        for (final ImagePlus series : new ImagePlus[] {latents, mixed}) {
            assertArrayEquals(images.getDimensions(), series.getDimensions());
            for (int n = 1; n <= 6; n++)
                assertArrayEquals((byte[]) images.getStack().getPixels(n), (byte[])
                        series.getStack().getPixels(n));
        }
    }

    private static ImagePlus inverted(final ImagePlus image) {
        return CommandHarness.invert(image)
                .with("model", tiny)
                .with("steps", 3)
                .with("strength", 1.0)
                .with("channels", "all")
                .image();
    }

    @Test
    void oneChosenChannelIsNotTheOneThatIsShown() {
        final ImagePlus one = cells("one", 2, 1, 1);
        final ImagePlus two = cells("three", 2, 1, 1);
        one.setPosition(1, 1, 1);
        final ImagePlus series = quick(one, two).with("channels", "2").image();
        assertArrayEquals(new int[] {16, 9, 1, 3, 1}, series.getDimensions());
        assertArrayEquals(pixels(one, 2, 1, 1), pixels(series, 1, 1, 1));
        assertArrayEquals(pixels(two, 2, 1, 1), pixels(series, 1, 3, 1));
    }

    @Test
    void planesThatDoNotGoTogetherAreRefusedBeforeTheWork() {
        final ImagePlus one = cells("one", 2, 2, 1);
        assertEquals(
                "'one' (channels: 2, slices: 2, frames: 1) and 'flat' (channels: 2, slices: 1, frames: 1) do not go"
                        + " together plane by plane; give images of the same dimensions, or leave 'planes' and"
                        + " 'channels' at current.",
                quick(one, cells("flat", 2, 1, 1)).with("planes", "slices").failure());
        final String noAxis = quick(cells("one", 1, 2, 2), cells("three", 1, 2, 2))
                .with("planes", "all")
                .with("model", "nowhere")
                .failure();
        assertTrue(noAxis.contains("take the slices of one frame (planes=slices)"), noAxis);
        final ImagePlus latents = inverted(one);
        assertEquals(
                "Latents have planes of their own, all of which are taken: leave 'planes' and 'channels' at current.",
                quick(latents, latents).with("channels", "all").failure());
        final String missing = quick(cells("flat", 1, 1, 1), latents).failure();
        assertTrue(missing.contains("'flat' has no plane c2 z1 t1"), missing);
        final String fewer = quick(latents, inverted(cells("three", 1, 1, 1))).failure();
        assertTrue(fewer.contains("do not go together; give as many of both"), fewer);
    }

    @Test
    void whatIsBesideThePixelsIsThatOfTheFirstImage() {
        final ImagePlus one = cells("one", 2, 1, 1);
        one.getCalibration().pixelWidth = 0.25;
        one.getCalibration().setUnit("micron");
        one.getStack().setSliceLabel("dapi", 1);
        ((CompositeImage) one).setChannelLut(LUT.createLutFromColor(Color.ORANGE), 2);
        one.setOverlay(new Roi(1, 1, 3, 3), Color.RED, 1, null);
        final ImagePlus two = cells("three", 2, 1, 1);
        two.setOverlay(new Roi(2, 2, 3, 3), Color.BLUE, 1, null);
        final ImagePlus series = quick(one, two).with("channels", "all").image();
        assertEquals(0.25, series.getCalibration().pixelWidth);
        assertEquals("micron", series.getCalibration().getUnit());
        assertEquals("0.000, dapi", series.getStack().getSliceLabel(1));
        assertEquals("0.000", series.getStack().getSliceLabel(2));
        assertEquals("0.500, dapi", series.getStack().getSliceLabel(3));
        assertEquals(
                LUT.createLutFromColor(Color.ORANGE).getRGB(255),
                ((CompositeImage) series).getChannelLut(2).getRGB(255));
        assertEquals(2, series.getOverlay().size());
        assertEquals(1, series.getOverlay().get(0).getTPosition());
        assertEquals(3, series.getOverlay().get(1).getTPosition());
        final ImagePlus latents = quick(inverted(one), inverted(two)).image();
        assertEquals(3, latents.getOverlay().get(1).getTPosition());
    }

    private static PixelPlane slice(final ImagePlus series, final int number) {
        series.setSlice(number);
        return PixelPlane.of(series);
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
        assertSays(
                "do not go together", latent, invert(TestImage.RGB.make(32, 9)).image());
        assertSays("There is no second image", latent, null);
    }

    private static void assertSays(final String part, final ImagePlus latent, final ImagePlus other) {
        final String message = CommandHarness.interpolate(latent, other).failure();
        assertTrue(message != null && message.contains(part), message);
    }

    private static int[] pixels(final ImageProcessor processor) {
        return (int[]) processor.getPixels();
    }
}
