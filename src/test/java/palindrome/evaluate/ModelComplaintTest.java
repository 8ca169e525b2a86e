package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.model.TinyStableDiffusion;
import picocli.CommandLine;

/** Benchmarks of a model that is not there or cannot be used: one sentence, and the status of a wrong option. */
class ModelComplaintTest {

    @TempDir
    private Path temp;

    @Test
    void aModelThatIsNotThereIsOneSentence() {
        assertComplaint("There is no model folder ", NetworkBenchmark.program(), "nowhere");
        assertComplaint("There is no model folder ", EvaluateSamplers.program(), "--model=nowhere", "--docs=" + temp);
        assertComplaint("There is no file or folder 'nowhere'", OperationBenchmark.program(), "nowhere");
    }

    @Test
    void aModelThatCannotBeUsedIsOneSentence() throws IOException {
        final String pickle = Files.writeString(temp.resolve("model.ckpt"), "x").toString();
        final String vae = TinyStableDiffusion.writeVaeFile(temp.resolve("vae.safetensors"))
                .toString();
        final String damaged =
                Files.writeString(temp.resolve("damaged.safetensors"), "x").toString();
        for (final CommandLine program : List.of(NetworkBenchmark.program(), OperationBenchmark.program())) {
            assertComplaint("is a pickle", program, pickle);
            assertComplaint("is no whole model", program, vae);
            assertComplaint("damaged.safetensors", program, damaged);
            assertComplaint("is not a model in diffusers' layout", program, temp.toString());
        }
    }

    private static void assertComplaint(final String part, final CommandLine program, final String... args) {
        final StringWriter said = new StringWriter();
        final int status = program.setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(said))
                .execute(args);
        assertEquals(2, status, said.toString());
        assertEquals(1, said.toString().lines().count(), said.toString());
        assertTrue(said.toString().contains(part), said.toString());
    }
}
