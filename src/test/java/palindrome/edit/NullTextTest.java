package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ij.IJ;
import ij.ImagePlus;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CancellationException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import palindrome.image.PixelCodec;
import palindrome.image.PixelPlane;
import palindrome.model.TilePlan;
import palindrome.sampler.Ddim;
import palindrome.sampler.InversionLabel;
import palindrome.sampler.Latent;
import palindrome.sampler.Lattice;
import palindrome.sampler.OneWaySampler;
import palindrome.sampler.Predictor;
import palindrome.sampler.Sampler;
import palindrome.sampler.StepListener;
import palindrome.sampler.TorchNoise;

/** Null-text inversion with the bundled model. */
class NullTextTest {

    private static final int STEPS = 20;
    private static final double GUIDANCE = 5;
    private static final String PROMPT = "fluorescence microscopy, some medium bright nuclei";
    private static final SamplingSettings SETTINGS = settings(STEPS, 1);
    private static final TilePlan PLAN = TilePlan.whole(48, 48);

    private static OpenedModel model;
    private static RandomAccessibleInterval<DoubleType> image;
    private static Inversion inversion;

    private static SamplingSettings settings(final int steps, final double strength) {
        return new SamplingSettings("Null-text", steps, "auto", strength, GUIDANCE);
    }

