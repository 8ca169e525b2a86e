package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ij.IJ;
import ij.ImagePlus;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import palindrome.model.TinyModel;
import palindrome.model.TinyStableDiffusion;
import palindrome.model.hub.HubServer;

/** The plugin installed in plain ImageJ as a user installs it, on a display. */
@Tag("display")
class ImageJWindowTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();

    private static final String SOURCE_PROMPT = "fluorescence microscopy, many small bright nuclei";
    private static final String TARGET_PROMPT = "histology microscopy, many large bright nuclei";

    @TempDir
    private Path home;

    @Test
    void menuDialogRecorderAndErrors() throws IOException {
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result = drive(screen, GuiDriver.class);
            assertEquals("0 ", result.status() + " " + result.err());
            assertEquals(
                    List.of(
                            "menu: Diffusion Invert..., Diffusion Reconstruct..., Diffusion Edit...,"
                                    + " Diffusion Inpaint..., Diffusion Vary..., Diffusion Mask..., Diffusion Drag...,"
                                    + " Diffusion Generate..., Diffusion Interpolate..., Diffusion Compare Samplers...,"
                                    + " Diffusion Batch..., Diffusion Repeat..., Diffusion History,"
                                    + " Diffusion Models..., Diffusion Setup...,"
                                    + " Diffusion Demo...",
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

    @Test
    void editDialogWithTheBundledModel() throws IOException {
        final ImagePlus sample = IJ.openImage("sample-images/phantom-nuclei-8bit.tif");
        sample.setRoi(60, 60, 96, 96);
        final ImagePlus image = sample.crop();
        final Path file = home.resolve("nuclei.tif");
        IJ.saveAsTiff(image, file.toString());
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result =
                    drive(screen, EditDriver.class, file.toString(), "6", "0.8", SOURCE_PROMPT, TARGET_PROMPT, "twice");
            assertEquals("0 ", result.status() + " " + result.err());
            final Map<String, String> seen = new LinkedHashMap<>();
            result.out().lines().forEach(line -> {
                final String[] pair = line.split(": ", 2);
                seen.put(pair[0], pair[1]);
            });
            final int cancelTime = Integer.parseInt(seen.remove("ms to cancel"));
            assertTrue(cancelTime < 2000, "Esc took " + cancelTime + " ms");
            assertEquals(
                    Map.of(
                            "edited", "nuclei-edited",
                            "outside", "0 changed",
                            "inside", "some changed",
                            "status after Esc", "Diffusion Edit canceled",
                            "new windows after Esc", "0",
                            // once: the canceled run is not recorded
                            "recorded",
                                    "run(\"Diffusion Edit...\", \"model=bundled altered=false inplace=false sampler=O-BELM steps=6"
                                            + " strength=0.8 guidance=auto feather=8 detail=unchanged"
                                            + " cross=0 self=0 mapping=auto reweight=[] blend=[]"
                                            + " seed=1 controlkind=auto controlnet=bundled controlscale=1 source=["
                                            + SOURCE_PROMPT + "] target=[" + TARGET_PROMPT + "] negative=[]\");",
                            "repeated", "nuclei-edited-1 is the same"),
                    seen);
        }
    }

    /** Also makes the pictures of the dialogs for the documentation: -Dpalindrome.dialogs=docs/images/dialogs. */
    @Test
    void everyCommandOfTheMenuHasADialog() throws IOException {
        final String sample =
                Path.of("sample-images/phantom-hyperstack.tif").toAbsolutePath().toString();
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result = drive(screen, DialogsDriver.class, sample);
            assertEquals("0 ", result.status() + " " + result.err());
            final List<String> commands = PluginsConfig.read().stream()
                    .map(PluginsConfig.Entry::label)
                    .filter(label -> label.endsWith("...") && !label.contains("Demo") && !label.contains("Repeat"))
                    .map(label -> "dialog: " + label.substring(0, label.length() - 3))
                    .toList();
            final Map<Boolean, List<String>> lines =
                    result.out().lines().collect(Collectors.partitioningBy(line -> line.startsWith("dialog: ")));
            assertEquals(commands, lines.get(true));
            final List<String> thoseThatRunAModel = Stream.of(
                            "Invert",
                            "Edit",
                            "Inpaint",
                            "Vary",
                            "Mask",
                            "Drag",
                            "Generate",
                            "Interpolate",
                            "Compare Samplers")
                    .map(name -> "more options: Diffusion " + name)
                    .toList();
            assertEquals(thoseThatRunAModel, lines.get(false));
        }
        final String pictures = System.getProperty("palindrome.dialogs");
        if (pictures == null) return;
        Files.createDirectories(Path.of(pictures));
        try (Stream<Path> made = Files.list(SCREENSHOTS)) {
            for (final Path file : made.filter(
                            file -> file.getFileName().toString().startsWith("dialog-"))
                    .toList())
                Files.copy(
                        file,
                        Path.of(pictures)
                                .resolve(file.getFileName().toString().replaceFirst("dialog-(diffusion-)?", "")),
                        StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void drawnNucleiAreGenerated() throws IOException {
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result =
                    drive(screen, ControlDriver.class, System.getProperty("palindrome.pictures.steps", "10"));
            assertEquals("0 ", result.status() + " " + result.err());
            final List<String> seen = result.out().lines().toList();
            assertEquals(List.of("size: 128 x 128", "brighter in the drawing: yes"), seen.subList(0, 2));
            assertTrue(
                    seen.get(2).contains(" control=drawing controlkind=rois controlnet=bundled controlscale=1 "),
                    seen.get(2));
        }
    }

    @Test
    void anImageIsSeenAsItFormsAndKept() throws IOException {
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result = drive(screen, PreviewDriver.class, "40");
            assertEquals("0 ", result.status() + " " + result.err());
            assertEquals(
                    List.of(
                            "title: Preview: Diffusion Generate",
                            "current: before",
                            "kept: 128 x 128, 24-bit",
                            "marked: true",
                            "generated: null"),
                    result.out().lines().toList());
        }
    }

    @Test
    void repaintingDialogsWithTheBundledModel() throws IOException {
        final ImagePlus sample = IJ.openImage("sample-images/phantom-nuclei-8bit.tif");
        sample.setRoi(60, 60, 96, 96);
        final ImagePlus image = sample.crop();
        final Path file = home.resolve("nuclei.tif");
        IJ.saveAsTiff(image, file.toString());
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result = drive(screen, RepaintDriver.class, file.toString(), "4");
            assertEquals("0 ", result.status() + " " + result.err());
            assertEquals(
                    List.of(
                            "masked: some",
                            "selected: as masked",
                            "inpainted: 0 changed outside, some inside",
                            "recorded: run(\"Diffusion Inpaint...\", \"model=bundled altered=false inplace=false manager=false method=SDE order=2"
                                    + " steps=4 strength=1 guidance=auto grow=0 feather=10 blend=10 padding=50"
                                    + " detail=unchanged seed=1 prompt=[fluorescence microscopy, few medium"
                                    + " bright nuclei] negative=[]\");",
                            "listed: 0 changed outside, some inside",
                            "slices: 0 outside, none inside; 0 outside, some inside; ",
                            "in place: some changed, none after Undo",
                            "varied: 4 variations, some changed"),
                    result.out().lines().toList());
        }
    }

    @Test
    void imagesAreInvertedReconstructedAndInterpolatedFromTheMenu() throws IOException {
        final ImagePlus sample = IJ.openImage("sample-images/phantom-nuclei-8bit.tif");
        sample.setRoi(60, 60, 32, 24);
        final Path file = home.resolve("nuclei.tif");
        IJ.saveAsTiff(sample.crop(), file.toString());
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result = drive(screen, LatentsDriver.class, file.toString());
            assertEquals("0 ", result.status() + " " + result.err());
            assertEquals(
                    List.of(
                            "inverted: 32-bit, 1 row",
                            "reconstructed: 0 differences",
                            "interpolated: 5 images, 0 and 0 differences at the ends",
                            "compared: 4 plots, a table",
                            "report: Palindrome Setup"),
                    result.out().lines().toList());
        }
    }

    @Test
    void resultsAreRepeatedListedAndMadeOfFolders() throws IOException {
        final ImagePlus sample = IJ.openImage("sample-images/phantom-nuclei-8bit.tif");
        sample.setRoi(60, 60, 96, 96);
        final Path file = Files.createDirectory(home.resolve("cells")).resolve("nuclei.tif");
        IJ.saveAsTiff(sample.crop(), file.toString());
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result = drive(
                    screen,
                    RepeatDriver.class,
                    file.toString(),
                    home.resolve("out").toString(),
                    TARGET_PROMPT);
            assertEquals("0 ", result.status() + " " + result.err());
            assertEquals(
                    List.of(
                            "on: the same image, nuclei.tif",
                            "shown: true",
                            "selection: true",
                            "prompt: " + TARGET_PROMPT,
                            "recorded: run(\"Diffusion Repeat...\", \"steps=3\");0",
                            "last row: generated|Diffusion Generate|2|3",
                            "batch: nuclei.tif|done|n|nuclei-edit.tif|",
                            "left: 0"),
                    result.out().lines().toList());
        }
    }

    @Test
    void dragDialogWithTheBundledModel() throws IOException {
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result = drive(screen, DragDriver.class, nucleiToDrag(), "5");
            assertEquals("0 ", result.status() + " " + result.err());
            final Map<String, String> seen = new LinkedHashMap<>();
            result.out().lines().forEach(line -> {
                final String[] pair = line.split(": ", 2);
                seen.put(pair[0], pair[1]);
            });
            final int cancelTime = Integer.parseInt(seen.remove("ms to cancel"));
            assertTrue(cancelTime < 2000, "Esc took " + cancelTime + " ms");
            assertEquals(
                    Map.of(
                            "current", "nuclei-dragged",
                            "drags", "7",
                            "outside", "0 changed",
                            "inside", "some changed",
                            "recorded",
                                    "run(\"Diffusion Drag...\", \"model=bundled altered=false inplace=false"
                                            + " handles=[28,51->52,36; 67,60->84,45] method=SDE steps=5 strength=0.4"
                                            + " guidance=auto radius=auto stride=auto alpha=1 beta=0.3 fill=surroundings"
                                            + " together=true feather=8 detail=unchanged intermediate=true seed=1"
                                            + " prompt=[fluorescence microscopy, some medium bright nuclei]"
                                            + " negative=[]\");",
                            "repeated", "0 differ",
                            "all listed", "28,51->40,45; 67,60->70,55; 20,20->30,20",
                            "selected in the list", "28,51->40,45; 20,20->30,20",
                            "status after Esc", "Diffusion Drag canceled",
                            "new windows after Esc", "0"),
                    seen);
        }
    }

    /** A part of a sample, without background, as are the images that the model was trained on. */
    private String nucleiToDrag() {
        final ImagePlus sample = IJ.openImage("sample-images/phantom-nuclei-8bit.tif");
        sample.getProcessor().subtract(18);
        sample.setRoi(48, 64, 96, 96);
        final String file = home.resolve("nuclei.tif").toString();
        IJ.saveAsTiff(sample.crop(), file);
        return file;
    }

    /** Makes the pictures for the page on dragging: -Dpalindrome.pictures=docs/images. */
    @Test
    @EnabledIfSystemProperty(named = "palindrome.pictures", matches = ".+")
    void picturesOfDragging() throws IOException {
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result = drive(
                    screen, DragDriver.class, nucleiToDrag(), System.getProperty("palindrome.pictures.steps", "50"));
            assertEquals("0 ", result.status() + " " + result.err());
        }
        for (final String name : List.of("drag-dialog.png", "drag-result.png"))
            Files.copy(
                    SCREENSHOTS.resolve(name),
                    Files.createDirectories(Path.of(System.getProperty("palindrome.pictures")))
                            .resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void licencesAndDeletionsAreAskedFor() throws IOException {
        final String id = "someone/tiny-nuclei";
        try (HubServer hub = new HubServer(id).folder(TinyModel.write(home.resolve("original")));
                VirtualDisplay screen = openDisplay()) {
            hub.licence("openrail").file("LICENSE", "Be kind to cells.");
            final ChildJvm.Result result = drive(screen, hub.environment(home), ModelsDriver.class, id);
            assertEquals("0 ", result.status() + " " + result.err());
            assertEquals(
                    List.of(
                            "recorded after refusal: 0",
                            "licence: Be kind to cells.",
                            "table: " + id + "|Hugging Face cache|StableDiffusionPipeline|0.505|unstated|ready|"
                                    + home.resolve(
                                            "huggingface/hub/models--someone--tiny-nuclei/snapshots/" + hub.commit()),
                            "recorded: run(\"Diffusion Models...\", \"action=download model=" + id
                                    + " variant=[] licence=openrail delete=false\");",
                            "kept: true"),
                    result.out().lines().toList());
        }
    }

    @Test
    void whatACheckpointPredictsIsAskedOnce() throws IOException {
        final Path model = TinyStableDiffusion.SD2.writeFile(home.resolve("sd2.safetensors"));
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result = drive(
                    screen,
                    Map.of("XDG_CONFIG_HOME", home.resolve("config").toString()),
                    PredictionDriver.class,
                    model.toString());
            assertEquals("0 ", result.status() + " " + result.err());
            assertEquals(
                    List.of(
                            "answers: v (made for 768 pixels), epsilon (made for 512 pixels)", //
                            "asked again: false"),
                    result.out().lines().toList());
        }
    }

    /** Makes the pictures for the README: -Dpalindrome.pictures=docs/images. */
    @Test
    @EnabledIfSystemProperty(named = "palindrome.pictures", matches = ".+")
    void picturesForTheReadme() throws IOException {
        final String sample = Path.of("sample-images/phantom-nuclei-8bit.tif")
                .toAbsolutePath()
                .toString();
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result = drive(
                    screen,
                    EditDriver.class,
                    sample,
                    System.getProperty("palindrome.pictures.steps", "30"),
                    System.getProperty("palindrome.pictures.strength", "0.8"),
                    System.getProperty("palindrome.pictures.source", SOURCE_PROMPT),
                    System.getProperty("palindrome.pictures.target", TARGET_PROMPT));
            assertEquals("0 ", result.status() + " " + result.err());
        }
        Files.copy(
                SCREENSHOTS.resolve("edit-dialog.png"),
                Files.createDirectories(Path.of(System.getProperty("palindrome.pictures")))
                        .resolve("edit-dialog.png"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes the pictures for the pages on repainting: -Dpalindrome.pictures=docs/images. */
    @Test
    @EnabledIfSystemProperty(named = "palindrome.pictures", matches = ".+")
    void picturesOfRepainting() throws IOException {
        final ImagePlus sample = IJ.openImage("sample-images/phantom-nuclei-8bit.tif");
        // the model was trained on images without background
        sample.getProcessor().subtract(18);
        final String file = home.resolve(sample.getTitle()).toString();
        IJ.saveAsTiff(sample, file);
        try (VirtualDisplay screen = openDisplay()) {
            final ChildJvm.Result result =
                    drive(screen, RepaintDriver.class, file, System.getProperty("palindrome.pictures.steps", "30"));
            assertEquals("0 ", result.status() + " " + result.err());
        }
        for (final String command : List.of("mask", "inpaint", "vary"))
            for (final String name : List.of(command + "-dialog.png", command + "-result.png"))
                Files.copy(
                        SCREENSHOTS.resolve(name),
                        Files.createDirectories(Path.of(System.getProperty("palindrome.pictures")))
                                .resolve(name),
                        StandardCopyOption.REPLACE_EXISTING);
    }

    private static VirtualDisplay openDisplay() throws IOException {
        final Optional<VirtualDisplay> display = VirtualDisplay.open();
        assumeTrue(display.isPresent(), "no display, and Xvfb is not installed");
        return display.get();
    }

    private ChildJvm.Result drive(final VirtualDisplay screen, final Class<?> driver, final String... args)
            throws IOException {
        return drive(screen, Map.of(), driver, args);
    }

    private ChildJvm.Result drive(
            final VirtualDisplay screen,
            final Map<String, String> environment,
            final Class<?> driver,
            final String... args)
            throws IOException {
        final Map<String, String> variables = new HashMap<>(environment);
        variables.put("DISPLAY", screen.name());
        installPlugin();
        Files.createDirectories(SCREENSHOTS);
        return new ChildJvm(home, driverClassPath())
                .option("-Dplugins.dir=" + home)
                .option("-DDJL_CACHE_DIR=" + Path.of(System.getProperty("user.home"), ".djl.ai"))
                .option("-Dslf4j.internal.verbosity=ERROR")
                .run(
                        variables,
                        driver.getName(),
                        Stream.concat(Stream.of(SCREENSHOTS.toString()), Stream.of(args))
                                .toArray(String[]::new));
    }

    /** One jar with an underscore, which names its dependencies as the real one does. */
    private void installPlugin() throws IOException {
        final Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        ChildJvm.testJars().stream()
                                .filter(jar -> !isImageJ(jar) && !isLogger(jar))
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
        try (Stream<Path> classes = Files.list(Path.of("target/test-classes/palindrome/ij1"))) {
            for (final Path file : classes.filter(ImageJWindowTest::isDriver).toList())
                Files.copy(file, folder.resolve(file.getFileName()));
        }
        final Path ij = ChildJvm.testJars().stream()
                .filter(ImageJWindowTest::isImageJ)
                .findFirst()
                .orElseThrow();
        return ij + File.pathSeparator + home.resolve("driver");
    }

    private static boolean isDriver(final Path file) {
        return file.getFileName().toString().matches("(\\w+Driver|ScreenUser|Desktop)(\\$\\w+)?\\.class");
    }

    private static boolean isImageJ(final Path jar) {
        return jar.getFileName().toString().matches("ij-[\\d.]+[a-z]?\\.jar");
    }

    /** The plugin is shipped without one. */
    private static boolean isLogger(final Path jar) {
        return jar.getFileName().toString().startsWith("slf4j-simple-");
    }
}
