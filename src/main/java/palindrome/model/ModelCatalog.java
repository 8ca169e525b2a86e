package palindrome.model;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import palindrome.engine.Placement;
import palindrome.sampler.PredictionType;

/**
 * Opens a model by what the user calls it: {@code bundled}, the path of a folder
 * in diffusers' layout, or of a checkpoint in one safetensors file; a variant of
 * its weights may follow, as in {@code /models/sd#fp16}; with an autoencoder, LoRAs and a word on what the network predicts, as a {@link ModelChoice} writes them.
 */
public final class ModelCatalog {

    /** The model that comes with the plugin. */
    public static final String BUNDLED = "bundled";

    private ModelCatalog() {}

    /**
     * @param choice a {@link ModelChoice} as text
     * @param device where the model will run, in float32
     * @return the model, which the caller closes
     * @throws PredictionOpenException if nothing says what the network predicts
     * @throws ModelException if there is no such model, or it cannot be used
     * @throws IOException if a file cannot be read
     */
    public static DiffusionModel open(final String choice, final Device device) throws IOException {
        return open(choice, Placement.on(device));
    }

    /** As above, in a precision of one's own choice. */
    public static DiffusionModel open(final String choice, final Placement placement) throws IOException {
        return open(ModelChoice.parse(choice), placement, RememberedPredictions.ofUser());
    }

    static DiffusionModel open(
            final ModelChoice choice, final Placement placement, final RememberedPredictions remembered)
            throws IOException {
        if (choice.isBundled())
            return BundledModel.open(placement, checkpoint -> altered(checkpoint, choice, remembered));
        return DiffusionModel.open(altered(checkpoint(choice), choice, remembered), placement, new OwnedResources());
    }

    /**
     * Keeps the user's word on what a model's network predicts, for this and every
     * later time that the same file is opened.
     *
     * @param choice a {@link ModelChoice} as text
     * @param type what the network predicts
     * @throws IOException if the model's file cannot be read
     */
    public static void rememberPrediction(final String choice, final PredictionType type) throws IOException {
        RememberedPredictions.ofUser().remember(fileHash(checkpoint(ModelChoice.parse(choice))), type);
    }

    /** Stamps of all files the choice depends on; if they are equal, so is the model. */
    static List<FileStamp> stamps(final ModelChoice choice) throws IOException {
        final List<Path> files = new ArrayList<>();
        if (!choice.isBundled()) {
            final CheckpointPath path = CheckpointPath.of(choice.model());
            if (path.isFile()) files.add(path.path());
            else files.addAll(checkpoint(choice).files());
        }
        if (choice.vae().isPresent())
            files.addAll(VaeCheckpoint.files(choice.vae().get()));
        for (final LoraChoice lora : choice.loras()) files.add(lora.file());
        return FileStamp.of(files);
    }

    private static Checkpoint checkpoint(final ModelChoice choice) throws IOException {
        final CheckpointPath place = CheckpointPath.of(choice.model());
        if (!place.isFile()) return DiffusersFolder.open(place.path(), place.variant());
        ForeignFormat.check(place.path());
        final SingleFile file = SingleFile.open(place.path(), place.variant());
        if (!file.has("unet"))
            throw new ModelException(place.path() + " is no whole model, but the " + file.description()
                    + " alone. Choose the model that it belongs to"
                    + (file.has("vae") ? ", and give this file as vae=" + place.path() + "." : "."));
        return file;
    }

    private static Checkpoint altered(
            final Checkpoint base, final ModelChoice choice, final RememberedPredictions remembered)
            throws IOException {
        Checkpoint checkpoint = stated(base, choice, remembered);
        if (choice.vae().isPresent())
            checkpoint = VaeCheckpoint.of(checkpoint, choice.vae().get());
        for (final LoraChoice lora : choice.loras()) checkpoint = LoraCheckpoint.of(checkpoint, lora);
        return checkpoint;
    }

    /** The checkpoint, with what is known about its prediction from elsewhere where it is silent. */
    static Checkpoint stated(final Checkpoint base, final ModelChoice choice, final RememberedPredictions remembered)
            throws IOException {
        if (choice.prediction().isPresent())
            return new StatedPrediction(base, choice.prediction().get());
        if (!base.leavesPredictionTypeOpen()) return base;
        final Optional<PredictionType> known = remembered.get(fileHash(base));
        if (known.isEmpty()) throw new PredictionOpenException(base.toString());
        return new StatedPrediction(base, known.get());
    }

    /** What predictions are remembered by. */
    static String fileHash(final Checkpoint checkpoint) throws IOException {
        return new WeightsHash(checkpoint.weightFiles(List.of("unet")), "", RememberedHashes.ofUser()).hex();
    }
}