    @BeforeAll
    static void invert() throws IOException {
        model = OpenedModel.open("bundled", "cpu", Progress.NONE);
        final ImagePlus nuclei = IJ.openImage("sample-images/phantom-nuclei-8bit.tif");
        nuclei.setRoi(96, 96, 48, 48);
        final PixelPlane plane =
                PixelPlane.of(new ImagePlus("nuclei", nuclei.crop().getProcessor()));
        image = PixelCodec.gray8().encode(plane);
        inversion = new Invert(model, SETTINGS).run(image, PROMPT, Progress.NONE);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** By half at least, than DDIM inverted and sampled under the same guidance. */
    @Test
    void comesNearerThanDdim() throws IOException {
        final double nullText = rms(new Reconstruct(model).run(inversion, Progress.NONE));
        for (final InversionLabel label : InversionLabel.values()) {
            final double guided = ddim(GUIDANCE, label);
            assertTrue(nullText < guided / 2, label + ": " + guided + ", null-text " + nullText);
        }
    }

    private static double ddim(final double guidanceOfInversion, final InversionLabel label) throws IOException {
        final Sampler ddim = new OneWaySampler(new Ddim(0, new TorchNoise(0), label), new Lattice());
        try (Walk there = new Walk(
                        model,
                        new SamplingSettings("DDIM", STEPS, "auto", 1, guidanceOfInversion),
                        PLAN,
                        inversion.padding());
                Walk back = new Walk(
                        model, new SamplingSettings("DDIM", STEPS, "auto", 1, GUIDANCE), PLAN, inversion.padding())) {
            final ImageState states = new ImageState(model.model(), PLAN, Progress.NONE);
            final NDArray state = states.of(image, there.manager());
            final Predictor out = there.predictor(PROMPT, "", Progress.NONE);
            final Predictor home = back.predictor(PROMPT, "", Progress.NONE);
            final Latent noisy = ddim.invert(state, there.grid(), out, StepListener.NONE);
            final Latent clean = ddim.sample(noisy, back.grid(), home, StepListener.NONE);
            return rms(states.toImage(clean.image()));
        }
    }

    private static double rms(final RandomAccessibleInterval<DoubleType> other) {
        final double[] expected = numbers(image);
        final double[] actual = numbers(other);
        double sum = 0;
        for (int i = 0; i < expected.length; i++) sum += Math.pow(expected[i] - actual[i], 2);
        return Math.sqrt(sum / expected.length);
    }

    private static double[] numbers(final RandomAccessibleInterval<DoubleType> image) {
        final double[] values = new double[(int) Views.flatIterable(image).size()];
        int i = 0;
        for (final DoubleType value : Views.flatIterable(image)) values[i++] = value.get();
        return values;
    }

    @Test
    void saysThatItIsApproximateAndByHowMuch() throws IOException {
        assertFalse(inversion.isExact());
        final double told = inversion.nullText().orElseThrow().rmsError();
        assertEquals(rms(new Reconstruct(model).run(inversion, Progress.NONE)), told, 1e-9);
        assertTrue(
                inversion.warnings().get(0).startsWith("Null-text is approximate: reconstruction misses the image by "),
                inversion.warnings().toString());
        assertEquals(
                Map.of("eta", 0.0, "iterations", 10.0, "earlyStop", 1e-5, "learningRate", 1e-2),
                inversion.record().samplerParameters());
        assertEquals(STEPS, inversion.nullText().orElseThrow().embeddings().nodes());
    }

    @Test
    void theSamePromptTwiceIsTheReconstructionAndAnotherOneIsNot() throws IOException {
        final Edit edit = new Edit(model, settings(4, 1));
        final Edit.Result same = edit.run(image, PROMPT, PROMPT, "", Progress.NONE);
        final Edit.Result twice = edit.run(image, PROMPT, PROMPT, "", Progress.NONE);
        final double[] again = numbers(new Reconstruct(model).run(same.inversion(), Progress.NONE));
        assertArrayEquals(again, numbers(same.image()));
        assertEquals(
                same.inversion().nullText().orElseThrow().embeddings(),
                twice.inversion().nullText().orElseThrow().embeddings());
        final double[] other = numbers(new Reconstruct(model)
                .run(same.inversion(), "histology microscopy, many medium dim nuclei", "", GUIDANCE, 0, Progress.NONE));
        assertFalse(Arrays.equals(again, other));
    }

    @Test
    void whatCannotBeDoneIsRefused() {
        for (final double guidance : new double[] {0, 0.5, 1})
            assertEquals(
                    "Guidance is " + guidance + ", where null-text inversion has nothing to optimise; use a guidance"
                            + " above 1, usually 3 to 7.5.",
                    refusal(() -> new Invert(model, new SamplingSettings("Null-text", STEPS, "auto", 1, guidance))
                            .run(image, PROMPT, Progress.NONE)));
        assertEquals(
                "Null-text inverts and edits images but makes none of noise. Use O-BELM or DDIM to generate.",
                refusal(() -> new Generate(model, SETTINGS)));
        assertTrue(refusal(() -> new Invert(model, new SamplingSettings("DDIM", STEPS, "auto", 1, GUIDANCE))
                        .run(image, PROMPT, Progress.NONE))
                .startsWith("DDIM cannot be inverted exactly."));
        assertEquals(
                "The negative prompt 'blur' cannot be used: null-text inversion put its own embeddings in its place."
                        + " Leave it empty.",
                refusal(() -> new Reconstruct(model).run(inversion, PROMPT, "blur", GUIDANCE, 0, Progress.NONE)));
    }

    private static String refusal(final Executable work) {
        return assertThrows(IllegalArgumentException.class, work).getMessage();
    }

    /** The host is asked before every evaluation, and a cancelled run leaves nothing behind. */
    @Test
    void cancelingStopsBeforeTheNextNetworkCallAndFreesEverything() throws IOException {
        final SamplingSettings two = settings(2, 1);
        final int before = NativeArrays.under(model.model().manager());
        final CancelAfter never = new CancelAfter(Integer.MAX_VALUE);
        new Edit(model, two).run(image, PROMPT, PROMPT, "", never);
        assertEquals(before, NativeArrays.under(model.model().manager()));
        for (final int questions : new int[] {0, 1, 3, 7, never.asked() / 2, never.asked() - 1}) {
            final CancelAfter user = new CancelAfter(questions);
            assertThrows(CancellationException.class, () -> new Edit(model, two).run(image, PROMPT, PROMPT, "", user));
            assertEquals(questions + 1, user.asked());
            assertEquals(before, NativeArrays.under(model.model().manager()));
        }
    }

    @Test
    void partOfTheWayWorksToo() throws IOException {
        final Inversion half = new Invert(model, settings(8, 0.5)).run(image, PROMPT, Progress.NONE);
        assertEquals(4, half.nullText().orElseThrow().embeddings().nodes());
        assertEquals(
                half.nullText().orElseThrow().rmsError(), rms(new Reconstruct(model).run(half, Progress.NONE)), 1e-9);
    }
}
