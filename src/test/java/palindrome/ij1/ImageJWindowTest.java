package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin installed in plain ImageJ as a user installs it, on a display. */
@Tag("display")
class ImageJWindowTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();

    @TempDir
    private Path home;

    @Test
    void menuDialogRecorderAndErrors() throws IOException {
        final Optional<VirtualDisplay> display = VirtualDisplay.open();
        assumeTrue(display.isPresent(), "no display, and Xvfb is not installed");
        try (VirtualDisplay screen = display.get()) {
            installPlugin();
            Files.createDirectories(SCREENSHOTS);
            final ChildJvm.Result result = new ChildJvm(home, driverClassPath())
                    .option("-Dplugins.dir=" + home)
                    .run(Map.of("DISPLAY", screen.name()), GuiDriver.class.getName(), SCREENSHOTS.toString());
            assertEquals("", result.err());
            assertEquals(
                    List.of(
                            "menu: Diffusion Invert..., Diffusion Reconstruct..., Diffusion Edit...,"
                                    + " Diffusion Generate..., Diffusion Demo...",
                            "kept: 1",
                            "inputs: ramp|two words|7|0.5|1|false|none|bundled|say \"hi\", steps=99 \\u661f",
                            "current: ramp-demo",
                            "recorded: run(\"Diffusion Demo...\", \"mode=[two words] steps=7 strength=0.5 seed=1"
                                    + " tiled=false model=bundled prompt=[say \\\"hi\\\", steps=99 \\\\u661f]\");",
                            "repeated: ramp-demo-1 ramp|two words|7|0.5|1|false|none|bundled|say \"hi\","
                                    + " steps=99 \\u661f",
                            "after error: true",
                            "status: Diffusion Demo: Copying n/n, n s left (Esc cancels)",
                            "after Esc: true false",
                            "lines: 1"),
                    result.out().lines().toList());
        }
    }

    /** One jar with an underscore, which names its dependencies as the real one does. */
    private void installPlugin() throws IOException {
        final Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        ChildJvm.testJars().stream()
                                .filter(jar -> !isImageJ(jar))
                                .map(jar -> jar.toUri().toString())
                                .collect(Collectors.joining(" ")));
        final Path plugins = Files.createDirectory(home.resolve("plugins"));
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(plugins.resolve("Palindrome_.jar")), manifest)) {
            // the tests' menu and index extend the plugin's own
            for (final String name : List.of("plugins.config", "META-INF/json/org.scijava.plugin.Plugin"))
                addMerged(jar, name);
            addClasses(jar, Path.of("target", "classes"));
            addClasses(jar, Path.of("target", "test-classes"));
        }
    }

    private static void addMerged(final JarOutputStream jar, final String name) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        for (final String folder : List.of("classes", "test-classes"))
            Files.copy(Path.of("target", folder, name), (OutputStream) jar);
        jar.closeEntry();
    }

    private static void addClasses(final JarOutputStream jar, final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("palindrome"))) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(root.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
    }

    /** ImageJ and the driver, and nothing of the plugin. */
    private String driverClassPath() throws IOException {
        final Path folder = Files.createDirectories(home.resolve("driver/palindrome/ij1"));
        Files.copy(Path.of("target/test-classes/palindrome/ij1/GuiDriver.class"), folder.resolve("GuiDriver.class"));
        final Path ij = ChildJvm.testJars().stream()
                .filter(ImageJWindowTest::isImageJ)
                .findFirst()
                .orElseThrow();
        return ij + File.pathSeparator + home.resolve("driver");
    }

    private static boolean isImageJ(final Path jar) {
        return jar.getFileName().toString().matches("ij-[\\d.]+[a-z]?\\.jar");
    }
}
