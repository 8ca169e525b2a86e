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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    /** The text encoder reads no capitals, so that all is controlled, and nothing changes. */
    private static final String SAME = "A PHOTO of a Cat";

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
                edit(image, pixels, SAME)
                        .with("cross", "0.6")
                        .with("self", "0.2-0.8")
                        .with("blend", "cat -photo")
                        .with("negative", "blur")
                        .image());
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void theSamePromptTwiceChangesNothingWithAnySampler(final String sampler) {
        final ImagePlus image = TestImage.GRAY16.make(37, 22);
        final CommandHarness same = edit(image, latent, SAME)
                .with("sampler", sampler)
                .with("strength", 0.8)
                .with("negative", "blur");
        final ImagePlus plain = same.image();
        // Null-text comes back as near as it does without control.
        if (SamplerChoice.of(sampler).isExact()) CommandHarness.assertSamePixels(image, plain);
        CommandHarness.assertSamePixels(
                plain,
                same.with("cross", "0.6")
                        .with("self", "0.2-0.7")
                        .with("blend", "cat -photo")
                        .image());
    }

    /** Written alike, there is nothing to follow, also where single words have steps of their own, which would round otherwise. */
    @Test
    void thePromptToTheLetterIsThePlainEdit() {
        final ImagePlus image = TestImage.GRAY32.make(24, 20);
        CommandHarness.assertSamePixels(
                image,
                edit(image, latent, SOURCE)
                        .with("sampler", "BDIA-EDM Heun")
                        .with("cross", "1 cat:0.5-0.5")
                        .image());
        assertFalse(Arrays.equals(
                TestImage.bits(image),
                bits(edit(image, latent, SOURCE).with("cross", "1").with("reweight", "cat:1.6"))));
    }

    /** At guidance 0 the network is told neither prompt, so there is nothing to follow, however long they are. */
    @Test
    void withoutGuidanceThereIsNothingToFollow() {
        final ImagePlus image = TestImage.GRAY8.make(24, 20);
        final String twoParts = TARGET + " and a cat".repeat(30) + " and a mouse";
        CommandHarness.assertSamePixels(
                image,
                edit(image, latent, twoParts)
                        .with("guidance", 0.0)
                        .with("cross", "0.5")
                        .with("self", "1")
                        .with("reweight", "mouse:2")
                        .with("blend", "mouse")
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

    /** Words, places and weights each make another edit. */
    @ParameterizedTest
    @MethodSource("samplers")
    void everySamplerCanFollow(final String sampler) {
        final List<CommandHarness> edits = List.of(
                edit(latent, TARGET),
                edit(latent, TARGET).with("cross", "0.8"),
                edit(latent, TARGET).with("mapping", "refine").with("cross", "0.8"),
                edit(latent, TARGET).with("self", "0.4"),
                edit(latent, "a photo of a dog:1.6"));
        final Set<String> made = new HashSet<>();
        for (final CommandHarness edit : edits) made.add(Arrays.toString(bits(edit.with("sampler", sampler))));
        assertEquals(edits.size(), made.size());
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
                edit(image, xl, SAME).with("cross", "1").with("self", "1").image());
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
                edit(image, latent, SAME)
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
