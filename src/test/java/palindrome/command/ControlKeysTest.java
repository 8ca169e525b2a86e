package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;
import ij.measure.ResultsTable;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.module.Module;
import palindrome.evaluate.PixelComparison;
import palindrome.image.Provenance;
import palindrome.model.SafetensorsFile;
import palindrome.model.SafetensorsWriter;
import palindrome.model.TinyModel;
import palindrome.model.TinyStableDiffusion;

/** The keys {@code control} to {@code controlend} of the commands, on a tiny Stable Diffusion and its ControlNet. */
class ControlKeysTest {

    private static final int WIDTH = 40;
    private static final int HEIGHT = 33;
    private static final Path REFERENCE = Path.of("src/test/resources/reference/controlnet");

    @TempDir
    private static Path folder;

    private static String model;
    private static String controlNet;

    private final ImagePlus image = TestImage.RGB.make(WIDTH, HEIGHT);

    @BeforeAll
    static void write() throws IOException {
        model = TinyModel.writeControllable(Files.createDirectory(folder.resolve("sd")))
                .toString();
        controlNet = TinyModel.copy(REFERENCE, folder.resolve("control")).toString();
    }

    private static ImagePlus drawing(final int x) {
        final ByteProcessor drawing = new ByteProcessor(WIDTH, HEIGHT);
        drawing.setValue(255);
        drawing.fill(new ij.gui.OvalRoi(x, 6, 14, 18));
        return new ImagePlus("drawing " + x, drawing);
    }

    private static CommandHarness controlled(final CommandHarness command, final ImagePlus control) {
        return command.with("model", model)
                .with("steps", 4)
                .with("control", control)
                .with("controlnet", controlNet)
                .with("controlkind", "labels");
    }

    private CommandHarness invert(final ImagePlus control) {
        return controlled(CommandHarness.invert(image), control).with("prompt", "a cat");
    }

    private CommandHarness edit(final ImagePlus control) {
        return controlled(CommandHarness.edit(image), control)
                .with("strength", 1.0)
                .with("source", "a cat")
                .with("target", "a dog");
    }

    private static CommandHarness generate(final ImagePlus control) {
        return controlled(CommandHarness.generate(), control)
                .with("prompt", "a cat")
                .with("width", WIDTH)
                .with("height", HEIGHT);
    }

    private static ImagePlus without(final CommandHarness command) {
        return command.with("control", null).with("controlnet", "bundled").image();
    }

    private static String text(final ImagePlus image, final String key) throws IOException {
        return Provenance.readFrom(image).orElseThrow().text(key).orElseThrow();
    }

    /** All of a stack, so that latents are compared whole. */
    private static void assertSame(final ImagePlus expected, final ImagePlus actual) {
        for (int n = 1; n <= expected.getStackSize(); n++) {
            expected.setSlice(n);
            actual.setSlice(n);
            CommandHarness.assertSamePixels(expected, actual);
        }
    }

    private static boolean same(final ImagePlus one, final ImagePlus other) {
        return Arrays.equals(TestImage.bits(one), TestImage.bits(other));
    }

    @ParameterizedTest
    @CsvSource({
        "O-BELM, auto, 1, 0, 1, 1",
        "O-BELM, auto, 3, 0.3, 0.8, 0.6",
        "BDIA, 0.5, 3, 0, 0.5, 1",
        "BDIA-DPM-Solver++ 2S, auto, 1, 0, 1, 1",
        "BDIA-EDM Euler, 0.8, 3, 0.2, 1, 1",
        "BDIA-EDM Heun, 1, 1, 0, 0.7, 1",
        "BELM, 0.3, 1, 0, 1, 1",
        "EDICT, auto, 3, 0.25, 0.75, 1",
        "Cycle-SDE, auto, 1, 0, 1, 1",
        "CycleDiffusion, auto, 3, 0, 0.5, 0.8"
    })
    void everyBitComesBack(
            final String sampler,
            final String gamma,
            final double guidance,
            final double start,
            final double end,
            final double strength)
            throws IOException {
        final ImagePlus latent = invert(drawing(10))
                .with("sampler", sampler)
                .with("gamma", gamma)
                .with("guidance", guidance)
                .with("controlscale", 0.8)
                .with("controlstart", start)
                .with("controlend", end)
                .with("strength", strength)
                .image();
        final Module module =
                CommandHarness.reconstruct(latent).with("original", image).run();
        CommandHarness.assertSamePixels(image, (ImagePlus) module.getOutput("reconstructed"));
        assertEquals("", module.getOutput("notes"));
        final String said = text((ImagePlus) module.getOutput("reconstructed"), "control");
        assertTrue(
                said.startsWith(
                        "drawing 10 (labels, 40 x 33), ControlNet " + controlNet + ", scale 0.8, from " + start),
                said);
        assertTrue(latent.getInfoProperty().contains("Palindrome control: drawing 10"), latent.getInfoProperty());
    }

