package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import palindrome.image.PixelPlane;
import palindrome.image.Provenance;
import palindrome.model.TinyModel;
import palindrome.sampler.SamplerChoice;

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

    static Stream<String> exactSamplers() {
        return Stream.of(SamplerChoice.values()).filter(SamplerChoice::isExact).map(SamplerChoice::label);
    }

    /** From part of the way, with latents of several states, and with those that record their noise. */
    @ParameterizedTest
    @MethodSource("exactSamplers")
    void everyExactSamplerHasBothImagesAtTheEnds(final String sampler) {
        second.getProcessor().invert();
        final ImagePlus series = CommandHarness.interpolate(first, second)
                .with("model", tiny)
                .with("sampler", sampler)
                .with("steps", 5)
                .with("strength", 0.7)
                .with("guidance", 2.0)
                .with("count", 3)
                .with("source", "a cat")
                .with("target", "many dogs")
                .image();
        assertEquals(PixelPlane.of(first), slice(series, 1));
        assertNotEquals(PixelPlane.of(first), slice(series, 2));
        assertNotEquals(PixelPlane.of(second), slice(series, 2));
        assertEquals(PixelPlane.of(second), slice(series, 3));
    }

    /** Nothing lies between an image and itself under the same prompt, whatever the sampler. */
    @ParameterizedTest
    @MethodSource("exactSamplers")
    void theSameImageTwiceStays(final String sampler) {
        final ImagePlus series = CommandHarness.interpolate(first, first)
                .with("model", tiny)
                .with("sampler", sampler)
                .with("steps", 4)
                .with("count", 4)
                .with("source", "a cat")
                .with("target", "a cat")
                .image();
        for (int n = 1; n <= 4; n++) assertEquals(PixelPlane.of(first), slice(series, n), "image " + n);
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
