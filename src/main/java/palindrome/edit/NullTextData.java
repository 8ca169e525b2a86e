package palindrome.edit;

import com.google.gson.Gson;
import com.google.gson.JsonNull;
import java.io.IOException;
import palindrome.guide.NullTextEmbeddings;
import palindrome.image.LatentImage;

/** How the embeddings of null-text inversion travel with a latent image. */
final class NullTextData {

    private static final String MEMBER = "nullText";
    private static final String VALUES = "null-text embeddings";
    private static final Gson GSON = new Gson();

    private NullTextData() {}

    /** What the record says of the embeddings. */
    private record Summary(int nodes, int length, int width, double rmsError, double maxError) {}

    /** @return the latent with the embeddings, marked as approximate */
    static LatentImage addTo(final LatentImage image, final Inversion.NullText nullText) {
        final NullTextEmbeddings embeddings = nullText.embeddings();
        final Summary summary = new Summary(
                embeddings.nodes(), embeddings.length(), embeddings.width(), nullText.rmsError(), nullText.maxError());
        return image.with(image.provenance().with("exact", false).with(MEMBER, GSON.toJsonTree(summary)))
                .with(VALUES, embeddings.values());
    }

    /** @throws IOException if there are no such embeddings, or not as many as the record says */
    static Inversion.NullText read(final LatentImage image) throws IOException {
        final Summary summary =
                InversionImage.parse(image.provenance().get(MEMBER).orElse(JsonNull.INSTANCE), Summary.class);
        final float[] values = image.data(VALUES).orElseThrow(() -> InversionImage.damaged(null));
        try {
            return new Inversion.NullText(
                    new NullTextEmbeddings(summary.nodes(), summary.length(), summary.width(), values),
                    summary.rmsError(),
                    summary.maxError());
        } catch (final IllegalArgumentException exc) {
            throw InversionImage.damaged(exc);
        }
    }
}
