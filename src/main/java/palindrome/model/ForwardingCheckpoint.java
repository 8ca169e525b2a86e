package palindrome.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A checkpoint like another one but for what a subclass changes. */
abstract class ForwardingCheckpoint implements Checkpoint {

    private final Checkpoint base;

    ForwardingCheckpoint(final Checkpoint base) {
        this.base = base;
    }

    @Override
    public String name() {
        return base.name();
    }

    @Override
    public List<String> components() {
        return base.components();
    }

    @Override
    public boolean has(final String component) {
        return base.has(component);
    }

    @Override
    public boolean holds(final String component) {
        return base.holds(component);
    }

    @Override
    public String className(final String component) throws ModelException {
        return base.className(component);
    }

    @Override
    public Optional<JsonElement> option(final String key) {
        return base.option(key);
    }

    @Override
    public JsonObject config(final String component, final String file) throws IOException {
        return base.config(component, file);
    }

    @Override
    public StoredTensors tensors(final String component) throws IOException {
        return base.tensors(component);
    }

    @Override
    public TokenizerFiles tokenizer(final String component) throws IOException {
        return base.tokenizer(component);
    }

    @Override
    public List<Path> weightFiles(final List<String> components) throws IOException {
        return base.weightFiles(components);
    }

    @Override
    public String alterations() {
        return base.alterations();
    }

    @Override
    public boolean leavesPredictionTypeOpen() {
        return base.leavesPredictionTypeOpen();
    }

    @Override
    public List<Path> files() throws IOException {
        return base.files();
    }

    @Override
    public ModelCard card() throws IOException {
        return base.card();
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
