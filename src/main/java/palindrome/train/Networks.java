package palindrome.train;

import ai.djl.ndarray.NDArray;
import java.util.function.Function;
import palindrome.network.CLIPTextConfig;
import palindrome.network.CLIPTextModel;
import palindrome.network.Conditioning;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;

/**
 * The denoiser and its text encoder over one set of parameters.
 *
 * @param unet the denoiser
 * @param text the text encoder
 */
record Networks(UNet2DConditionModel unet, CLIPTextModel text) implements Denoiser, AutoCloseable {

    /**
     * @param parameters of both networks
     * @param part which array of a parameter to compute with
     */
    static Networks over(
            final UNet2DConditionConfig unetConfig,
            final CLIPTextConfig textConfig,
            final TrainedParameters parameters,
            final Function<TrainedParameter, NDArray> part) {
        return new Networks(
                new UNet2DConditionModel(unetConfig, new ArrayWeights(parameters.trained(part))),
                new CLIPTextModel(textConfig, new ArrayWeights(parameters.frozen())));
    }

    @Override
    public NDArray predict(final Batch batch) {
        try (NDArray context = text.lastHiddenState(batch.tokens())) {
            return unet.forward(batch.noisy(), batch.timesteps(), new Conditioning.Text(context));
        }
    }

    @Override
    public void close() {
        unet.close();
        text.close();
    }
}
