package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scijava.module.Module;

/** <i>Reconstruct(Invert(x)) == x</i>, every pixel, with the bundled model. */
class RoundTripTest {

    static Stream<Arguments> typesAndSamplers() {
        final String[][] samplers = {{"O-BELM", "auto"}, {"BDIA", "auto"}, {"BDIA", "0.5"}, {"EDICT", "auto"}};
        return Stream.of(TestImage.values()).flatMap(type -> Stream.of(samplers)
                .flatMap(s -> Stream.of(1.0, 3.0).map(guidance -> Arguments.of(type, s[0], s[1], guidance))));
    }

    @ParameterizedTest
    @MethodSource("typesAndSamplers")
    void everyPixelComesBack(final TestImage type, final String sampler, final String gamma, final double guidance) {
        final ImagePlus image = type.make(37, 22);
        final int[] before = TestImage.bits(image);
        final ImagePlus latent = CommandHarness.invert(image)
                .with("sampler", sampler)
                .with("gamma", gamma)
                .with("guidance", guidance)
                .with("steps", 4)
                .with("prompt", "fluorescence microscopy, many nuclei")
                .image();
        assertEquals("cells-latent", latent.getTitle());
        assertEquals(ImagePlus.GRAY32, latent.getType());
        final Module module =
                CommandHarness.reconstruct(latent).with("original", image).run();
        final ImagePlus again = (ImagePlus) module.getOutput("reconstructed");
        CommandHarness.assertSamePixels(image, again);
        assertArrayEquals(before, TestImage.bits(image));
        assertLooksLike(image, again);
        assertEquals("", module.getOutput("notes"));
        final ResultsTable results = (ResultsTable) module.getOutput("results");
        assertEquals(0, results.getValue("Max difference", results.size() - 1));
        assertEquals(0, results.getValue("Different pixels", results.size() - 1));
    }

    private static void assertLooksLike(final ImagePlus original, final ImagePlus again) {
        assertEquals("cells-reconstructed", again.getTitle());
        assertTrue(
                original.getCalibration().equals(again.getCalibration()),
                again.getCalibration().toString());
        assertEquals(original.getDisplayRangeMin(), again.getDisplayRangeMin());
        assertEquals(original.getDisplayRangeMax(), again.getDisplayRangeMax());
        if (original.getType() != ImagePlus.COLOR_RGB)
            assertEquals(
                    original.getProcessor().getLut().toString(),
                    again.getProcessor().getLut().toString());
    }
}
