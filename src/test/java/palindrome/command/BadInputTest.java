package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Line;
import ij.gui.Roi;
import ij.process.ImageConverter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scijava.module.Module;
import palindrome.edit.CancelAfter;
import palindrome.image.Provenance;
import palindrome.model.TinyModel;

/** What users get wrong, as the commands report it: one sentence, and their image as it was. */
class BadInputTest {

    @TempDir
    private static Path temp;

    private static String tiny;

    private final ImagePlus image = TestImage.GRAY16.make(16, 9);

    @BeforeAll
    static void write() throws IOException {
        tiny = TinyModel.write(Files.createDirectory(temp.resolve("tiny"))).toString();
    }

    private CommandHarness invert() {
        return CommandHarness.invert(image).with("model", tiny).with("steps", 4);
    }

    private static void assertSays(final String part, final CommandHarness command) {
        final String message = command.failure();
        assertTrue(message != null && message.contains(part), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps | 0 | 'steps' is '0', but must be a whole number from 2 to 1000.",
                "steps | 1 | 'steps' is '1', but must be a whole number from 2 to 1000.",
                "steps | 100000 | 'steps' is '100000', but must be a whole number from 2 to 1000.",
                "strength | 0 | Strength is 0.0; use a number above 0 and at most 1",
                "strength | 1.5 | 'strength' is '1.5', but must be a number from 0.0 to 1.0.",
                "strength | NaN | 'strength' is 'NaN', but must be",
                "guidance | -1 | 'guidance' is '-1.0', but must be a number from 0",
                "guidance | Infinity | 'guidance' is 'Infinity', but must be",
                "classifier | -1 | 'classifier' is '-1.0', but must be a number from 0.0 to 100.0.",
                "classifier | NaN | 'classifier' is 'NaN', but must be",
                "classifier | 101 | 'classifier' is '101.0', but must be",
                "gamma | 0 | Gamma is 0.0; use a number above 0 and at most 1, or auto.",
                "gamma | 1.5 | Gamma is 1.5; use a number above 0 and at most 1, or auto.",
                "gamma | much | Gamma is 'much'; use a number above 0 and at most 1, or auto.",
                "gamma | NaN | Gamma is NaN; use a number",
                "sampler | DDPM | 'sampler' is 'DDPM', but must be one of O-BELM, BDIA, BDIA-DPM-Solver++ 2S, BDIA-EDM Euler",
                "sampler | SDE-DPM-Solver++ 2S | 'sampler' is 'SDE-DPM-Solver++ 2S', but must be one of O-BELM, BDIA",
                "sampler | DDIM | 'sampler' is 'DDIM', but must be one of O-BELM, BDIA, BDIA-DPM-Solver++ 2S, BDIA-EDM Euler",
                "device | gpu:77 | Device 'gpu:77' was asked for, but is not there: ",
                "precision | float16 | Precision 'float16' was asked for on the CPU, which computes slower",
                "precision | half | 'precision' is 'half', but must be one of auto, float32, float16.",
                "device | quantum | Unknown device 'quantum'. Use auto, cpu, gpu, gpu:1 or mps.",
            })
    void illegalParametersAreNamed(final String key, final String value, final String part) {
        final int[] before = TestImage.bits(image);
        final Object typed =
                switch (key) {
                    case "steps" -> Integer.valueOf(value);
                    case "strength", "guidance", "classifier" -> Double.valueOf(value);
                    default -> value;
                };
        assertSays(part, invert().with("sampler", "BDIA").with(key, typed));
        assertSays(
                part,
                CommandHarness.edit(image)
                        .with("model", tiny)
                        .with("sampler", "BDIA")
                        .with(key, typed));
        assertArrayEquals(before, TestImage.bits(image));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EDICT | mixing | 1 | The mixing weight is 1.0; use a number above 0 and below 1, usually 0.93, or auto.",
                "EDICT | mixing | much | Mixing is 'much'; use a number above 0 and below 1, or auto.",
                "Cycle-SDE | eta | 0 | Eta is 0.0; use a number above 0 and at most 1",
                "CycleDiffusion | eta | NaN | Eta is NaN; use a number",
                "BELM | gamma | 0 | A coefficient of BELM is 0.0; use finite numbers other than 0",
                "BELM | gamma | 0.5 0.5 | BELM has 2 coefficients, but 4 active steps take 3: give as many, or one for all.",
                "BELM | gamma | half | A coefficient of BELM is 'half'; use numbers other than 0, or auto.",
                "BDIA-EDM Heun | gamma | 2 | Gamma is 2.0; use a number above 0 and at most 1, or auto.",
            })
    void aSamplersOwnNumbersAreNamed(final String sampler, final String key, final String value, final String part) {
        assertSays(part, invert().with("sampler", sampler).with(key, value));
    }

    @Test
    void imagesWithoutPixelsOrNumbersAreNamed() {
        final ImagePlus nan = TestImage.GRAY32.make(8, 8);
        nan.getProcessor().setf(5, Float.NaN);
        nan.getProcessor().setf(6, Float.POSITIVE_INFINITY);
        assertSays("'cells.tif' has 1 NaN and 1 infinite pixels out of 64", CommandHarness.invert(nan));
        assertSays("has 1 NaN", CommandHarness.edit(nan));
        assertTrue(Float.isNaN(nan.getProcessor().getf(5)));
        assertSays("No image is open: 'image' needs one.", CommandHarness.invert(null));
        assertSays("No image is open: 'image' needs one.", CommandHarness.reconstruct(null));
        assertSays("is empty or closed", CommandHarness.edit(new ImagePlus("nosuch")));
    }

    @Test
    void selectionsWithoutAreaAreRefused() {
        image.setRoi(new Line(1, 1, 5, 5));
        assertSays("has no area", CommandHarness.edit(image));
        image.setRoi(new Roi(100, 100, 5, 5));
        assertSays("contains no pixel of the image", CommandHarness.edit(image));
    }

    @Test
    void latentsThatWereChangedAreRefused() {
        final ImagePlus edited = invert().image();
        edited.getStack().getProcessor(2).setf(3, 0.5f);
        assertSays("The pixels of the latent 'cells-latent' were changed", CommandHarness.reconstruct(edited));
        assertSays("were changed", CommandHarness.generate().with("model", tiny).with("noise", edited));
        final ImagePlus latent = invert().image();
        latent.setRoi(0, 0, 3, 3);
        final ImagePlus cropped = latent.crop("stack");
        cropped.setProp(Provenance.PROPERTY, latent.getProp(Provenance.PROPERTY));
        assertSays("was cropped or scaled from 8 x 6 to 3 x 3", CommandHarness.reconstruct(cropped));
        final ImagePlus shorter = invert().image();
        shorter.getStack().deleteLastSlice();
        assertSays("planes and now has", CommandHarness.reconstruct(shorter));
        final ImagePlus converted = invert().image();
        final ImageStack plane = new ImageStack(8, 6);
        plane.addSlice(converted.getStack().getProcessor(1));
        converted.setStack(plane);
        new ImageConverter(converted).convertToGray8();
        assertSays("was converted from 32-bit to", CommandHarness.reconstruct(converted));
    }

    @Test
    void imagesThatAreNoLatentsAreRefused() {
        assertSays("'cells.tif' is not a latent image: it has no Palindrome record", CommandHarness.reconstruct(image));
        final ImagePlus edited =
                CommandHarness.edit(image).with("model", tiny).with("steps", 2).image();
        assertSays("is not a latent image but the result of 'edit'", CommandHarness.reconstruct(edited));
    }

    @Test
    void latentsAreNoPictures() {
        final ImagePlus latent = invert().image();
        for (final CommandHarness command : List.of(
                CommandHarness.invert(latent),
                CommandHarness.edit(latent),
                CommandHarness.inpaint(latent),
                CommandHarness.vary(latent),
                CommandHarness.mask(latent),
                CommandHarness.drag(latent).with("handles", "1,1->2,2"),
                CommandHarness.compareSamplers().with("image", latent)))
            assertSays("'cells-latent' is a latent, and no picture: choose the image itself", command);
        // what ImageJ made of its first plane is one
        final ImagePlus picture = new ImagePlus("u", latent.getStack().getProcessor(1));
        picture.setProp(Provenance.PROPERTY, latent.getProp(Provenance.PROPERTY));
        new ImageConverter(picture).convertToGray8();
        assertEquals(
                "u-latent",
                CommandHarness.invert(picture)
                        .with("model", tiny)
                        .with("steps", 2)
                        .image()
                        .getTitle());
    }

    @Test
    void recordsWithAnythingMissingOrWrongAreRefused() {
        final ImagePlus latent = invert().image();
        final JsonObject record =
                JsonParser.parseString(latent.getProp(Provenance.PROPERTY)).getAsJsonObject();
        int tried = 0;
        for (final String key : record.keySet()) {
            // what nothing depends on
            if (key.matches("operation|version")) continue;
            final JsonObject less = record.deepCopy();
            less.remove(key);
            latent.setProp(Provenance.PROPERTY, less.toString());
            // a latent without them was made in one window, or under no control image
            if (!key.matches("tiles|controls")) assertOneSentence(key, CommandHarness.reconstruct(latent));
            final JsonObject wrong = record.deepCopy();
            wrong.addProperty(key, "?");
            if (key.matches("prompt|negativePrompt|gamma")) continue;
            latent.setProp(Provenance.PROPERTY, wrong.toString());
            assertOneSentence(key, CommandHarness.reconstruct(latent));
            tried++;
        }
        final JsonObject unknown = record.deepCopy();
        unknown.getAsJsonObject("runtime").addProperty("precision", "FLOAT8");
        latent.setProp(Provenance.PROPERTY, unknown.toString());
        assertOneSentence("precision", CommandHarness.reconstruct(latent));
        assertTrue(tried > 8, tried + " tried");
        latent.setProp(Provenance.PROPERTY, "{not json");
        assertSays("The Palindrome record is damaged", CommandHarness.reconstruct(latent));
    }

    private static void assertOneSentence(final String key, final CommandHarness command) {
        final RuntimeException exc = assertThrows(RuntimeException.class, command::run, key);
        assertTrue(
                exc instanceof java.io.UncheckedIOException || exc instanceof IllegalArgumentException,
                key + ": " + exc);
        final String message = command.failure();
        assertTrue(message.matches("(?s)['\"]?[A-Z\"'].*"), key + ": " + message);
    }

    @Test
    void comparingWithAnotherKindOfImageIsRefusedBeforeTheRun() {
        final ImagePlus latent = invert().image();
        final CancelAfter counting = new CancelAfter(Integer.MAX_VALUE);
        assertSays(
                "cannot be compared: the latent was made of 'cells.tif' (16-bit 16 x 9); give an image of that type and size.",
                CommandHarness.reconstruct(latent)
                        .with("original", TestImage.GRAY8.make(16, 9))
                        .report(counting));
        assertSays(
                "cannot be compared",
                CommandHarness.reconstruct(latent)
                        .with("original", TestImage.GRAY16.make(9, 16))
                        .report(counting));
        assertEquals(0, counting.asked());
    }

    @Test
    void aChannelOfAHyperstackIsComparedWithItself() {
        final ImagePlus series = TestImage.hyperstack(12, 8);
        final ImagePlus latent = CommandHarness.invert(series)
                .with("model", tiny)
                .with("steps", 2)
                .image();
        final Module module =
                CommandHarness.reconstruct(latent).with("original", series).run();
        final ij.measure.ResultsTable results = (ij.measure.ResultsTable) module.getOutput("results");
        assertEquals(0, results.getValue("Different pixels", results.size() - 1));
    }

    @Test
    void edictSaysHowManyStepsFit() {
        final Module module = invert().with("sampler", "EDICT")
                .with("mixing", "0.93")
                .with("steps", 80)
                .run();
        assertTrue(
                module.getOutput("notes").toString().contains("Use at most 63 steps after strength"),
                module.getOutput("notes").toString());
    }

    /** BDIA at gamma 0.5 needs more than 62 bits for many steps; the advice has to fit. */
    @Test
    void overflowNamesWhatFits() {
        final int steps = 120;
        final CommandHarness wild =
                invert().with("sampler", "BDIA").with("gamma", "0.5").with("steps", steps);
        final String message = wild.failure();
        final Matcher advice = Pattern.compile(
                        "BDIA outgrew (?:the 62 bits of its exact states|what the network can take) at step \\d+ of \\d+\\. "
                                + "Use gamma (0\\.\\d+) or above, or at most (\\d+) steps after strength\\.")
                .matcher(message);
        assertTrue(advice.matches(), message);
        final ImagePlus byGamma = invert().with("sampler", "BDIA")
                .with("gamma", advice.group(1))
                .with("steps", steps)
                .image();
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(byGamma).image());
        final ImagePlus bySteps = invert().with("sampler", "BDIA")
                .with("gamma", "0.5")
                .with("steps", Integer.valueOf(advice.group(2)))
                .image();
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(bySteps).image());
    }

    @Test
    void cancelingMakesNoImage() {
        final int[] before = TestImage.bits(image);
        for (final int questions : new int[] {0, 3}) {
            assertThrows(CancellationException.class, () -> invert().report(new CancelAfter(questions))
                    .run());
            assertThrows(CancellationException.class, () -> CommandHarness.generate()
                    .with("model", tiny)
                    .with("count", 3)
                    .with("steps", 2)
                    .report(new CancelAfter(questions))
                    .run());
        }
        assertArrayEquals(before, TestImage.bits(image));
    }
}
