package palindrome.edit;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import palindrome.image.LatentImage;
import palindrome.image.LatentOrigin;
import palindrome.image.LatentShape;
import palindrome.image.LatentState;
import palindrome.image.Provenance;
import palindrome.model.TilePlan;
import palindrome.sampler.End;
import palindrome.sampler.LatentHealth;
import palindrome.sampler.Lattice;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.StoredLatent;

/** Between an inversion and the latent image that users save, close and open again. */
public final class InversionImage {

    private static final String PLACE = "place";
    private static final String HEALTH = "health";
    private static final String PLAN = "tiles";
    private static final String AUTOENCODER = "autoencoderError";
    private static final String CONTROLS = "controls";
    private static final String CONTROL_IMAGE = "control image";
    private static final String PSNR = "autoencoderPsnr";
    private static final Gson GSON =
            new GsonBuilder().serializeSpecialFloatingPointValues().create();

    private InversionImage() {}

    /** Where on its walk a latent stands. */
    private record Place(List<Integer> nodes, End end, End anchor) {}

    /**
     * @param inversion what was made of an image
     * @param origin the image
     * @return both, with the record of the run
     */
    public static LatentImage of(final Inversion inversion, final LatentOrigin origin) {
        return of(inversion, origin, Optional.empty());
    }

    /**
     * As above, with what the way back was measured to lose.
     *
     * @param error of the way back, recorded if it is there
     */
    public static LatentImage of(
            final Inversion inversion, final LatentOrigin origin, final Optional<RoundTripError> error) {
        final StoredLatent latent = inversion.latent();
        if (latent.fractionBits() != Lattice.DEFAULT_FRACTION_BITS)
            throw new IllegalArgumentException("Latent images hold lattices of 2^-" + Lattice.DEFAULT_FRACTION_BITS
                    + ", not 2^-" + latent.fractionBits() + ".");
        final List<LatentState> states = new ArrayList<>();
        for (int slot = 0; slot < latent.states().size(); slot++)
            states.add(
                    new LatentState(latent.states().get(slot), latent.scales().get(slot)));
        final long[] shape = latent.shape();
        final Provenance provenance = withAutoencoder(provenance("invert", inversion.record()), inversion)
                .with(PLACE, GSON.toJsonTree(new Place(latent.nodes(), latent.end(), latent.anchor())))
                .with(HEALTH, GSON.toJsonTree(inversion.health()))
                .with(PLAN, GSON.toJsonTree(inversion.plan()));
        final LatentImage image = new LatentImage(
                new LatentShape((int) shape[1], (int) shape[2], (int) shape[3]),
                states,
                origin,
                error.isPresent() ? provenance.with("roundTripError", GSON.toJsonTree(error.get())) : provenance);
        final LatentImage complete = inversion
                .control()
                .map(control -> image.with(CONTROL_IMAGE, control.image().values()))
                .orElse(image);
        return inversion
                .nullText()
                .map(nullText -> NullTextData.addTo(complete, nullText))
                .orElse(complete);
    }

    /**
     * @param image what {@link #of} made, saved and opened any number of times
     * @return the same inversion, to the last bit
     * @throws IOException if the image is a latent, but not an inversion
     */
    public static Inversion read(final LatentImage image) throws IOException {
        final LatentOrigin origin = image.origin()
                .orElseThrow(() -> new IOException(
                        "The latent does not say what image it was made of. Make one with Diffusion Invert."));
        final Provenance provenance = image.provenance();
        final JsonElement json = JsonParser.parseString(provenance.toJson());
        final Optional<Control> control = control(image);
        // Latents written before there were control images have no list of them.
        if (control.isEmpty()) json.getAsJsonObject().add(CONTROLS, new JsonArray());
        final Place place = parse(provenance.get(PLACE).orElse(JsonNull.INSTANCE), Place.class);
        final RunRecord record = parse(json, RunRecord.class);
        final LatentShape shape = image.shape();
        // Latents written before there were windows were made in one, and by models without an autoencoder.
        final Optional<JsonElement> plan = provenance.get(PLAN);
        final Optional<JsonElement> lost = provenance.get(AUTOENCODER);
        return new Inversion(
                record,
                origin.padding(),
                plan.isPresent() ? parse(plan.get(), TilePlan.class) : TilePlan.whole(shape.height(), shape.width()),
                new StoredLatent(
                        new long[] {1, shape.channels(), shape.height(), shape.width()},
                        image.states().stream().map(LatentState::values).toList(),
                        image.states().stream().map(LatentState::scale).toList(),
                        place.nodes(),
                        place.end(),
                        place.anchor(),
                        Lattice.DEFAULT_FRACTION_BITS),
                parse(provenance.get(HEALTH).orElse(new JsonObject()), LatentHealth.class),
                record.sampler().equals(SamplerChoice.NULL_TEXT.label())
                        ? Optional.of(NullTextData.read(image))
                        : Optional.empty(),
                lost.isPresent() ? Optional.of(parse(lost.get(), RoundTripError.class)) : Optional.empty(),
                control);
    }

    /** The control image and what the record says of it. */
    private static Optional<Control> control(final LatentImage image) throws IOException {
        final JsonElement records = image.provenance().get(CONTROLS).orElseGet(JsonArray::new);
        final Optional<float[]> values = image.data(CONTROL_IMAGE);
        if (!records.isJsonArray() || records.getAsJsonArray().size() != (values.isPresent() ? 1 : 0))
            throw damaged(null);
        if (values.isEmpty()) return Optional.empty();
        return Optional.of(
                parse(records.getAsJsonArray().get(0), ControlRecord.class).with(values.get()));
    }

    /**
     * @param provenance a record
     * @param inversion what was made of an image, or what an image was made of
     * @return the record with what the autoencoder alone lost, if the model has one
     */
    public static Provenance withAutoencoder(final Provenance provenance, final Inversion inversion) {
        return inversion
                .autoencoderError()
                .map(error ->
                        provenance.with(AUTOENCODER, GSON.toJsonTree(error)).with(PSNR, error.psnr()))
                .orElse(provenance);
    }

    /**
     * @param operation what was done
     * @param record how
     * @return the record as provenance
     */
    public static Provenance provenance(final String operation, final RunRecord record) {
        Provenance provenance = Provenance.of(operation);
        for (final Map.Entry<String, JsonElement> entry :
                GSON.toJsonTree(record).getAsJsonObject().entrySet())
            provenance = provenance.with(entry.getKey(), entry.getValue());
        for (final ControlRecord control : record.controls())
            provenance = provenance.with("control", control.toString());
        return provenance;
    }

    /** NB: left to itself, Gson takes what is missing for null, or for 0, which would be a guidance like any other. */
    static <T extends Record> T parse(final JsonElement json, final Class<T> type) throws IOException {
        requireAll(json, type);
        try {
            return GSON.fromJson(json, type);
        } catch (final RuntimeException exc) {
            // NB: Gson wraps what the constructor of a record throws in a plain RuntimeException.
            throw damaged(exc);
        }
    }

    private static void requireAll(final JsonElement json, final Class<?> type) throws IOException {
        if (json == null || !json.isJsonObject()) throw damaged(null);
        for (final RecordComponent component : type.getRecordComponents()) {
            final JsonElement value = json.getAsJsonObject().get(component.getName());
            if (value == null || value.isJsonNull()) throw damaged(null);
            if (component.getType().isRecord()) requireAll(value, component.getType());
        }
    }

    static IOException damaged(final Throwable cause) {
        return new IOException(
                "The record in the latent image is damaged. Open the saved latent again, or make a new one with"
                        + " Diffusion Invert.",
                cause);
    }
}
