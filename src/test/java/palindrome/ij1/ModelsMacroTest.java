package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.model.TinyModel;
import palindrome.model.hub.HubServer;

/** <i>Diffusion Models...</i> in macros of a real, headless ImageJ, with a hub on this computer. */
class ModelsMacroTest {

    private static final String ID = "someone/tiny-nuclei";
    private static final String UNET = "unet/diffusion_pytorch_model.safetensors";
    private static final String LIST =
            "run('Diffusion Models...'); for (i = 0; i < Table.size; i++) print(Table.getString('Model', i) + '|'"
                    + " + Table.getString('Source', i) + '|' + Table.getString('Licence', i) + '|' + Table.getString('State', i));";
    private static final String BUNDLED = "bundled|bundled|bsd-2-clause|ready\n";

    @TempDir
    private Path folder;

    private HubServer hub;

    @BeforeEach
    void serve() throws IOException {
        hub = new HubServer(ID).folder(TinyModel.write(folder.resolve("original")));
        hub.licence("my licence 1.0").file("LICENSE", "Be kind.");
        // what Python users have, who have no model card
        hub.remove("README.md");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Map<String, String> environment() {
        final Map<String, String> variables = new HashMap<>(hub.environment(folder));
        variables.put("OMP_WAIT_POLICY", "PASSIVE");
        return variables;
    }

    private static String models(final String options) {
        return "run('Diffusion Models...', '" + options + "');";
    }

    private List<String> files(final String... macros) throws IOException {
        final List<String> files = new ArrayList<>();
        for (final String macro : macros)
            files.add(Files.writeString(folder.resolve(files.size() + ".ijm"), macro)
                    .toString());
        return files;
    }

    private ChildJvm child() {
        return new ChildJvm(folder, ChildJvm.testClassPath())
                .option("-DDJL_CACHE_DIR=" + Path.of(System.getProperty("user.home"), ".djl.ai"));
    }

    private ChildJvm.Result run(final String... macros) throws IOException {
        final ChildJvm.Result result = child().run(
                        environment(), ManyMacros.class.getName(), files(macros).toArray(new String[0]));
        assertEquals(0, result.status(), result.err());
        assertFalse((result.out() + result.err()).contains(HubServer.TOKEN), "the token is nobody's business");
        return result;
    }

    /** @param cases macro and what it prints with its end, alternating; a star stands for any text */
    private ChildJvm.Result check(final String... cases) throws IOException {
        final List<String> macros = new ArrayList<>();
        for (int i = 0; i < cases.length; i += 2) macros.add(cases[i]);
        final ChildJvm.Result result = run(macros.toArray(new String[0]));
        final String[] ends = result.out().split("(?m)(?<=^-- .{0,2000}\\R)", -1);
        assertEquals(macros.size() + 1, ends.length, result.out() + result.err());
        for (int i = 0; i < macros.size(); i++) {
            final String[] parts = cases[2 * i + 1].split("\\*", -1);
            int at = 0;
            for (final String part : parts) {
                final int found = ends[i].indexOf(part, at);
                assertTrue(found >= 0 && (at > 0 || found == 0), macros.get(i) + " -> " + ends[i] + result.err());
                at = found + part.length();
            }
        }
        return result;
    }

    @Test
    void fromNothingToAnImageAndBack() throws IOException {
        final String generate =
                "run('Diffusion Generate...', 'model=" + ID + " steps=2 width=16 height=16 prompt=[a cat]');"
                        + " print(getTitle() + ' ' + getMetadata('Info')); close();";
        final ChildJvm.Result result = check(
                LIST,
                BUNDLED + "-- success\n",
                // nothing is downloaded by choosing a model
                generate,
                "-- Macro Error: Diffusion Generate: There is neither a folder " + ID
                        + " nor such a model in the Hugging Face cache (*): check the name, or download it first: run"
                        + " Diffusion Models... with action=download model=" + ID + " in line 1\n",
                models("action=download model=" + ID),
                "-- Macro Error: Diffusion Models: " + ID + " is under the licence my licence 1.0 (" + hub.endpoint()
                        + "/"
                        + ID + "/blob/" + hub.commit() + "/LICENSE): read it, and to accept it and download * kB, add"
                        + " licence=[my licence 1.0] in line 1\n",
                models("action=download licence=mit model=" + ID),
                "-- Macro Error: Diffusion Models: 'licence' is 'mit', but " + ID
                        + " is under the licence my licence 1.0 (*): if you accept that, write licence=[my licence 1.0] in line 1\n",
                models("action=download licence=[my licence 1.0] model=" + ID)
                        + "print(Table.getString('Model', 1) + ' ' + Table.getString('State', 1));",
                ID + " ready\n-- success\n",
                generate,
                "generated *" + ID + "@" + hub.commit() + "*-- success\n",
                models("action=verify model=" + ID)
                        + "for (i = 0; i < Table.size; i++) print(Table.getString('File', i) + ': ' + Table.getString('Result', i));",
                "model_index.json: git SHA-1 matches\n*" + UNET + ": SHA-256 matches\n*-- success\n",
                models("action=release") + models("action=release"),
                "-- success\n",
                models("action=remove model=" + ID),
                "-- Macro Error: Diffusion Models: " + ID
                        + " lies in the Hugging Face cache, which Python programs use as well: to delete it from the disk, add"
                        + " delete=true in line 1\n",
                generate,
                "generated *-- success\n",
                models("action=remove delete model=" + ID) + LIST,
                BUNDLED + "-- success\n",
                models("action=release"),
                "-- success\n");
        assertTrue(
                result.err()
                        .contains("Diffusion Models: Released "
                                + folder.resolve("huggingface/hub/models--someone--tiny-nuclei")),
                result.err());
        assertEquals(1, occurrences(result.err(), "Diffusion Models: Released "), result.err());
        assertEquals(2, occurrences(result.err(), "Diffusion Models: No model was in memory."), result.err());
        assertEquals(1, hub.fetches(UNET).size());
        try (Stream<Path> left = Files.list(folder.resolve("huggingface/hub"))) {
            assertEquals(
                    List.of(".locks"),
                    left.map(path -> path.getFileName().toString()).toList());
        }
    }

    private static int occurrences(final String text, final String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void foldersAndFilesOfTheUser() throws IOException {
        final Path model = folder.resolve("original");
        final Path damaged = TinyModel.write(folder.resolve("damaged"));
        check(
                models("action=add model=[" + model + "]") + LIST,
                BUNDLED + model + "|local|unstated|ready\n-- success\n",
                models("action=add model=[" + model.resolve(UNET) + "]") + "print(Table.size);",
                "3\n-- success\n",
                models("action=add model=[" + folder.resolve("nowhere") + "]"),
                "-- Macro Error: Diffusion Models: There is no folder or file *nowhere to add: check the path in line 1\n",
                models("action=add model=[" + folder + "]"),
                "-- Macro Error: Diffusion Models: * is no diffusion model that Palindrome reads: it has no model_index.json in line 1\n",
                models("action=add"),
                "-- Macro Error: Diffusion Models: 'model' is missing: to add one, write model=[folder or file] or"
                        + " model=owner/name in line 1\n",
                models("action=verify model=bundled") + "if (Table.size > 5) print('all');",
                "all\n-- success\n",
                models("action=add model=[" + damaged + "]") + "print('added');",
                "added\n-- success\n",
                "File.delete('" + damaged.resolve(UNET) + "');" + models("action=verify model=[" + damaged + "]"),
                "1*-- Macro Error: Diffusion Models: * is incomplete: the unet has no diffusion_pytorch_model.safetensors in line 1\n",
                models("action=remove model=[" + damaged + "]") + "print(Table.size);",
                "3\n-- success\n",
                models("action=remove model=[" + damaged + "]"),
                "-- Macro Error: Diffusion Models: '*' is not in the list of what you added, and only that or a download can"
                        + " be removed in line 1\n",
                models("action=remove model=bundled"),
                "-- Macro Error: Diffusion Models: 'bundled' is not in the list");
        assertTrue(Files.exists(damaged.resolve("model_index.json")), "forgotten, not deleted");
        assertEquals(List.of(), hub.requests(), "none of this is the hub's business");
    }

    @Test
    void killedInTheMiddle() throws IOException, InterruptedException {
        hub.fault(UNET, hub.stallAfter(5000));
        final String download = models("action=download licence=[my licence 1.0] model=" + ID);
        final Process child = child().start(
                        environment(),
                        ManyMacros.class.getName(),
                        files(download).toArray(new String[0]));
        final Path part = folder.resolve(
                "huggingface/hub/models--someone--tiny-nuclei/blobs/" + hub.blob(UNET) + ".palindrome.incomplete");
        for (int i = 0; i < 600 && (!Files.exists(part) || Files.size(part) < 5000); i++) Thread.sleep(100);
        child.destroyForcibly().waitFor();
        assertEquals(5000, Files.size(part));
        check(
                LIST,
                BUNDLED + ID + "|Hugging Face cache|unstated|interrupted: download it again to go on\n-- success\n",
                "run('Diffusion Generate...', 'model=" + ID + " steps=2 width=16 height=16 prompt=[a cat]');",
                "-- Macro Error: Diffusion Generate: The download of " + ID
                        + " was interrupted: go on with Diffusion Models..., action=download model=" + ID
                        + " in line 1\n",
                download + models("action=verify model=" + ID) + "print('sound');",
                "sound\n-- success\n");
        assertEquals(
                "bytes=5000-",
                hub.fetches(UNET).get(1).headers().get("Range"),
                "the second one goes on after the first");
    }
}
