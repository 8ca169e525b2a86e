package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.DeviceChoice;
import palindrome.engine.DeviceMemory;
import palindrome.guide.GuidanceEvaluation;
import palindrome.image.ControlImage;
import palindrome.image.ControlKind;
import palindrome.image.DragHandles;
import palindrome.image.Padding;
import palindrome.model.ModelCatalog;
import palindrome.model.TilePlan;
import palindrome.model.TinyModel;
import palindrome.sampler.Lattice;
import palindrome.sampler.SdeDrag;
import palindrome.sampler.TorchNoise;

/** Tests {@link MemoryCheck} and what {@link Walk} says of its need. */
class MemoryCheckTest {

    /** Growth of the process in its first evaluation, measured once on Linux with two threads, in MiB. */
    private static final double AT_512 = 173;

    private static final double AT_1024 = 462;
    private static final double TWO_AT_512 = 276;
    private static final double TWO_AT_1024 = 732;

    /** By how much more it grew under the bundled ControlNet. */
    private static final double CONTROL_AT_1024 = 159;

    private static final double CONTROL_OF_TWO_AT_1024 = 324;

    /** By how much more it grew in a whole run of 20 steps than in one of 2, at 512 × 512 pixels. */
    private static final double VARYING_BY_CYCLE_SDE = 205;

    private static final double DRAGGING = 120;

    private static OpenedModel model;

