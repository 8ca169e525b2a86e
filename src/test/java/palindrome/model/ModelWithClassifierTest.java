package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.network.CaptionClassifier;

/** The optional component {@code classifier} of a model folder. */
class ModelWithClassifierTest {

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void write() throws IOException {
        folder = TinyModel.writeWithClassifier(Files.createDirectory(temp.resolve("tiny")));
    }

    private DiffusionModel open() throws IOException {
        return ModelCatalog.open(folder.toString(), Device.cpu());
    }

    @Test
    void aModelMayHaveOne() throws IOException {
        try (DiffusionModel model = open()) {
            final CaptionClassifier classifier = model.classifier().orElseThrow();
            assertEquals(
                    Map.of("animal", List.of("cat", "dog"), "number", List.of("one", "many")),
                    classifier.config().attributes());
        }
        try (DiffusionModel without = ModelCatalog.open(
                TinyModel.write(Files.createDirectory(temp.resolve("without"))).toString(), Device.cpu())) {
            assertFalse(without.classifier().isPresent());
        }
    }

    /** A latent made with one classifier must not be taken back with another. */
    @Test
    void itsWeightsArePartOfTheHash() throws IOException {
        final String before;
        try (DiffusionModel model = open()) {
            before = model.sha256();
        }
        final Path weights = folder.resolve("classifier/model.safetensors");
        final byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        try (DiffusionModel model = open()) {
            assertNotEquals(before, model.sha256());
        }
    }

    @Test
    void whatDoesNotFitIsNamed() throws IOException {
        edit("classifier/config.json", json -> json.addProperty("in_channels", 4));
        assertRefused("the UNet has in_channels = 12, the classifier in_channels = 4");
        edit("classifier/config.json", json -> {
            json.addProperty("in_channels", 12);
            json.add("block_out_channels", JsonParser.parseString("[8, 12]"));
        });
        assertRefused("do not fit the classifier of config.json");
        edit("classifier/config.json", json -> json.remove("attributes"));
        assertRefused("config.json cannot be used. The option attributes = null");
        edit(
                "model_index.json",
                json -> json.add("classifier", JsonParser.parseString("['palindrome', 'OtherClassifier']")));
        assertRefused("is a OtherClassifier, which is not supported; supported is CaptionClassifier.");
        write("again");
        Files.delete(folder.resolve("classifier/model.safetensors"));
        assertRefused("there is no model.safetensors");
        Files.delete(folder.resolve("classifier/config.json"));
        assertRefused("config.json is missing");
        Files.delete(folder.resolve("classifier"));
        assertRefused("classifier is missing");
    }

    private void write(final String name) throws IOException {
        folder = TinyModel.writeWithClassifier(Files.createDirectory(temp.resolve(name)));
    }

    private void edit(final String file, final Consumer<JsonObject> change) throws IOException {
        final JsonObject json = StrictJson.read(folder.resolve(file), 1 << 20);
        change.accept(json);
        Files.writeString(folder.resolve(file), json.toString());
    }

    private void assertRefused(final String part) {
        final ModelException exc = assertThrows(ModelException.class, () -> open().close());
        assertTrue(exc.getMessage().contains(part), exc.getMessage());
    }
}
