package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import palindrome.edit.CancelAfter;
import palindrome.image.Provenance;
import palindrome.model.TinyFamilies;
import palindrome.model.TinyModel;
import palindrome.sampler.SamplerChoice;

/** The keys {@code cross}, {@code self}, {@code mapping}, {@code reweight} and {@code blend} of <i>Diffusion Edit...</i>. */
class AttentionKeysTest {

    private static final String SOURCE = "a photo of a cat";
    private static final String TARGET = "a photo of a dog";

    @TempDir
    private static Path temp;

    private static String pixels;
    private static String latent;
    private static String xl;

    @BeforeAll
    static void write() throws IOException {
        pixels = TinyModel.write(Files.createDirectory(temp.resolve("pixels"))).toString();
        latent = TinyModel.writeLatent(Files.createDirectory(temp.resolve("latent")))
                .toString();
        xl = TinyFamilies.xl(Files.createDirectory(temp.resolve("xl"))).toString();
    }

    private static CommandHarness edit(final ImagePlus image, final String model, final String target) {
        return CommandHarness.edit(image)
                .with("model", model)
                .with("steps", 5)
                .with("strength", 1.0)
                .with("guidance", 3.0)
                .with("source", SOURCE)
                .with("target", target);
    }

    private static CommandHarness edit(final String model, final String target) {
        return edit(TestImage.GRAY32.make(24, 20), model, target);
    }

    private static int[] bits(final CommandHarness edit) {
        return TestImage.bits(edit.image());
    }

