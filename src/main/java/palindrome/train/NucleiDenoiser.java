package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import palindrome.model.ClipTokenizer;
import palindrome.model.SchedulerConfig;
import palindrome.network.CLIPTextModel;
import palindrome.network.UNet2DConditionModel;

/** The bundled model in training. */
final class NucleiDenoiser implements TrainedDenoiser {

    private static final long FIRST_SEED = 1;

    private final NucleiRecipe recipe;
    private final ModelExport export;
    private final ClipTokenizer tokenizer;
    private final TrainedParameters parameters;
    private final Networks live;
    private final Networks averaged;

    /**
     * @param recipe the model
     * @param folder where it is written; its configuration is there at once
     * @param beginning a model to begin with, in place of untrained weights
     * @param manager owner of the parameters, on the device to train on
     * @throws IOException if the folder cannot be written, or the other model cannot be read
     */
    NucleiDenoiser(
            final NucleiRecipe recipe,
            final Path folder,
            final Optional<PretrainedWeights> beginning,
            final NDManager manager)
            throws IOException {
        this.recipe = recipe;
        export = new ModelExport(folder, recipe);
        export.writeConfiguration();
        tokenizer = ClipTokenizer.open(export.tokenizerFolder());
        final Random random = new Random(FIRST_SEED);
        final Map<String, NDArray> unet =
                FreshWeights.draw(UNet2DConditionModel.parameterShapes(recipe.unet()), manager, random);
        final Map<String, NDArray> text =
                FreshWeights.draw(CLIPTextModel.parameterShapes(recipe.text()), manager, random);
        try (CLIPTextModel untrained = new CLIPTextModel(recipe.text(), new ArrayWeights(text))) {
            new CaptionCentre(captions(), untrained).applyTo(unet, manager);
        }
        if (beginning.isPresent()) beginning.get().copyTo(unet, text);
        parameters = new TrainedParameters("unet", TrainedParameter.startingAt(unet), text);
        live = Networks.over(recipe.unet(), recipe.text(), parameters, TrainedParameter::weight);
        averaged = Networks.over(recipe.unet(), recipe.text(), parameters, TrainedParameter::average);
    }

    @Override
    public TrainedParameters parameters() {
        return parameters;
    }

    @Override
    public Denoiser live() {
        return live;
    }

    @Override
    public Denoiser averaged() {
        return averaged;
    }

    @Override
    public CaptionEncoder captions() {
        return new CaptionEncoder(tokenizer);
    }

    @Override
    public SchedulerConfig scheduler() {
        return recipe.scheduler();
    }

    @Override
    public void export() throws IOException {
        export.writeWeights(parameters);
    }

    @Override
    public void close() {
        live.close();
        averaged.close();
        tokenizer.close();
    }
}