    /** It is heard on the way to noise, in new images and in edits, and by its place. */
    @Test
    void itLeads() {
        final List<CommandHarness> commands = List.of(invert(drawing(10)), edit(drawing(10)), generate(drawing(10)));
        for (final CommandHarness command : commands) {
            final ImagePlus one = command.image();
            assertSame(one, command.image());
            assertFalse(same(one, command.with("controlscale", 0.5).image()), "half of it");
            final ImagePlus early = command.with("controlend", 0.5).image();
            assertFalse(same(
                    early,
                    command.with("controlstart", 0.5).with("controlend", 1.0).image()));
            assertFalse(same(
                    one,
                    command.with("controlscale", 1.0)
                            .with("controlstart", 0.0)
                            .with("control", drawing(20))
                            .image()));
            assertFalse(same(one, without(command)), "none at all");
        }
    }

    @Test
    void noneOfItIsNothing() {
        for (final CommandHarness command : List.of(
                invert(drawing(10)), edit(drawing(10)), generate(drawing(10)).with("sampler", "DDIM"))) {
            final ImagePlus off = command.with("controlscale", 0.0).image();
            final ImagePlus never = command.with("controlscale", 1.0)
                    .with("controlstart", 0.5)
                    .with("controlend", 0.5)
                    .image();
            final ImagePlus free = without(command.with("controlstart", 0.0).with("controlend", 1.0));
            // the latents of the first two have the control image besides
            free.setSlice(1);
            for (int n = 1; n <= free.getStackSize(); n++) {
                for (final ImagePlus one : List.of(free, off, never)) one.setSlice(n);
                CommandHarness.assertSamePixels(free, off);
                CommandHarness.assertSamePixels(free, never);
            }
        }
    }

    @Test
    void anEditToTheSamePromptReturnsTheImage() {
        CommandHarness.assertSamePixels(
                image, edit(drawing(10)).with("target", "a cat").image());
        assertFalse(same(image, edit(drawing(10)).image()));
    }