    @BeforeAll
    static void open() throws IOException {
        model = OpenedModel.open(ModelCatalog.BUNDLED, "cpu", Progress.NONE);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void theEstimateIsNearWhatWasMeasured() {
        assertNear(AT_512, evaluation(1, 256));
        assertNear(AT_1024, evaluation(1, 512));
        assertNear(TWO_AT_512, evaluation(2, 256));
        assertNear(TWO_AT_1024, evaluation(2, 512));
        assertTrue(evaluation(1, 255) <= evaluation(1, 256));
    }

    private static long evaluation(final int batch, final int side) {
        return model.model().unet().evaluationBytes(batch, side, side);
    }

    @Test
    void aControlNetIsCounted() throws IOException {
        final SamplingSettings plain = new SamplingSettings("O-BELM", 20, "auto", 1, 3);
        final SamplingSettings led = plain.withControl(Optional.of(control()));
        assertNear(CONTROL_AT_1024, need(model, led, 512) - need(model, plain, 512));
        final OpenedModel batched = batched();
        assertNear(CONTROL_OF_TWO_AT_1024, need(batched, led, 512) - need(batched, plain, 512));
        batched.close();
    }

    private static OpenedModel batched() throws IOException {
        return OpenedModel.open(
                ModelCatalog.BUNDLED,
                RunConfiguration.of(DeviceChoice.of("cpu")).with(GuidanceEvaluation.BATCHED),
                Progress.NONE);
    }

    private static Control control() {
        final ByteProcessor drawing = new ByteProcessor(8, 8);
        drawing.set(3, 3, 255);
        return new Control(ControlImage.of(new ImagePlus("drawing", drawing), ControlKind.LABELS), "bundled", 1, 0, 1);
    }

    @Test
    void recordedWaysAreCounted() throws IOException {
        final SamplingSettings few = new SamplingSettings("Cycle-SDE", 2, "auto", 1, 1);
        final SamplingSettings many = new SamplingSettings("Cycle-SDE", 20, "auto", 1, 1);
        assertNear(VARYING_BY_CYCLE_SDE, need(model, many, 256) - need(model, few, 256));
        assertNear(DRAGGING, needOfDrag(many) - needOfDrag(few));
    }

    private static long needOfDrag(final SamplingSettings settings) throws IOException {
        try (Walk walk = walk(model, settings, 256)) {
            final SdeDrag sampler = new SdeDrag(
                    SdeDrag.Path.SDE,
                    DragSettings.DEFAULT.patch(model.model().factor()),
                    new TorchNoise(1),
                    new Lattice());
            return walk.memoryNeed(new Shape(1, 12, 256, 256), sampler.recordedStates(walk.grid()));
        }
    }

    private static long need(final OpenedModel opened, final SamplingSettings settings, final int side)
            throws IOException {
        try (Walk walk = walk(opened, settings, side)) {
            return walk.memoryNeed(
                    new Shape(1, opened.model().stateChannels(), side, side),
                    walk.sampler().recordedStates(walk.grid()));
        }
    }

    private static Walk walk(final OpenedModel opened, final SamplingSettings settings, final int side)
            throws IOException {
        final int pixels = side * opened.model().factor();
        return new Walk(opened, settings, opened.tilePlan(side, side), Padding.toMultiple(pixels, pixels, 1));
    }

    /** Of what follows each other the largest counts; tiles make the autoencoder's part smaller. */
    @Test
    void anAutoencoderIsCounted(@TempDir final Path folder) throws IOException {
        final String latent = TinyModel.writeLatent(Files.createDirectory(folder.resolve("sd")))
                .toString();
        try (OpenedModel opened = OpenedModel.open(latent, "cpu", Progress.NONE)) {
            final int side = 512;
            final long whole = opened.model().autoencoderBytes(side, side, TilePlan.whole(side, side));
            final long tiled = opened.model()
                    .autoencoderBytes(side, side, opened.model().tilePlan(side, side, TilePlan.LITTLE_MEMORY));
            assertTrue(tiled <= TilePlan.LITTLE_MEMORY && whole > 2 * tiled, whole + " and " + tiled);
            final long states = 4L * Double.BYTES * 4 * side * side;
            assertEquals(
                    Math.max(
                                    opened.model().autoencoderBytes(side, side, opened.tilePlan(side, side)),
                                    opened.model().evaluationBytes(1, side, side, opened.tilePlan(side, side)))
                            + states,
                    need(opened, new SamplingSettings("O-BELM", 4, "auto", 1, 1), side));
        }
        assertEquals(0, model.model().autoencoderBytes(64, 64, TilePlan.whole(64, 64)));
    }

    private static void assertNear(final double measured, final long estimate) {
        final double ratio = estimate / (double) (1 << 20) / measured;
        assertTrue(ratio > 0.75 && ratio < 1.6, ratio + " times " + measured + " MiB");
    }

    @Test
    void warnsBeforeTheWorkOnlyWhereItMayNotFit() {
        final DeviceChoice cpu = DeviceChoice.of("cpu");
        assertEquals(Optional.empty(), MemoryCheck.of(1L << 30, 1L << 30, cpu));
        assertEquals(
                Optional.of("The memory may not suffice: an image of this size takes about 3.0 GiB on cpu, where 2.5"
                        + " GiB are available."),
                MemoryCheck.of(3L << 30, 5L << 29, cpu));
    }

    /** The path of a drag over a thousand steps, of which each keeps 96 MiB, is what does not fit. */
    @Test
    void aDragSaysThatItsPathMayNotFit() {
        assumeTrue(DeviceMemory.of(Device.cpu()).available() < 90L << 30, "this computer has memory for it");
        final Progress careful = new Progress() {

            @Override
            public void stage(final String name) {
                // all the same
            }

            @Override
            public void step(final long done, final long total) {
                // all the same
            }

            @Override
            public void note(final String sentence) {
                throw new CancellationException(sentence);
            }

            @Override
            public boolean canceled() {
                return false;
            }
        };
        final Drag drag = new Drag(
                model, new SamplingSettings("Cycle-SDE", 1000, "auto", 1, 1), DragSettings.DEFAULT, Detail.UNCHANGED);
        final String said = assertThrows(
                        CancellationException.class,
                        () -> drag.run(
                                ArrayImgs.doubles(2048, 2048, 3),
                                DragHandles.parse("100,100->140,140"),
                                Optional.empty(),
                                "",
                                "",
                                (done, total, image) -> {},
                                careful))
                .getMessage();
        assertTrue(said.startsWith("The memory may not suffice: an image of this size takes about 9"), said);
    }
}
