package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scijava.command.CommandInfo;

/** Holds docs/keys.md to what the commands declare. */
class KeysPageTest {

    static Stream<CommandInfo> commands() {
        return CommandDeclarationsTest.commands();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void thePageListsTheKeysThereAre(final CommandInfo info) throws IOException {
        final CommandSignature signature = CommandSignature.of(info);
        final List<String> page = Files.readAllLines(Path.of("docs/keys.md"));
        final String declared =
                signature.inputs().stream().map(CommandParameter::key).collect(Collectors.joining(" "));
        final List<String> rows = page.stream()
                .filter(line -> line.startsWith("| `" + signature.label() + "` |"))
                .toList();
        assertEquals(
                List.of("| `" + signature.label() + "` | " + (declared.isEmpty() ? "" : "`" + declared + "` ") + "|"),
                rows);
        final String meanings = String.join("\n", page.subList(page.indexOf("## What they mean"), page.size()));
        for (final CommandParameter parameter : signature.inputs())
            assertTrue(
                    meanings.contains("`" + parameter.key() + "`"),
                    "what '" + parameter.key() + "' means is not on the page");
    }
}
