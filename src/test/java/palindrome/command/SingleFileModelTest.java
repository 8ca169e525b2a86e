package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.edit.Progress;
import palindrome.model.TinyStableDiffusion;

/** Checkpoints in one file through the commands: the same bits as the folder of the same weights. */
class SingleFileModelTest {

    private static final String PROMPT = "a photo of a cat, 3 dogs";

    @TempDir
    private Path temp;

    private final ImagePlus image = TestImage.RGB.make(21, 18);

    @ParameterizedTest
    @EnumSource
    void aFileGivesTheBitsOfItsFolder(final TinyStableDiffusion version) throws IOException {
        final String folder = version.writeFolder(temp.resolve("folder")).toString();
        final String file =
                version.writeFile(temp.resolve("checkpoint.safetensors")).toString();
        final String said = version == TinyStableDiffusion.SD2 ? "v" : "auto";
        final ImagePlus expected = invert(folder).image();
        final ImagePlus latent = invert(file).with("prediction", said).image();
        assertSameStack(expected, latent);
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(latent).image());
        final int[] made = generate(folder, "auto");
        assertArrayEquals(made, generate(file, said));
        assertTrue(Arrays.stream(made).distinct().count() > 20, "an image with so few colours tells nothing");
    }

    @Test
    void whatItPredictsIsAskedOnceAndRememberedByHash() throws IOException {
        final TinyStableDiffusion version = TinyStableDiffusion.SD2;
        final ImagePlus expected =
                invert(version.writeFolder(temp.resolve("folder")).toString()).image();
        final Path file = version.writeFile(temp.resolve("sd2.safetensors"));
        final String refused = invert(file.toString()).failure();
        assertTrue(refused.contains("does not say what its network predicts"), refused);
        assertTrue(refused.contains("prediction=v") && refused.contains("prediction=epsilon"), refused);
        final Asked user = new Asked();
        assertSameStack(expected, invert(file.toString()).report(user).image());
        assertEquals(1, user.questions.size());
        assertTrue(user.questions.get(0).contains("does not say what its network predicts"));
        generate(file.toString(), "auto");
        final Path moved = Files.copy(file, temp.resolve("moved.safetensors"));
        assertSameStack(expected, invert(moved.toString()).report(user).image());
        assertEquals(1, user.questions.size(), "asked again");
        final ImagePlus overruled =
                invert(file.toString()).with("prediction", "epsilon").image();
        assertFalse(Arrays.equals((float[]) expected.getStack().getPixels(1), (float[])
                overruled.getStack().getPixels(1)));
    }

    /** A user who says that the network predicts the velocity. */
    private static final class Asked implements Progress {

        private final List<String> questions = new ArrayList<>();

        @Override
        public void stage(final String name) {}

        @Override
        public void step(final long done, final long total) {}

        @Override
        public OptionalInt choose(final String question, final List<String> answers) {
            questions.add(question);
            assertTrue(answers.get(0).startsWith("v "), answers.toString());
            return OptionalInt.of(0);
        }

        @Override
        public boolean canceled() {
            return false;
        }
    }

    private CommandHarness invert(final String model) {
        return CommandHarness.invert(image)
                .with("model", model)
                .with("steps", 3)
                .with("prompt", PROMPT);
    }

    private static int[] generate(final String model, final String prediction) {
        return TestImage.bits(CommandHarness.generate()
                .with("model", model)
                .with("prediction", prediction)
                .with("steps", 3)
                .with("width", 24)
                .with("height", 16)
                .with("prompt", PROMPT)
                .with("negative", "")
                .image());
    }

    private static void assertSameStack(final ImagePlus expected, final ImagePlus actual) {
        assertEquals(expected.getStackSize(), actual.getStackSize());
        for (int i = 1; i <= expected.getStackSize(); i++)
            assertArrayEquals(
                    bits((float[]) expected.getStack().getPixels(i)),
                    bits((float[]) actual.getStack().getPixels(i)),
                    "plane " + i);
    }

    private static int[] bits(final float[] values) {
        final int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToRawIntBits(values[i]);
        return bits;
    }
}