    /** Mean difference of two images' numbers. */
    private static double distance(final int[] a, final int[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += Math.abs(Float.intBitsToFloat(a[i]) - Float.intBitsToFloat(b[i]));
        return sum / a.length;
    }

    @ParameterizedTest
    @EnumSource
    void theSamePromptTwiceStillChangesNothing(final TestImage type) {
        final ImagePlus image = type.make(37, 22);
        CommandHarness.assertSamePixels(
                image,
                edit(image, pixels, SOURCE)
                        .with("cross", "0.6")
                        .with("self", "0.2-0.8")
                        .with("blend", "cat -photo")
                        .with("negative", "blur")
                        .image());
    }

    /** Wherever nothing is asked for, the edit is computed as before there were these keys. */
    @Test
    void nothingAskedForIsThePlainEdit() {
        final int[] plain = bits(edit(latent, TARGET));
        assertTrue(Arrays.equals(
                plain,
                bits(edit(latent, "a photo of a dog:1")
                        .with("cross", "0")
                        .with("self", "0.3-0.3")
                        .with("mapping", "replace")
                        .with("reweight", "dog:1"))));
    }

    @Test
    void wordsAndPlacesThatFollowKeepMoreOfTheSource() {
        final int[] before = TestImage.bits(TestImage.GRAY32.make(24, 20));
        final double free = distance(before, bits(edit(pixels, TARGET)));
        final double words = distance(before, bits(edit(pixels, TARGET).with("cross", "1")));
        final double both =
                distance(before, bits(edit(pixels, TARGET).with("cross", "1").with("self", "1")));
        assertTrue(words < 0.9 * free && both != words, "free " + free + ", words " + words + ", both " + both);
    }

    @Test
    void weightsInThePromptAreThoseOfTheKey() {
        final int[] inPrompt = bits(edit(latent, "a photo of a dog:2.5"));
        assertTrue(Arrays.equals(inPrompt, bits(edit(latent, TARGET).with("reweight", "dog:2.5"))));
        assertTrue(
                Arrays.equals(inPrompt, bits(edit(latent, "a photo of a dog:5").with("reweight", "dog:0.5"))));
        assertFalse(Arrays.equals(inPrompt, bits(edit(latent, TARGET))));
    }

    static Stream<String> samplers() {
        return Stream.of(SamplerChoice.values())
                .filter(SamplerChoice::isInvertible)
                .map(SamplerChoice::label);
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void everySamplerCanFollow(final String sampler) {
        final int[] free = bits(edit(latent, TARGET).with("sampler", sampler));
        final int[] following = bits(edit(latent, TARGET)
                .with("sampler", sampler)
                .with("cross", "0.8")
                .with("self", "0.4"));
        assertFalse(Arrays.equals(free, following));
    }

    @Test
    void partOfTheWayFollowsAsWell() {
        final CommandHarness edit = edit(latent, TARGET).with("strength", 0.6).with("cross", "1");
        assertFalse(Arrays.equals(bits(edit), bits(edit(latent, TARGET).with("strength", 0.6))));
    }

    @Test
    void twoTextEncodersFollowTogether() {
        final int[] free = bits(edit(xl, TARGET));
        assertFalse(Arrays.equals(free, bits(edit(xl, TARGET).with("cross", "1"))));
        final ImagePlus image = TestImage.GRAY16.make(24, 20);
        CommandHarness.assertSamePixels(
                image,
                edit(image, xl, SOURCE).with("cross", "1").with("self", "1").image());
    }

    @Test
    void theResultSaysHowItFollowed() throws IOException {
        final ImagePlus edited = edit(pixels, "a photo of a dog:1.5")
                .with("cross", "0.8 dog:0-0.3")
                .with("self", "0.4")
                .with("mapping", "refine")
                .with("reweight", "photo:0.5")
                .with("blend", "dog")
                .image();
        final Provenance provenance = Provenance.readFrom(edited).orElseThrow();
        assertEquals("a photo of a dog:1.5", provenance.text("targetPrompt").orElseThrow());
        assertEquals("0.8 dog:0-0.3", provenance.text("cross").orElseThrow());
        assertEquals("0.4", provenance.text("self").orElseThrow());
        assertEquals("refine", provenance.text("mapping").orElseThrow());
        assertEquals("photo:0.5", provenance.text("reweight").orElseThrow());
        assertEquals("dog", provenance.text("blend").orElseThrow());
    }

    @Test
    void whatCannotBeDoneIsRefusedBeforeTheWork() throws IOException {
        assertEquals(
                "The word 'mouse' is not in the target prompt 'a photo of a dog'; name a word that is, as it stands there.",
                edit(latent, TARGET).with("reweight", "mouse:2").failure());
        assertEquals(
                "The word 'mouse' is neither in the source prompt 'a photo of a cat' nor in the target prompt 'a photo of a"
                        + " dog'; name a word that is in one of them.",
                edit(latent, TARGET).with("blend", "mouse").failure());
        assertEquals(
                "Words can only be replaced by as many others, but 'a photo of a cat' has 5 and 'a dog' has 2; use"
                        + " mapping=refine.",
                edit(latent, "a dog")
                        .with("cross", "1")
                        .with("mapping", "replace")
                        .failure());
        assertEquals(
                "The source prompt 'a cat:2' has weights, but the source is what it is; give them to words of the target"
                        + " prompt alone.",
                edit(latent, TARGET)
                        .with("source", "a cat:2")
                        .with("cross", "1")
                        .failure());
        assertEquals(
                "'blend' looks for words in an image that the network sees at once, but this one, of 120 × 40 pixels, is seen"
                        + " in windows; leave blend out and select an area, or use a smaller image.",
                edit(TestImage.GRAY8.make(120, 40), latent, TARGET)
                        .with("blend", "dog")
                        .failure());
        final String without =
                TinyFamilies.unconditional(temp.resolve("unconditional")).toString();
        assertEquals(
                "The model '" + without
                        + "' attends to no words; leave mapping, cross, self, reweight and blend out, or use"
                        + " a model that hears text.",
                edit(without, "")
                        .with("source", "")
                        .with("guidance", 1.0)
                        .with("self", "1")
                        .failure());
    }

    @Test
    void imagesSeenInWindowsFollow() {
        final ImagePlus image = TestImage.GRAY8.make(120, 40);
        CommandHarness.assertSamePixels(
                image,
                edit(image, latent, SOURCE)
                        .with("cross", "1")
                        .with("self", "1")
                        .with("detail", "all")
                        .image());
    }

    @Test
    void anEditThatFollowsIsCanceledAtAnyPlace() {
        final CancelAfter whole = new CancelAfter(Integer.MAX_VALUE);
        final ImagePlus image = TestImage.GRAY8.make(16, 16);
        edit(image, pixels, TARGET)
                .with("cross", "1")
                .with("self", "1")
                .report(whole)
                .image();
        for (final double share : new double[] {0.6, 0.8, 0.95}) {
            final CancelAfter early = new CancelAfter((int) (share * whole.asked()));
            assertThrows(CancellationException.class, () -> edit(image, pixels, TARGET)
                    .with("cross", "1")
                    .with("self", "1")
                    .report(early)
                    .run());
        }
    }
}
