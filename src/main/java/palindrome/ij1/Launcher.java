package palindrome.ij1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * The jar's main class: without arguments it opens ImageJ with the plugin in
 * its menu, with a macro file it runs that headless ({@link MacroRunner}).
 */
public final class Launcher {

    private Launcher() {}

    /**
     * @param args none, or those of {@link MacroRunner}
     * @throws IOException if the temporary menu file cannot be written
     */
    public static void main(final String... args) throws IOException {
        // neither ImageJ nor this jar brings a logger; that is not worth a warning
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        if (args.length > 0) MacroRunner.main(args);
        else openImageJ();
    }

    /**
     * Opens ImageJ. NB: ImageJ takes menu entries only from jars in its plugins
     * folder, so it gets a folder with a jar that holds nothing else; the classes
     * come from the class path.
     */
    private static void openImageJ() throws IOException {
        if (System.getProperty("plugins.dir") == null)
            System.setProperty("plugins.dir", pluginsFolder().toString());
        ij.ImageJ.main(new String[0]);
    }

    private static Path pluginsFolder() throws IOException {
        final Path home = Files.createTempDirectory("palindrome-imagej");
        final Path plugins = Files.createDirectory(home.resolve("plugins"));
        final Path jar = plugins.resolve("Palindrome_Menu.jar");
        try (InputStream config = Launcher.class.getResourceAsStream("/" + PluginsConfig.RESOURCE);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(PluginsConfig.RESOURCE));
            config.transferTo(out);
        }
        for (final Path path : new Path[] {home, plugins, jar}) path.toFile().deleteOnExit();
        return home;
    }
}
