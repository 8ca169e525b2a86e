package palindrome.ij1;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The menu entries of a {@code plugins.config} file. */
final class PluginsConfig {

    /** Where the file lies in the jar, from the class path's root. */
    static final String RESOURCE = "/plugins.config";

    private static final Pattern LINE = Pattern.compile("(.+?),\\s*\"(.+?)\",\\s*([\\w.]+)\\(\"([^\",]*)\"\\)");

    /**
     * One menu entry.
     *
     * @param menu path such as {@code Plugins>Palindrome}
     * @param label the command's name in menu and macros
     * @param pluginClass full name of the plugin class
     * @param argument what its {@code run} method gets
     */
    record Entry(String menu, String label, String pluginClass, String argument) {

        /** What ImageJ's command table holds for the label. */
        String command() {
            return pluginClass + "(\"" + argument + "\")";
        }
    }

    private PluginsConfig() {}

    /**
     * Reads the plugin's own file from the class path.
     *
     * @throws IOException if it is missing or has a malformed line
     */
    static List<Entry> read() throws IOException {
        try (InputStream in = PluginsConfig.class.getResourceAsStream(RESOURCE)) {
            if (in == null) throw new FileNotFoundException("plugins.config is missing from the class path.");
            return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    private static List<Entry> parse(final String text) throws IOException {
        final List<Entry> entries = new ArrayList<>();
        for (final String line : text.split("\\R")) {
            if (line.isBlank() || line.startsWith("#")) continue;
            final Matcher match = LINE.matcher(line.strip());
            if (!match.matches()) throw new IOException("plugins.config has a malformed line: " + line);
            entries.add(new Entry(match.group(1), match.group(2), match.group(3), match.group(4)));
        }
        return entries;
    }
}
