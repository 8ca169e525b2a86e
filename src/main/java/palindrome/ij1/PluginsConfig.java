package palindrome.ij1;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The menu entries of a {@code plugins.config} file. */
final class PluginsConfig {

    /** Where the file lies in the jar, from the class path's root. */
    static final String RESOURCE = "plugins.config";

    private static final Pattern LINE =
            Pattern.compile("\\s*([^#,]+?),\\s*\"(.+?)\",\\s*([\\w.$]+)(?:\\(\"([^\",]*)\"\\))?\\s*");

    /**
     * One menu entry.
     *
     * @param menu path such as {@code Plugins>Palindrome}
     * @param label the command's name in menu and macros
     * @param pluginClass full name of the plugin class
     * @param argument what its {@code run} method gets; null for none
     */
    record Entry(String menu, String label, String pluginClass, String argument) {

        /** What ImageJ's command table holds for the label. */
        String command() {
            return argument == null ? pluginClass : pluginClass + "(\"" + argument + "\")";
        }
    }

    private PluginsConfig() {}

    /**
     * Reads every {@code plugins.config} at the class path's root, which is what Fiji does.
     *
     * @throws IOException if one cannot be read
     */
    static List<Entry> read() throws IOException {
        final List<Entry> entries = new ArrayList<>();
        for (final URL url :
                Collections.list(PluginsConfig.class.getClassLoader().getResources(RESOURCE))) {
            try (InputStream in = url.openStream()) {
                entries.addAll(parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII)));
            }
        }
        return entries;
    }

    /** Reads one file's text; like ImageJ, skips what is no menu entry. */
    static List<Entry> parse(final String text) {
        return text.lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(match -> new Entry(match.group(1), match.group(2), match.group(3), match.group(4)))
                .collect(Collectors.toList());
    }
}
