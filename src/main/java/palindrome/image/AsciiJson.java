package palindrome.image;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;

/**
 * JSON in ASCII only. ImageJ 1.54p loses the high byte of every character when it reads the properties of a TIFF file,
 * so anything beyond ASCII has to be written as an escape.
 */
final class AsciiJson {

    static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .serializeSpecialFloatingPointValues()
            .create();

    private AsciiJson() {}

    static String write(JsonElement element) {
        String json = GSON.toJson(element);
        StringBuilder ascii = new StringBuilder(json.length());
        // NB: outside strings JSON is ASCII already, so every character found here is inside one.
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < 0x7f) {
                ascii.append(c);
            } else {
                ascii.append(String.format("\\u%04x", (int) c));
            }
        }
        return ascii.toString();
    }
}
