package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.module.Module;
import palindrome.image.LatentStack;
import palindrome.image.Provenance;
import palindrome.model.TinyModel;

/** A tiny Stable Diffusion through the commands: what its autoencoder loses, the latent image keeps. */
class LatentModelTest {

    private static final String PROMPT = "a photo of a cat";

    @TempDir
    private static Path folder;

    private static String latentModel;
    private static String quantizedModel;

    @BeforeAll
    static void write() throws IOException {
        latentModel = TinyModel.writeLatent(Files.createDirectory(folder.resolve("sd")))
                .toString();
        quantizedModel = TinyModel.writeQuantized(Files.createDirectory(folder.resolve("ldm")))
                .toString();
    }

    private static CommandHarness invert(final ImagePlus image, final int steps) {
        return CommandHarness.invert(image)
                .with("model", latentModel)
                .with("steps", steps)
                .with("prompt", PROMPT);
    }

    private static CommandHarness edit(final ImagePlus image) {
        return CommandHarness.edit(image)
                .with("model", latentModel)
                .with("steps", 4)
                .with("source", PROMPT)
                .with("target", "a photo of a dog");
    }

    static Stream<Arguments> typesAndSamplers() {
        final String[][] samplers = {{"O-BELM", "auto"}, {"BDIA", "auto"}, {"BDIA", "0.5"}, {"EDICT", "auto"}};
        return Stream.of(TestImage.values()).flatMap(type -> Stream.of(samplers)
                .flatMap(s -> Stream.of(1.0, 3.0).map(guidance -> Arguments.of(type, s[0], s[1], guidance))));
    }

    @ParameterizedTest
    @MethodSource("typesAndSamplers")
    void everyPixelComesBack(final TestImage type, final String sampler, final String gamma, final double guidance) {
        assertComesBack(
                type.make(37, 22),
                invert(type.make(37, 22), 4)
                        .with("sampler", sampler)
                        .with("gamma", gamma)
                        .with("guidance", guidance));
    }

    @ParameterizedTest
    @CsvSource({
        "O-BELM, auto, auto, auto, 8, 0.5",
        "O-BELM, auto, auto, auto, 5, 0.1",
        "O-BELM, auto, auto, auto, 2, 1",
        "BDIA, 0.9, auto, auto, 9, 0.6",
        "EDICT, auto, 0.9, auto, 5, 0.7",
        "BDIA-DPM-Solver++ 2S, auto, auto, auto, 7, 1",
        "BDIA-EDM Euler, 0.8, auto, auto, 6, 1",
        "BDIA-EDM Heun, 1, auto, auto, 5, 1",
        "BELM, 0.3, auto, auto, 6, 1",
        "Cycle-SDE, auto, auto, auto, 6, 1",
        "Cycle-SDE, auto, auto, 0.5, 5, 0.8",
        "CycleDiffusion, auto, auto, auto, 6, 1"
    })
    void theWholeFamilyComesBack(
            final String sampler,
            final String gamma,
            final String mixing,
            final String eta,
            final int steps,
            final double strength) {
        final ImagePlus image = TestImage.RGB.make(16, 17);
        assertComesBack(
                image,
                invert(image, steps)
                        .with("sampler", sampler)
                        .with("gamma", gamma)
                        .with("mixing", mixing)
                        .with("eta", eta)
                        .with("strength", strength)
                        .with("guidance", 3)
                        .with("verify", true));
    }

    /** States of 14 × 5 and 17 × 13 are larger than this network likes, which then sees windows of 8 × 8. */
    @ParameterizedTest
    @CsvSource({"O-BELM, 112, 40, 1", "EDICT, 112, 40, 3", "O-BELM, 130, 97, 3", "Cycle-SDE, 112, 40, 1"})
    void imagesBeyondTheComfortOfTheNetworkComeBack(
            final String sampler, final int width, final int height, final double guidance) throws IOException {
        final ImagePlus image = TestImage.GRAY16.make(width, height);
        final ImagePlus latent =
                assertComesBack(image, invert(image, 4).with("sampler", sampler).with("guidance", guidance));
        final String tiles = Provenance.readFrom(latent)
                .orElseThrow()
                .get("tiles")
                .orElseThrow()
                .toString();
        assertTrue(tiles.contains("\"network\":{\"size\":8,\"overlap\":2}"), tiles);
    }

