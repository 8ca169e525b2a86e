package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import palindrome.engine.Tensors;
import palindrome.model.ClipTokenizer;
import palindrome.model.DiffusersFolder;
import palindrome.model.SafetensorsWriter;
import palindrome.model.SchedulerConfig;
import palindrome.network.CLIPTextConfig;
import palindrome.network.CLIPTextModel;
import palindrome.network.Conditioning;
import palindrome.network.ControlNetModel;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;

/**
 * A ControlNet in training (Zhang et al. 2023): it begins as a copy of the way down of a model that stays as it is, and
 * hears of a crop's drawing what the model should show. It is shipped in half precision, which halves its size and which
 * its outputs, small beside what they are added to, do not notice.
 */
final class ControlDenoiser implements TrainedDenoiser {

    private static final long FIRST_SEED = 1;
    private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

    private final ControlRecipe recipe;
    private final Path folder;
    private final SchedulerConfig scheduler;
    private final ClipTokenizer tokenizer;
    private final UNet2DConditionModel unet;
    private final CLIPTextModel text;
    private final TrainedParameters parameters;
    private final ControlNetModel live;
    private final ControlNetModel averaged;

    /**
     * @param recipe the ControlNet
     * @param model folder of the model to steer
     * @param folder where the ControlNet is written; its configuration is there at once
     * @param manager owner of the parameters, on the device to train on
     * @throws IOException if the folder cannot be written, or the model cannot be read
     */
    ControlDenoiser(final ControlRecipe recipe, final Path model, final Path folder, final NDManager manager)
            throws IOException {
        this.recipe = recipe;
        this.folder = Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"),
                new GsonBuilder().setPrettyPrinting().create().toJson(recipe.configJson()) + "\n");
        final DiffusersFolder files = DiffusersFolder.open(model);
        scheduler = SchedulerConfig.fromJson(files.config("scheduler", "scheduler_config.json"));
        tokenizer = ClipTokenizer.open(model.resolve("tokenizer"));
        final PretrainedWeights pretrained = new PretrainedWeights(model);
        final UNet2DConditionConfig unetConfig = UNet2DConditionConfig.fromJson(files.config("unet", "config.json"));
        final CLIPTextConfig textConfig = CLIPTextConfig.fromJson(files.config("text_encoder", "config.json"));
        unet = new UNet2DConditionModel(
                unetConfig,
                new ArrayWeights(pretrained.unet(
                        UNet2DConditionModel.parameterShapes(unetConfig).keySet(), manager)));
        text = new CLIPTextModel(
                textConfig,
                new ArrayWeights(pretrained.text(
                        CLIPTextModel.parameterShapes(textConfig).keySet(), manager)));
        final Map<String, NDArray> control =
                FreshWeights.draw(ControlNetModel.parameterShapes(recipe.config()), manager, new Random(FIRST_SEED));
        pretrained.copyUnetTo(control);
        parameters = new TrainedParameters("controlnet", TrainedParameter.startingAt(control), Map.of());
        live = over(TrainedParameter::weight);
        averaged = over(TrainedParameter::average);
    }

    private ControlNetModel over(final Function<TrainedParameter, NDArray> part) {
        return new ControlNetModel(recipe.config(), new ArrayWeights(parameters.trained(part)));
    }

    private NDArray predict(final ControlNetModel control, final Batch batch) {
        try (NDArray states = text.lastHiddenState(batch.tokens())) {
            final Conditioning told = new Conditioning.Text(states);
            try (ControlNetModel.Residuals residuals =
                    control.forward(batch.noisy(), batch.timesteps(), told, batch.drawings())) {
                return unet.forward(batch.noisy(), batch.timesteps(), told, residuals);
            }
        }
    }

    @Override
    public TrainedParameters parameters() {
        return parameters;
    }

    @Override
    public Denoiser live() {
        return batch -> predict(live, batch);
    }

    @Override
    public Denoiser averaged() {
        return batch -> predict(averaged, batch);
    }

    @Override
    public CaptionEncoder captions() {
        return new CaptionEncoder(tokenizer);
    }

    @Override
    public SchedulerConfig scheduler() {
        return scheduler;
    }

    @Override
    public void export() throws IOException {
        final NDArray first = parameters.trained().values().iterator().next().average();
        try (NDManager scope = first.getManager().newSubManager()) {
            final SafetensorsWriter writer = new SafetensorsWriter();
            parameters.trained(TrainedParameter::average).forEach((name, average) -> {
                final NDArray half = Tensors.cast(average, DataType.FLOAT16);
                half.attach(scope);
                writer.tensor(name, half);
            });
            writer.write(folder.resolve(WEIGHTS));
        }
    }

    @Override
    public void close() {
        live.close();
        averaged.close();
        unet.close();
        text.close();
        tokenizer.close();
    }
}
