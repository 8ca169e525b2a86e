package palindrome.model;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small JSON object that remembers something for this user. A file that
 * cannot be read counts as empty and is made anew; one that cannot be written
 * is reported in the log, and what it should remember is found out again.
 *
 * @param file written whole or not at all; need not exist
 */
record SettingsFile(Path file) {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsFile.class);
    private static final int MAX_BYTES = 1 << 20;

    /** @return what is in the file */
    JsonObject read() {
        if (!Files.exists(file)) return new JsonObject();
        try {
            return StrictJson.read(file, MAX_BYTES);
        } catch (final IOException exc) {
            LOG.warn("{} is made anew.", file, exc);
            return new JsonObject();
        }
    }

    /**
     * @param change applied to what is in the file; NB: of two programs that do so at
     *          once, one may be forgotten
     */
    void update(final Consumer<JsonObject> change) {
        final JsonObject all = read();
        change.accept(all);
        final byte[] bytes = new Gson().toJson(all).getBytes(StandardCharsets.UTF_8);
        try {
            AtomicFile.write(file, channel -> {
                final ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) channel.write(buffer);
            });
        } catch (final IOException exc) {
            LOG.warn("{} cannot be written, so it will be found out again next time.", file, exc);
        }
    }
}
