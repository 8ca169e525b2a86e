package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.ij1.ChildJvm;

/** Runs {@link DamagedCheckpoints} in a Java with 128 MiB. */
class DamagedCheckpointsTest {

    @TempDir
    Path folder;

    @Test
    void everyOneIsOpenedOrRefusedInOneSentence() throws IOException {
        final Path cases = Files.createDirectory(folder.resolve("cases"));
        for (final String model : new String[] {DamagedCheckpoints.MODEL, DamagedCheckpoints.LORA_MODEL})
            TinyModel.write(Files.createDirectory(cases.resolve(model)));
        final ChildJvm.Result result = new ChildJvm(folder, ChildJvm.testClassPath())
                .heap("128m")
                .option("-XX:MaxDirectMemorySize=128m")
                .run(Map.of(), DamagedCheckpoints.class.getName(), cases.toString());
        final Matcher summary = Pattern.compile("(\\d+) cases, 0 failures").matcher(result.out());
        assertTrue(summary.find(), result.out() + result.err());
        assertTrue(Integer.parseInt(summary.group(1)) >= 2000, result.out());
        assertEquals(0, result.status());
    }
}
