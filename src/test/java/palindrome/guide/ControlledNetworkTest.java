package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;
import palindrome.network.Conditioning;
import palindrome.network.ControlNetConfig;
import palindrome.network.ControlNetModel;
import palindrome.network.ControlScale;
import palindrome.network.ReferenceTensors;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.CleanNode;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoiseSchedule;
import palindrome.sampler.PredictionType;
import palindrome.sampler.Predictor;
import palindrome.sampler.Sampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.StepListener;
import palindrome.sampler.TimestepSpacing;

/** A ControlNet around a UNet: the fixture's answer, nothing left behind, and a way back that is still exact. */
class ControlledNetworkTest {

    private static final NodeGrid GRID = NodeGrid.of(
            NoiseSchedule.scaledLinear(1000, 0.00085, 0.012), TimestepSpacing.LEADING, 4, 1, CleanNode.NOISE_FREE);

    @Test
    void answersAsDiffusersDoesAndInversionStaysExact() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DConditionModel unet = unet(manager);
                ControlNetModel control = control(manager)) {
            final ReferenceTensors reference =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "controlnet/case.safetensors");
            final ControlledNetwork controlled =
                    new ControlledNetwork(unet, control, reference.get("0.controlnet_cond"), ControlScale.uniform(1));
            final NDArray sample = reference.get("0.sample");
            final Conditioning text = Told.text(reference.get("0.encoder_hidden_states"));
            final NDArray timesteps = Tensors.cast(reference.get("0.timestep"), DataType.FLOAT32);
            controlled.forward(sample, timesteps, text).close();
            final NDArray expected = reference.get("0.out.unet_with_control");
            final int before = manager.getManagedArrays().size();
            final NDArray out = controlled.forward(sample, timesteps, text);
            assertEquals(before + 1, manager.getManagedArrays().size());
            final double scale = Math.max(1, expected.abs().max().getFloat());
            assertTrue(expected.sub(out).abs().max().getFloat() <= 3e-5 * scale);

            final ContextNoise noise = new NetworkNoise(controlled, PredictionType.EPSILON, GRID, () -> {});
            final Predictor predictor = (state, node) -> noise.epsilon(state, node, text);
            final Sampler sampler = SamplerChoice.of("O-BELM").create(SamplerSettings.defaults());
            final NDArray image =
                    Tensors.cast(sample, DataType.FLOAT64).mul(1 << 20).round().div(1 << 20);
            final Latent noisy = sampler.invert(image, GRID, predictor, StepListener.NONE);
            final Latent clean = sampler.sample(noisy, GRID, predictor, StepListener.NONE);
            assertArrayEquals(image.toDoubleArray(), clean.image().toDoubleArray());
        }
    }

    /** As guidance asks for on a GPU: one control image for both. */
    @Test
    void samplesShareOneControlImage() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DConditionModel unet = unet(manager);
                ControlNetModel control = control(manager)) {
            final ReferenceTensors reference =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "controlnet/case.safetensors");
            final NDArray image = reference.get("0.controlnet_cond").get("0:1");
            final NDArray sample = reference.get("0.sample").get("0:1");
            final NDArray states = reference.get("0.encoder_hidden_states").get("0:1");
            final NDArray timestep =
                    Tensors.cast(reference.get("0.timestep"), DataType.FLOAT32).get("0:1");
            final ControlledNetwork controlled = new ControlledNetwork(unet, control, image, ControlScale.uniform(1));
            final NDArray one = controlled.forward(sample, timestep, Told.text(states));
            final NDArray samples = sample.concat(sample);
            final NDArray timesteps = timestep.concat(timestep);
            final Conditioning texts = Told.text(states.concat(states));
            final int before = manager.getManagedArrays().size();
            final NDArray both = controlled.forward(samples, timesteps, texts);
            assertEquals(before + 1, manager.getManagedArrays().size());
            assertTrue(both.sub(one.concat(one)).abs().max().getFloat() <= 1e-4);
        }
    }

    @Test
    void aUNetOfAnotherKindIsExplained() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DConditionModel other = ReferenceNetwork.open(manager);
                ControlNetModel control = control(manager)) {
            final ReferenceTensors reference =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "controlnet/case.safetensors");
            final ControlledNetwork controlled =
                    new ControlledNetwork(other, control, reference.get("0.controlnet_cond"), ControlScale.uniform(1));
            final String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> controlled.forward(
                                    reference.get("0.sample"),
                                    Tensors.cast(reference.get("0.timestep"), DataType.FLOAT32),
                                    Told.text(reference.get("0.encoder_hidden_states"))))
                    .getMessage();
            assertTrue(message.contains("9 residuals, but the UNet has 6 places"), message);
        }
    }

    private static UNet2DConditionModel unet(final NDManager manager) throws IOException {
        return new UNet2DConditionModel(
                UNet2DConditionConfig.fromJson(ReferenceTensors.json("unet_sd1/config.json")),
                ReferenceTensors.read(manager, DataType.FLOAT32, "unet_sd1/diffusion_pytorch_model.safetensors"));
    }

    private static ControlNetModel control(final NDManager manager) throws IOException {
        return new ControlNetModel(
                ControlNetConfig.fromJson(ReferenceTensors.json("controlnet/config.json")),
                ReferenceTensors.read(manager, DataType.FLOAT32, "controlnet/diffusion_pytorch_model.safetensors"));
    }
}
