package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.image.Provenance;
import palindrome.model.TinyModel;

/** The key {@code classifier} of the commands. */
class ClassifierKeyTest {

    @TempDir
    private static Path temp;

    private static String with;
    private static String without;

    private final ImagePlus image = TestImage.RGB.make(16, 12);

    @BeforeAll
    static void write() throws IOException {
        with = TinyModel.writeWithClassifier(Files.createDirectory(temp.resolve("with")))
                .toString();
        without =
                TinyModel.write(Files.createDirectory(temp.resolve("without"))).toString();
    }

    private List<CommandHarness> commands(final String model, final String prompt) {
        return List.of(
                        CommandHarness.invert(image).with("prompt", prompt),
                        CommandHarness.edit(image).with("source", "one cat").with("target", prompt),
                        CommandHarness.edit(image).with("target", prompt),
                        CommandHarness.generate()
                                .with("prompt", prompt)
                                .with("width", 16)
                                .with("height", 16))
                .stream()
                .map(command -> command.with("model", model).with("steps", 4).with("classifier", 0.5))
                .toList();
    }

    private static String text(final ImagePlus image, final String key) throws IOException {
        return Provenance.readFrom(image).orElseThrow().text(key).orElseThrow();
    }

    @Test
    void aModelWithoutClassifierIsNamedWithTheRemedy() {
        for (final CommandHarness command : commands(without, "many dogs, one dog"))
            assertEquals(
                    "Classifier guidance is 0.5, but the model 'without' has no classifier; use classifier=0, or a model"
                            + " that has one, such as model=bundled.",
                    command.failure());
    }

    @Test
    void aPromptWithoutAKnownWordIsToldAllOfThem() {
        for (final CommandHarness command : commands(with, "a mouse"))
            assertEquals(
                    "Classifier guidance needs one of its words in the prompt, but 'a mouse' has none: use cat, dog, one,"
                            + " many, or classifier=0.",
                    command.failure());
    }

    @Test
    void offNeedsNeither() {
        for (final CommandHarness command : commands(without, ""))
            assertTrue(command.with("classifier", 0.0).image().getWidth() > 0);
    }

    @Test
    void reconstructReplaysIt() throws IOException {
        final ImagePlus latent = commands(with, "many cats, one dog").get(0).image();
        assertEquals("0.5", text(latent, "classifierScale"));
        final ImagePlus again = CommandHarness.reconstruct(latent).image();
        CommandHarness.assertSamePixels(image, again);
        assertEquals("0.5", text(again, "classifierScale"));
    }

    @Test
    void editsAndNewImagesSayIt() throws IOException {
        final List<CommandHarness> commands = commands(with, "one dog");
        final ImagePlus edited = commands.get(1).image();
        assertEquals("0.5", text(edited, "classifierScale"));
        assertEquals("0.5", text(edited, "targetClassifierScale"));
        final ImagePlus fromNothing = commands.get(2).image();
        assertEquals("0.0", text(fromNothing, "classifierScale"));
        assertEquals("0.5", text(fromNothing, "targetClassifierScale"));
        assertEquals("0.5", text(commands.get(3).image(), "classifierScale"));
    }

    @Test
    void aLatentIsEditedWithIt() throws IOException {
        final ImagePlus latent =
                commands(with, "one cat").get(0).with("classifier", 0.0).image();
        final CommandHarness edit = CommandHarness.generate()
                .with("noise", latent)
                .with("model", with)
                .with("guidance", 1.0)
                .with("prompt", "one cat");
        CommandHarness.assertSamePixels(image, edit.image());
        final ImagePlus edited = edit.with("classifier", 0.5).image();
        assertEquals("0.5", text(edited, "targetClassifierScale"));
        assertTrue(!java.util.Arrays.equals(TestImage.bits(image), TestImage.bits(edited)));
    }
}
