package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.plugin.PlugIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;

/** The menu file against the commands. */
class PluginsConfigTest {

    private static List<PluginsConfig.Entry> shipped() throws IOException {
        return PluginsConfig.parse(Files.readString(Path.of("plugins.config")));
    }

    @Test
    void everyCommandHasOneEntryWithItsLabel() throws IOException {
        final Map<String, String> fromCommands = new TreeMap<>();
        try (Context context = new Context(CommandService.class)) {
            for (final CommandInfo info : context.service(CommandService.class).getCommands())
                if (!info.getClassName().equals(DemoCommand.class.getName()))
                    fromCommands.put(info.getLabel(), info.getClassName());
        }
        final Map<String, String> fromFile = new TreeMap<>();
        for (final PluginsConfig.Entry entry : shipped()) fromFile.put(entry.label(), entry.argument());
        // no command of its own
        assertTrue(fromFile.containsKey(Palindrome_Repeat.LABEL));
        fromFile.remove(Palindrome_Repeat.LABEL);
        assertEquals(14, fromCommands.size());
        assertEquals(fromCommands, fromFile);
    }

    @Test
    void everyLineIsAnEntryImageJCanLoad() throws Exception {
        final long lines = Files.readString(Path.of("plugins.config"))
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .count();
        assertEquals(lines, shipped().size());
        for (final PluginsConfig.Entry entry : shipped()) {
            assertEquals("Plugins>Palindrome", entry.menu());
            assertTrue(PlugIn.class.isAssignableFrom(Class.forName(entry.pluginClass())));
            assertTrue(entry.pluginClass().contains("_"), "ImageJ hides load errors of other names");
            assertFalse(String.valueOf(entry.argument()).contains(","));
        }
    }

    @Test
    void isPackagedAtTheRootWithTheTestsOwn() throws IOException {
        assertTrue(PluginsConfig.read().containsAll(shipped()));
        assertTrue(PluginsConfig.read().stream().anyMatch(entry -> entry.label().equals("Diffusion Demo...")));
    }

    @Test
    void skipsWhatIsNoEntry() {
        assertEquals(
                List.of(
                        new PluginsConfig.Entry("Plugins>A", "B c...", "x.Y_", null),
                        new PluginsConfig.Entry("Plugins", "D", "Z_", "arg")),
                PluginsConfig.parse("# Plugins, \"No\", a.B\n\nPlugins>A, \"B c...\", x.Y_\nPlugins>A, \"-\"\n"
                        + "  Plugins, \"D\", Z_(\"arg\")\n"));
    }
}
