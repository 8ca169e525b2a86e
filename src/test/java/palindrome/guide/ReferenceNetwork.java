package palindrome.guide;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import palindrome.network.ReferenceTensors;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;

/** The UNet of the {@code pipeline} fixture, which predicts ε. */
final class ReferenceNetwork {

    private ReferenceNetwork() {}

    static UNet2DConditionModel open(final NDManager manager) throws IOException {
        return new UNet2DConditionModel(
                UNet2DConditionConfig.fromJson(ReferenceTensors.json("pipeline/unet/config.json")),
                ReferenceTensors.read(manager, DataType.FLOAT32, "pipeline/unet/diffusion_pytorch_model.safetensors"));
    }
}
