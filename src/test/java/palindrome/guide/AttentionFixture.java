package palindrome.guide;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import palindrome.model.ClipTokenizer;
import palindrome.model.PromptTokens;
import palindrome.network.ReferenceTensors;

/** The fixture {@code p2p_mappers}: prompts, and what the original code makes of them. */
final class AttentionFixture implements AutoCloseable {

    static final int LENGTH = 77;

    private final ClipTokenizer tokenizer;
    private final List<JsonElement> cases;
    private final ReferenceTensors tensors;

    AttentionFixture(final NDManager manager) throws IOException {
        tokenizer = ClipTokenizer.open(Path.of("src/test/resources/reference/clip_tokenizer"));
        cases = ReferenceTensors.json("p2p_mappers/case.json")
                .getAsJsonArray("cases")
                .asList();
        tensors = ReferenceTensors.read(manager, DataType.FLOAT32, "p2p_mappers/case.safetensors");
    }

    List<JsonObject> cases() {
        return cases.stream().map(JsonElement::getAsJsonObject).toList();
    }

    /** @param which 0 for the source, 1 for the target */
    PromptTokens prompt(final JsonObject one, final int which) {
        return tokenizer.words(one.getAsJsonArray("prompts").get(which).getAsString());
    }

    boolean has(final JsonObject one, final String name) {
        return tensors.contains(one.get("k").getAsInt() + "." + name);
    }

    float[] floats(final JsonObject one, final String name) {
        return tensors.get(one.get("k").getAsInt() + "." + name).toFloatArray();
    }

    long[] longs(final JsonObject one, final String name) {
        return tensors.get(one.get("k").getAsInt() + "." + name).toLongArray();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
