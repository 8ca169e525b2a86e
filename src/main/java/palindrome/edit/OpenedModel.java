package palindrome.edit;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Placement;
import palindrome.guide.GuidanceEvaluation;
import palindrome.model.DiffusionModel;
import palindrome.model.Lease;
import palindrome.model.ModelCatalog;
import palindrome.model.ModelChoice;
import palindrome.model.ModelPool;
import palindrome.model.PredictionOpenException;
import palindrome.model.TilePlan;
import palindrome.model.hub.InstalledModels;
import palindrome.model.hub.ModelPlace;
import palindrome.sampler.PredictionType;

/**
 * A model on a device, for any number of operations. Its weights are shared with
 * whoever else has the same model open, and kept for a while after it is closed.
 */
public final class OpenedModel implements AutoCloseable {

    private static final String PREDICTION_QUESTION =
            "This checkpoint does not say what its network predicts, and Stable Diffusion 2 comes in both kinds.\n"
                    + "The answer is kept with the file's hash. With the wrong one, images are noise.";

    private static final Map<String, PredictionType> PREDICTIONS = predictions();

    private final String choice;
    private final RunConfiguration configuration;
    private final List<String> notices;
    private final Lease<DiffusionModel> lease;

    private OpenedModel(
            final String choice,
            final RunConfiguration configuration,
            final List<String> notices,
            final Lease<DiffusionModel> lease) {
        this.choice = choice;
        this.configuration = configuration;
        this.notices = List.copyOf(notices);
        this.lease = lease;
    }

    /**
     * A model in float32.
     *
     * @param model {@code bundled}, the folder of a diffusers checkpoint, a safetensors file, or
     *          {@code owner/name[@revision]} of one in the Hugging Face cache; nothing is
     *          downloaded; more in {@link ModelWords}
     * @param device {@code auto}, {@code cpu}, {@code gpu}, {@code gpu:1} or {@code mps}
     * @param progress told that the model is being loaded
     * @return the model, ready to run
     * @throws IOException if there is no such model, or it cannot be used
     * @throws IllegalArgumentException if there is no such device
     */
    public static OpenedModel open(final String model, final String device, final Progress progress)
            throws IOException {
        return open(model, RunConfiguration.of(DeviceChoice.of(device)), progress);
    }

    /** As above, in a configuration of one's own. NB: half precision on a CPU takes twice to over a hundred times as long. */
    public static OpenedModel open(final String model, final RunConfiguration configuration, final Progress progress)
            throws IOException {
        return open(model, configuration, List.of(), progress);
    }

    /** As above, with what led to the configuration, for the warnings of every record. */
    static OpenedModel open(
            final String model,
            final RunConfiguration configuration,
            final List<String> notices,
            final Progress progress)
            throws IOException {
        progress.stage("Loading the model");
        final ModelChoice asked = ModelChoice.parse(model);
        final InstalledModels installed = InstalledModels.ofProcess();
        final ModelPlace place = installed.locate(asked.model());
        final Optional<ModelPlace> vae = asked.vae().isPresent()
                ? Optional.of(installed.locate(asked.vae().get().toString()))
                : Optional.empty();
        final ModelChoice local =
                asked.at(place.path(), vae.map(ModelPlace::path).orElse("")).lasting();
        final ModelChoice named =
                local.at(place.choice(), vae.map(ModelPlace::choice).orElse(""));
        final Placement placement = new Placement(configuration.device().device(), configuration.precision());
        return new OpenedModel(named.toString(), configuration, notices, lease(local.toString(), placement, progress));
    }

    /** @return what {@link #open} has in memory now, in use or kept for the next time, in order */
    public static List<String> inMemory() {
        return ModelPool.shared().open();
    }

    /** Closes all that is in memory and not in use; what is in use is closed when nobody uses it any more. */
    public static void releaseAll() {
        ModelPool.shared().releaseAll();
    }

    private static Lease<DiffusionModel> lease(final String model, final Placement placement, final Progress progress)
            throws IOException {
        try {
            return ModelPool.shared().lease(model, placement);
        } catch (final PredictionOpenException exc) {
            final OptionalInt answer = progress.choose(PREDICTION_QUESTION, List.copyOf(PREDICTIONS.keySet()));
            if (answer.isEmpty()) throw exc;
            ModelCatalog.rememberPrediction(
                    model, List.copyOf(PREDICTIONS.values()).get(answer.getAsInt()));
            return ModelPool.shared().lease(model, placement);
        }
    }

    private static Map<String, PredictionType> predictions() {
        final Map<String, PredictionType> predictions = new LinkedHashMap<>();
        predictions.put("v (made for 768 pixels)", PredictionType.V_PREDICTION);
        predictions.put("epsilon (made for 512 pixels)", PredictionType.EPSILON);
        return predictions;
    }

    /** @return the words that open this model again, in any program on this computer */
    public String choice() {
        return choice;
    }

    /** @return SHA-256 of the weights, 64 hexadecimal digits */
    public String sha256() throws IOException {
        return model().sha256();
    }

    /** @return channels an image must have: 3 for RGB */
    public int imageChannels() {
        return model().imageChannels();
    }

    /** @return what the sides of a padded image are multiples of */
    public int sizeMultiple() {
        return model().sizeMultiple();
    }

    /** @return the device and why it was taken */
    public DeviceChoice device() {
        return configuration.device();
    }

    /** @return how the networks compute */
    public RunConfiguration configuration() {
        return configuration;
    }

    /** @return this model, guided by one evaluation after the other; it is closed with this one */
    OpenedModel sequential() {
        return new OpenedModel(choice, configuration.with(GuidanceEvaluation.SEQUENTIAL), notices, lease);
    }

    /** @return what there is to say about how this configuration came about; usually nothing */
    public List<String> notices() {
        return notices;
    }

    /** @return whether the model works on latents, which an autoencoder makes of images */
    public boolean hasAutoencoder() {
        return model().autoencoder().isPresent();
    }

    /**
     * @param rows of a state
     * @param columns of a state
     * @return in which windows the networks see such a state in this configuration
     */
    TilePlan tilePlan(final int rows, final int columns) {
        return model().tilePlan(
                        rows,
                        columns,
                        configuration.autoencoder() == AutoencoderTiling.TILED
                                ? TilePlan.LITTLE_MEMORY
                                : TilePlan.USUAL_MEMORY);
    }

    /** @return what has to be the same for the network to give the same bits */
    public ComputeRuntime runtime() {
        return ComputeRuntime.of(configuration);
    }

    /** @return the networks and noise levels, valid until this is closed */
    public DiffusionModel model() {
        return lease.get();
    }

    @Override
    public void close() {
        lease.close();
    }
}