    /** The drawing that a latent was made under leads back, and another one leads elsewhere. */
    @Test
    void aSavedLatentIsEditedByAnotherDrawing() throws IOException {
        final String file = folder.resolve("latent.tif").toString();
        assertTrue(new FileSaver(invert(drawing(10)).image()).saveAsTiffStack(file));
        final ImagePlus latent = new Opener().openImage(file);
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(latent).image());
        final CommandHarness edit = CommandHarness.generate()
                .with("noise", latent)
                .with("model", model)
                .with("guidance", 1.0)
                .with("prompt", "a cat");
        // without the detail that this model's autoencoder loses
        final ImagePlus back = edit.image();
        final CommandHarness other =
                edit.with("control", drawing(22)).with("controlnet", controlNet).with("controlkind", "labels");
        final ImagePlus moved = other.image();
        assertFalse(same(back, moved));
        assertTrue(text(moved, "targetControl").startsWith("drawing 22 (labels"), text(moved, "targetControl"));
        CommandHarness.assertSamePixels(back, other.with("control", drawing(10)).image());
    }

    /** A ControlNet that was trained on leads elsewhere, which the latent must not hide. */
    @Test
    void aLatentKnowsItsControlNet() throws IOException {
        final Path changing = TinyModel.copy(REFERENCE, Files.createDirectories(folder.resolve("changing")));
        final ImagePlus latent =
                invert(drawing(10)).with("controlnet", changing.toString()).image();
        final SafetensorsWriter writer = new SafetensorsWriter();
        final Path weights = changing.resolve("diffusion_pytorch_model.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            for (final String name : file.names()) {
                final float[] values = file.floats(name);
                values[0] += 1;
                writer.tensor(name, values, file.shape(name));
            }
        }
        writer.write(weights);
        final String failure = CommandHarness.reconstruct(latent).failure();
        assertTrue(failure.startsWith("The latent was made under the ControlNet '" + changing), failure);
        assertTrue(failure.endsWith("Put the old ones back, or invert again."), failure);
    }

    @Test
    void aControlImageOfAnotherSizeIsToldBoth() {
        final ImagePlus wrong = new ImagePlus("wrong", new ByteProcessor(32, 24));
        for (final CommandHarness command : List.of(invert(wrong), edit(wrong), generate(wrong)))
            assertEquals(
                    "The control image 'wrong' is 32 × 24 pixels, but the image 40 × 33: give both the same size, with"
                            + " Image>Scale... or, for a new image, width=32 height=24.",
                    command.failure());
    }

    @Test
    void wrongWordsAreTold() {
        assertEquals(
                "'controlnet' is '" + controlNet + "', but there is no control image: name an open image as 'control'.",
                generate(null).failure());
        assertTrue(generate(drawing(3))
                .with("controlstart", 0.7)
                .with("controlend", 0.2)
                .failure()
                .startsWith("The control image leads from 0.7 to 0.2 of the steps; use"));
        assertTrue(
                generate(image).failure().startsWith("'cells.tif' is no label image"),
                generate(image).failure());
        assertTrue(generate(drawing(3)).with("controlnet", "/no/such").failure().contains("/no/such"));
        // made for the bundled model
        assertTrue(generate(drawing(3)).with("controlnet", "bundled").failure().contains("another kind of model"));
        assertTrue(generate(drawing(3))
                .with("model", "bundled")
                .failure()
                .contains("was made for another kind of model than 'nuclei'"));
    }

    /** Generated in windows, each of which sees its own part of the drawing. */
    @ParameterizedTest
    @ValueSource(strings = {"O-BELM", "EDICT"})
    void largeImagesComeBackToo(final String sampler) {
        final ImagePlus large = TestImage.RGB.make(112, 40);
        final ByteProcessor drawing = new ByteProcessor(112, 40);
        drawing.setValue(255);
        drawing.fill(new ij.gui.OvalRoi(70, 6, 30, 20));
        final CommandHarness invert = controlled(CommandHarness.invert(large), new ImagePlus("wide", drawing))
                .with("sampler", sampler);
        final ImagePlus latent = invert.image();
        CommandHarness.assertSamePixels(
                large, CommandHarness.reconstruct(latent).image());
        assertFalse(same(latent, without(invert)));
    }

    /** All planes of a stack hear the same drawing, and all come back. */
    @Test
    void aStackComesBack() throws IOException {
        final ImagePlus stack = TestImage.hyperstack(WIDTH, HEIGHT);
        final String file = folder.resolve("stack.tif").toString();
        final ImagePlus latent = controlled(CommandHarness.invert(stack), drawing(10))
                .with("planes", "all")
                .with("channels", "all")
                .image();
        assertTrue(new FileSaver(latent).saveAsTiffStack(file));
        final ImagePlus back =
                CommandHarness.reconstruct(new Opener().openImage(file)).image();
        assertEquals(stack.getStackSize(), back.getStackSize());
        for (int n = 1; n <= stack.getStackSize(); n++)
            assertEquals(
                    0,
                    PixelComparison.of(
                                    stack.getStack().getProcessor(n),
                                    back.getStack().getProcessor(n))
                            .differentPixels(),
                    "plane " + n);
    }

    /** The search for embeddings runs through the ControlNet as well. */
    @Test
    void nullTextComesNearUnderIt() {
        final Module module = invert(drawing(10))
                .with("sampler", "Null-text")
                .with("guidance", 3.0)
                .with("verify", true)
                .run();
        final ImagePlus latent = (ImagePlus) module.getOutput("latent");
        final Module back =
                CommandHarness.reconstruct(latent).with("original", image).run();
        final ResultsTable table = (ResultsTable) back.getOutput("results");
        assertTrue(table.getValue("Decoded PSNR (dB)", table.size() - 1)
                > 0.9 * table.getValue("Autoencoder PSNR (dB)", table.size() - 1));
    }

    /** Latents of versions that knew no control images. */
    @Test
    void olderLatentsAreStillRead() throws IOException {
        final ImagePlus latent = without(invert(null));
        final Provenance record = Provenance.readFrom(latent).orElseThrow();
        assertTrue(record.get("controls").isPresent());
        record.without("controls").attachTo(latent);
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(latent).image());
    }

    /** Without what led to noise, nothing leads back. */
    @Test
    void damagedRecordsAreRefused() throws IOException {
        final ImagePlus latent = invert(drawing(10)).image();
        final Provenance record = Provenance.readFrom(latent).orElseThrow();
        final JsonArray controls = record.get("controls").orElseThrow().getAsJsonArray();
        final List<Provenance> damaged = new ArrayList<>();
        damaged.add(record.without("controls"));
        for (final String key : controls.get(0).getAsJsonObject().keySet()) {
            // what is only said, or opened by name
            if (key.matches("image|controlNet|kind")) continue;
            final JsonArray less = controls.deepCopy();
            less.get(0).getAsJsonObject().remove(key);
            damaged.add(record.with("controls", less));
        }
        final JsonArray other = controls.deepCopy();
        other.get(0).getAsJsonObject().addProperty("kind", "drawings");
        damaged.add(record.with("controls", other));
        final JsonArray wide = controls.deepCopy();
        wide.get(0).getAsJsonObject().addProperty("width", 1);
        damaged.add(record.with("controls", wide));
        for (final Provenance wrong : damaged) {
            wrong.attachTo(latent);
            final String failure = CommandHarness.reconstruct(latent).failure();
            assertTrue(failure.startsWith("The record in the latent image is damaged."), failure + " of " + wrong);
        }
    }

    /** The source beside its edit hears the control image as it did alone, embeddings of its own among what it is told. */
    @ParameterizedTest
    @ValueSource(strings = {"O-BELM", "BDIA-EDM Heun", "EDICT", "Cycle-SDE", "Null-text"})
    void attentionIsFollowedUnderAControlImage(final String sampler) {
        final CommandHarness edit = edit(drawing(4))
                .with("sampler", sampler)
                .with("detail", "all")
                .with("guidance", 2.0)
                .with("controlstart", 0.25)
                .with("negative", "blur");
        final ImagePlus free = edit.image();
        // no capitals are read, so that all is controlled, and nothing changes
        final ImagePlus same = edit.with("target", "A CAT").image();
        final CommandHarness following =
                edit.with("cross", "1").with("self", "0-0.5").with("blend", "cat");
        CommandHarness.assertSamePixels(same, following.image());
        if (!sampler.equals("Null-text")) CommandHarness.assertSamePixels(image, same);
        assertFalse(same(free, following.with("target", "a dog").image()));
    }

    /** Edges that ImageJ finds in the image itself lead to noise and back. */
    @Test
    void theImagesOwnEdgesLeadAndComeBack() throws IOException {
        final CommandHarness invert = invert(image).with("controlkind", "edges").with("guidance", 3.0);
        final ImagePlus latent = invert.image();
        assertTrue(text(latent, "control").startsWith("cells.tif (edges, 40 x 33)"), text(latent, "control"));
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(latent).image());
        latent.setSlice(1);
        final ImagePlus other = invert.with("controlkind", "image").image();
        other.setSlice(1);
        assertFalse(same(latent, other));
    }

    /** Stable Diffusion XL, whose ControlNets also hear pooled text and sizes. */
    @Test
    void aFileOfXlLeadsAsItsFolderDoes() throws IOException {
        final TinyStableDiffusion xl = TinyStableDiffusion.XL;
        final String other = xl.writeFolder(folder.resolve("xl")).toString();
        final String of = xl.writeControlNetFolder(folder.resolve("xl-control")).toString();
        final String file = xl.writeControlNetFile(folder.resolve("xl-control.safetensors"), "control_model.")
                .toString();
        final CommandHarness generate = generate(drawing(10)).with("model", other);
        final ImagePlus expected = generate.with("controlnet", of).image();
        assertSame(expected, generate.with("controlnet", file).image());
        assertFalse(same(expected, without(generate)), "it does not lead");
        final ImagePlus latent = invert(drawing(10))
                .with("model", other)
                .with("controlnet", file)
                .with("guidance", 3.0)
                .image();
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(latent).image());
    }

    @Test
    void theControlImageIsNotTouched() {
        final ImagePlus drawing = drawing(10);
        final int[] before = TestImage.bits(drawing);
        for (final String kind : List.of("image", "edges", "labels")) {
            generate(drawing).with("controlkind", kind).image();
            assertArrayEquals(before, TestImage.bits(drawing));
        }
    }
}