    @ParameterizedTest
    @EnumSource
    void onePixelComesBack(final TestImage type) {
        assertComesBack(type.make(1, 1), invert(type.make(1, 1), 3));
    }

    @ParameterizedTest
    @EnumSource
    void aCodebookLosesNothingEither(final TestImage type) {
        assertComesBack(type.make(21, 12), invert(type.make(21, 12), 5).with("model", quantizedModel));
    }

    @Test
    void valuesBeyondTheDisplayRangeComeBack() {
        final ImagePlus image = TestImage.GRAY16.make(24, 16);
        image.setDisplayRange(100, 110);
        assertComesBack(image, invert(image, 3));
    }

    @ParameterizedTest
    @EnumSource
    void savedLatentsComeBack(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        final String file = folder.resolve(type + ".tif").toString();
        final ImagePlus latent = invert(image, 5).with("guidance", 3).image();
        assertTrue(new FileSaver(latent).saveAsTiffStack(file));
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(new Opener().openImage(file)).image());
    }

    @Test
    void theLossOfTheAutoencoderIsReportedApartFromThatOfTheSampler() throws IOException {
        final ImagePlus image = TestImage.RGB.make(40, 24);
        final Module inverted = invert(image, 4).with("verify", true).run();
        final ResultsTable health = (ResultsTable) inverted.getOutput("results");
        final double psnr = health.getValue("Autoencoder PSNR (dB)", health.size() - 1);
        assertTrue(psnr > 0 && psnr < 40, "PSNR " + psnr);
        assertEquals(0, health.getValue("Round-trip error", health.size() - 1));
        final ImagePlus latent = (ImagePlus) inverted.getOutput("latent");
        final Module back =
                CommandHarness.reconstruct(latent).with("original", image).run();
        final ResultsTable errors = (ResultsTable) back.getOutput("results");
        final int row = errors.size() - 1;
        assertEquals(psnr, errors.getValue("Autoencoder PSNR (dB)", row));
        assertEquals(Double.POSITIVE_INFINITY, errors.getValue("PSNR (dB)", row));
        // Numbers beyond black and white count in the one and are clamped in the pixels of the other.
        assertEquals(psnr, errors.getValue("Decoded PSNR (dB)", row), 3);
        for (final ImagePlus made : new ImagePlus[] {latent, (ImagePlus) back.getOutput("reconstructed")})
            assertEquals(
                    psnr,
                    Double.parseDouble(Provenance.readFrom(made)
                            .orElseThrow()
                            .text("autoencoderPsnr")
                            .orElseThrow()));
    }

    /** Other bits than those the residual was made for, as another device would give: here by other tiles. */
    @Test
    void whereTheDecodedBitsDifferTheResidualIsLeftOutAndItIsSaid() throws IOException {
        final ImagePlus image = TestImage.GRAY8.make(64, 64);
        final ImagePlus latent = invert(image, 3).image();
        final String json = latent.getProp(Provenance.PROPERTY);
        final String tampered = json.replace(
                "\"autoencoder\":{\"size\":8,\"overlap\":0}", "\"autoencoder\":{\"size\":4,\"overlap\":1}");
        assertNotEquals(json, tampered);
        latent.setProp(Provenance.PROPERTY, tampered);
        final Module back =
                CommandHarness.reconstruct(latent).with("original", image).run();
        assertTrue(back.getOutput("notes").toString().contains("not bit-identical"));
        final ResultsTable errors = (ResultsTable) back.getOutput("results");
        final int row = errors.size() - 1;
        assertEquals(errors.getValue("Decoded PSNR (dB)", row), errors.getValue("PSNR (dB)", row));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unchanged", "all"})
    void anEditThatChangesNothingReturnsEveryPixel(final String detail) {
        for (final TestImage type : TestImage.values()) {
            final ImagePlus image = type.make(37, 22);
            CommandHarness.assertSamePixels(
                    image,
                    edit(image).with("target", PROMPT).with("detail", detail).image());
        }
    }

    @Test
    void withoutDetailTheImageIsWhatTheAutoencoderMakesOfIt() {
        final ImagePlus image = TestImage.RGB.make(37, 22);
        final int[] none = TestImage.bits(
                edit(image).with("target", PROMPT).with("detail", "none").image());
        assertFalse(Arrays.equals(TestImage.bits(image), none));
    }

    @ParameterizedTest
    @EnumSource
    void outsideTheSelectionEveryPixelIsTheOriginal(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        image.setRoi(5, 3, 14, 12);
        final int[] before = TestImage.bits(image);
        final int[] after = TestImage.bits(
                edit(image).with("guidance", 9).with("strength", 1).image());
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            if (!image.getRoi().contains(i % 37, i / 37)) assertEquals(before[i], after[i], "pixel " + i);
            else if (before[i] != after[i]) changed++;
        }
        assertTrue(changed > 10, changed + " changed");
    }

    @Test
    void noiseMakesImages() throws IOException {
        final Module made = CommandHarness.generate()
                .with("model", latentModel)
                .with("width", 37)
                .with("height", 22)
                .with("steps", 3)
                .with("prompt", PROMPT)
                .run();
        final ImagePlus image = (ImagePlus) made.getOutput("generated");
        assertEquals(37, image.getWidth());
        assertEquals(22, image.getHeight());
        assertTrue(image.getStatistics().stdDev > 1);
        final ImagePlus again = CommandHarness.generate()
                .with("model", latentModel)
                .with("width", 37)
                .with("height", 22)
                .with("steps", 3)
                .with("prompt", PROMPT)
                .image();
        assertArrayEquals(TestImage.bits(image), TestImage.bits(again));
        final ImagePlus latent = invert(image, 3).image();
        assertTrue(LatentStack.isLatent(latent));
        final ImagePlus edited = CommandHarness.generate()
                .with("model", latentModel)
                .with("noise", latent)
                .with("prompt", "a dog")
                .image();
        assertEquals(37, edited.getWidth());
        assertNotEquals(Arrays.hashCode(TestImage.bits(image)), Arrays.hashCode(TestImage.bits(edited)));
    }

    @Test
    void latentsAreInterpolated() {
        final ImagePlus first = TestImage.RGB.make(24, 16);
        final ImagePlus second = TestImage.GRAY8.make(24, 16);
        final ImagePlus series = CommandHarness.interpolate(
                        invert(first, 4).image(), invert(second, 4).image())
                .with("count", 3)
                .image();
        assertEquals(3, series.getStackSize());
        assertEquals(24, series.getWidth());
    }

    @Test
    void nullTextReturnsTheDecodedImageAlmost() {
        final ImagePlus image = TestImage.RGB.make(24, 16);
        final Module inverted = invert(image, 4)
                .with("sampler", "Null-text")
                .with("guidance", 3)
                .run();
        assertTrue(inverted.getOutput("notes").toString().contains("misses the latent by"));
        final ImagePlus back = CommandHarness.reconstruct((ImagePlus) inverted.getOutput("latent"))
                .image();
        assertEquals(24, back.getWidth());
    }

    @Test
    void samplersAreComparedOnLatents() {
        final Module compared = CommandHarness.compareSamplers()
                .with("image", TestImage.RGB.make(16, 16))
                .with("model", latentModel)
                .with("samplers", "O-BELM, DDIM")
                .with("steps", "3 4")
                .with("prompt", "")
                .run();
        final String notes = compared.getOutput("notes").toString();
        assertTrue(notes.contains("The autoencoder alone returns the image with"), notes);
    }

    /** @return the latent */
    private static ImagePlus assertComesBack(final ImagePlus image, final CommandHarness inversion) {
        final Module inverted = inversion.run();
        final ResultsTable health = (ResultsTable) inverted.getOutput("results");
        final double error = health.getValue("Round-trip error", health.size() - 1);
        assertTrue(Double.isNaN(error) || error == 0, "round trip " + error);
        final ImagePlus latent = (ImagePlus) inverted.getOutput("latent");
        final Module module =
                CommandHarness.reconstruct(latent).with("original", image).run();
        CommandHarness.assertSamePixels(image, (ImagePlus) module.getOutput("reconstructed"));
        assertEquals("", module.getOutput("notes"));
        return latent;
    }
}
