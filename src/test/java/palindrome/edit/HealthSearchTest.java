package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import palindrome.sampler.LatentHealth;

/** What {@code auto} does where the first number does not suit: with the bundled model, and images that make it so. */
class HealthSearchTest {

    private static final int SIDE = 32;

    private static OpenedModel model;

    @BeforeAll
    static void open() throws IOException {
        model = OpenedModel.open("bundled", "cpu", Progress.NONE);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** Fluorescence, which strong guidance by a prompt for histology makes alternate under the first choice of gamma. */
    private static ArrayImg<DoubleType, DoubleArray> image() {
        final ImageProcessor pixels = IJ.openImage("sample-images/phantom-hyperstack.tif")
                .getProcessor()
                .convertToRGB();
        final double[] values = new double[SIDE * SIDE * 3];
        for (int i = 0; i < values.length; i++) {
            final int shift = 16 - 8 * (i / (SIDE * SIDE));
            final int value = pixels.get(i % SIDE, i / SIDE % SIDE) >> shift & 0xff;
            values[i] = (value - 128) / 128.0;
        }
        return ArrayImgs.doubles(values, SIDE, SIDE, 3);
    }

    private static SamplingSettings settings(final String sampler, final int steps, final String gamma) {
        return new SamplingSettings(sampler, steps, gamma, 1, 5);
    }

    private static Inversion inverted(final SamplingSettings settings, final Progress progress) throws IOException {
        return new Invert(model, settings).run(image(), "histology microscopy, few nuclei", progress);
    }

    /** Writes down the stages. */
    private static final class Stages implements Progress {

        private final List<String> stages = new ArrayList<>();
        private final List<Long> lastSteps = new ArrayList<>();

        @Override
        public void stage(final String name) {
            stages.add(name);
            lastSteps.add(0L);
        }

        @Override
        public void step(final long done, final long total) {
            lastSteps.set(lastSteps.size() - 1, done);
            assertTrue(done <= total);
        }

        @Override
        public boolean canceled() {
            return false;
        }
    }

    @Test
    void anUnhealthyFirstChoiceIsMended() throws IOException {
        final Stages stages = new Stages();
        final Inversion found = inverted(settings("BDIA", 20, "auto"), stages);
        final List<Trial> trials = found.record().trials();
        assertTrue(trials.size() >= 2 && trials.size() <= 3, trials.toString());
        for (int k = 1; k < trials.size(); k++)
            assertTrue(trials.get(k).value() > trials.get(k - 1).value());
        assertEquals(
                List.of("Inverting", "Inverting again, gamma " + trials.get(1).value()), stages.stages.subList(0, 2));
        assertEquals(trials.size(), stages.stages.size());
        for (final long done : stages.lastSteps) assertEquals(20, done);

        final double taken = found.record().samplerParameters().get("gamma");
        assertTrue(taken > trials.get(0).value());
        assertTrue(found.health().alternation() < trials.get(0).disagreement());
        assertEquals(Double.toString(taken), found.record().gamma());
        assertEquals(taken, found.report().get("Gamma"));
        final String note = found.warnings().get(found.warnings().size() - 1);
        assertTrue(
                note.startsWith("The image was inverted " + trials.size() + " times, since the latent's two states"),
                note);
        assertTrue(note.contains("Taken: gamma="), note);
        assertArrayEquals(numbers(image()), numbers(new Reconstruct(model).run(found, Progress.NONE)));
    }

    @Test
    void whatTheUserChoseStays() throws IOException {
        final Stages stages = new Stages();
        final Inversion found = inverted(settings("BDIA", 20, "0.911"), stages);
        assertTrue(found.health().isAlternating(), found.health().toString());
        assertEquals(List.of("Inverting"), stages.stages);
        assertEquals("0.911", found.record().gamma());
        assertEquals(.911, found.record().samplerParameters().get("gamma"));
        assertEquals(List.of(), found.record().trials());
        assertTrue(
                found.warnings().stream().anyMatch(warning -> warning.contains("BDIA with gamma=auto")),
                found.warnings().toString());
    }

    @Test
    void aHealthyFirstChoiceIsTaken() throws IOException {
        final Inversion found = inverted(settings("BDIA", 4, "auto"), Progress.NONE);
        assertFalse(found.health().isAlternating());
        assertEquals("auto", found.record().gamma());
        assertEquals(List.of(), found.record().trials());
        assertEquals(
                List.of(),
                inverted(settings("O-BELM", 20, "auto"), Progress.NONE).record().trials());
    }

    /** Part of the way to noise nothing can be judged. */
    @Test
    void partOfTheWayNothingIsTriedAgain() throws IOException {
        final Inversion found = inverted(new SamplingSettings("BDIA", 20, "auto", 0.9, 5), Progress.NONE);
        assertEquals(List.of(), found.record().trials());
    }

    @Test
    void cancelingBetweenInversionsLeavesNothing() throws IOException {
        final int before = NativeArrays.under(model.model().manager());
        final Stages untilAgain = new Stages();
        assertThrows(
                CancellationException.class,
                () -> inverted(settings("BDIA", 20, "auto"), new Progress() {

                    private boolean again;

                    @Override
                    public void stage(final String name) {
                        again |= name.startsWith("Inverting again");
                        untilAgain.stage(name);
                    }

                    @Override
                    public void step(final long done, final long total) {
                        untilAgain.step(done, total);
                    }

                    @Override
                    public boolean canceled() {
                        return again;
                    }
                }));
        assertEquals(2, untilAgain.stages.size());
        assertEquals(0, untilAgain.lastSteps.get(1));
        assertEquals(before, NativeArrays.under(model.model().manager()));
    }

    /** The image is kept as the record says, also where the last trial was not the best one. */
    @Test
    void theBestIsKept() throws IOException {
        final Inversion real = inverted(settings("BDIA", 4, "auto"), Progress.NONE);
        final double[] alternations = {3, 2, 2.5};
        final List<String> asked = new ArrayList<>();
        final Inversion found = new HealthSearch(settings("BDIA", 4, "auto"), Progress.NONE).run(tuned -> {
            final Inversion made = with(real, tuned, alternations[asked.size()]);
            asked.add(tuned.tuning().gamma());
            return made;
        });
        assertEquals(List.of("auto", "0.95", "1.0"), asked);
        assertEquals("0.95", found.record().gamma());
        assertEquals(2, found.health().alternation());
        assertEquals(3, found.record().trials().size());
        assertTrue(
                found.warnings()
                        .get(found.warnings().size() - 1)
                        .endsWith(
                                "by 3.00 with gamma=auto: by 2.00 with gamma=0.950, by 2.50 with gamma=1.00. Taken: gamma=0.950."));
    }

    @Test
    void mixingIsMendedByTheGapOfTheCopies() throws IOException {
        final Inversion real =
                inverted(new SamplingSettings("EDICT", 4, SamplerTuning.AUTOMATIC, 1, 1, 0), Progress.NONE);
        final AutomaticNumber number = AutomaticNumber.of(real.record()).orElseThrow();
        assertEquals(AutomaticNumber.MIXING, number);
        assertEquals(.93, number.trial(real).value());
        assertEquals(real.health().copyGap(), number.trial(real).disagreement());
        assertTrue(number.suits(real.health()));
        assertEquals(List.of(.965, .982), number.healthier(.93));
        assertEquals("0.965", number.set(SamplerTuning.AUTOMATIC, .965).mixing());
        final SamplerTuning chosen = SamplerTuning.AUTOMATIC.withMixing("0.5");
        assertEquals(
                Optional.empty(),
                AutomaticNumber.of(inverted(new SamplingSettings("EDICT", 4, chosen, 1, 1, 0), Progress.NONE)
                        .record()));
    }

    /** What damps well over a few steps would be amplified out of use over many. */
    @Test
    void theCoefficientOfBelmFollowsTheNumberOfSteps() throws IOException {
        final Inversion few = inverted(settings("BELM", 5, "auto"), Progress.NONE);
        assertEquals(.5, few.report().get("Gamma"));
        final Inversion many = inverted(new SamplingSettings("BELM", 50, "auto", 1, 1), Progress.NONE);
        assertTrue((Double) many.report().get("Gamma") > .7, many.report().toString());
        assertFalse(many.health().isAlternating(), many.health().toString());
        assertEquals(
                AutomaticNumber.COEFFICIENT, AutomaticNumber.of(few.record()).orElseThrow());
        assertArrayEquals(numbers(image()), numbers(new Reconstruct(model).run(many, Progress.NONE)));
    }

    private static Inversion with(final Inversion real, final SamplingSettings tuned, final double alternation) {
        final RunRecord r = real.record();
        final String gamma = tuned.tuning().gamma();
        final RunRecord record = new RunRecord(
                r.model(),
                r.modelSha256(),
                r.runtime(),
                r.sampler(),
                r.steps(),
                gamma,
                r.mixing(),
                r.eta(),
                r.churn(),
                r.stepSeed(),
                r.strength(),
                r.guidanceScale(),
                r.classifierScale(),
                r.controls(),
                Map.of("gamma", gamma.equals("auto") ? .9 : Double.parseDouble(gamma)),
                List.of(),
                r.gridHash(),
                r.prompt(),
                r.negativePrompt(),
                r.warnings());
        final LatentHealth h = real.health();
        return new Inversion(
                record,
                real.padding(),
                real.plan(),
                real.latent(),
                new LatentHealth(
                        h.rms(),
                        h.channelRms(),
                        h.excessKurtosis(),
                        h.kolmogorovSmirnov(),
                        alternation,
                        h.copyGap(),
                        h.amplification()),
                real.nullText(),
                real.autoencoderError(),
                real.control());
    }

    private static double[] numbers(final RandomAccessibleInterval<DoubleType> image) {
        final double[] values = new double[SIDE * SIDE * 3];
        int i = 0;
        for (final DoubleType value : Views.flatIterable(image)) values[i++] = value.get();
        return values;
    }
}
