package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

class ControlNetModelTest {

    private static final double TOLERANCE = 3e-5;

    @ParameterizedTest
    @CsvSource({"0, 1.0", "1, 0.7"})
    void residualsAndTheControlledUNetEqualDiffusers(final int k, final double scale) throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                ControlNetModel control = control(config(), manager);
                UNet2DConditionModel unet = unet(manager)) {
            final ReferenceTensors reference = reference(manager);
            final NDArray sample = reference.get(k + ".sample");
            final NDArray timesteps = timesteps(reference, k);
            final Conditioning text = text(reference, k);
            try (ControlNetModel.Residuals full =
                            control.forward(sample, timesteps, text, reference.get(k + ".controlnet_cond"));
                    ControlNetModel.Residuals scaled = full.scaled(ControlScale.uniform(scale))) {
                assertEquals(9, scaled.down().size());
                for (int i = 0; i < 9; i++)
                    assertClose(
                            reference.get(k + ".out.down." + i), scaled.down().get(i));
                assertClose(reference.get(k + ".out.mid"), scaled.mid());
                assertClose(reference.get(k + ".out.unet_with_control"), unet.forward(sample, timesteps, text, scaled));
            }
            assertClose(reference.get(k + ".out.unet_without"), unet.forward(sample, timesteps, text));
        }
    }

    /** In guess mode residuals grow from a tenth to the whole in equal ratios. */
    @Test
    void guessModeEqualsDiffusers() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                ControlNetModel control = control(config(), manager)) {
            final ReferenceTensors reference = reference(manager);
            try (ControlNetModel.Residuals full = control.forward(
                            reference.get("0.sample"),
                            timesteps(reference, 0),
                            text(reference, 0),
                            reference.get("0.controlnet_cond"));
                    ControlNetModel.Residuals guessed = full.scaled(ControlScale.guess(1))) {
                for (int i = 0; i < guessed.down().size(); i++) {
                    final float[] expected =
                            reference.get("0.out.guess.absmax_and_first." + i).toFloatArray();
                    final NDArray actual = guessed.down().get(i);
                    assertEquals(expected[0], actual.abs().max().getFloat(), 3e-5);
                    assertEquals(expected[1], actual.flatten().getFloat(0), 3e-5);
                }
                assertEquals(
                        full.mid().abs().max().getFloat(),
                        guessed.mid().abs().max().getFloat());
            }
        }
    }

    /** A network trained on blue first sees what another sees in the reversed image; pooled residuals are means. */
    @Test
    void channelOrderAndPoolingFollowTheConfiguration() throws IOException {
        final JsonObject json = ReferenceTensors.json("controlnet/config.json");
        json.addProperty("controlnet_conditioning_channel_order", "bgr");
        json.addProperty("global_pool_conditions", true);
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                ControlNetModel plain = control(config(), manager);
                ControlNetModel other = control(ControlNetConfig.fromJson(json), manager)) {
            final ReferenceTensors reference = reference(manager);
            final NDArray sample = reference.get("0.sample");
            final NDArray image = reference.get("0.controlnet_cond");
            final NDArray reversed =
                    image.get(":, 2:3").concat(image.get(":, 1:2"), 1).concat(image.get(":, 0:1"), 1);
            try (ControlNetModel.Residuals a =
                            plain.forward(sample, timesteps(reference, 0), text(reference, 0), image);
                    ControlNetModel.Residuals b =
                            other.forward(sample, timesteps(reference, 0), text(reference, 0), reversed)) {
                for (int i = 0; i < a.down().size(); i++)
                    assertClose(
                            a.down().get(i).mean(new int[] {3}, true).mean(new int[] {2}, true),
                            b.down().get(i));
                assertEquals(new Shape(1, 64, 1, 1), b.mid().getShape());
            }
        }
    }

    @Test
    void leavesOnlyTheResidualsBehind() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                ControlNetModel control = control(config(), manager)) {
            final ReferenceTensors reference = reference(manager);
            final NDArray sample = reference.get("0.sample");
            final NDArray image = reference.get("0.controlnet_cond");
            final NDArray timesteps = timesteps(reference, 0);
            final Conditioning text = text(reference, 0);
            control.forward(sample, timesteps, text, image).close();
            final int before = manager.getManagedArrays().size();
            for (int i = 0; i < 2; i++)
                try (ControlNetModel.Residuals residuals = control.forward(sample, timesteps, text, image)) {
                    assertEquals(before + 10, manager.getManagedArrays().size());
                }
            assertEquals(before, manager.getManagedArrays().size());
        }
    }

    @Test
    void aWrongImageAndAWrongUNetAreExplained() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                ControlNetModel control = control(config(), manager)) {
            final ReferenceTensors reference = reference(manager);
            final NDArray small = Tensors.zeros(manager, DataType.FLOAT32, 1, 3, 64, 128);
            assertTrue(assertThrows(
                            IllegalArgumentException.class,
                            () -> control.forward(
                                    reference.get("0.sample"), timesteps(reference, 0), text(reference, 0), small))
                    .getMessage()
                    .contains("(1, 3, 128, 128)"));
        }
    }

    @Test
    void countsParametersOfStableDiffusion() {
        final Map<String, Shape> shapes = ControlNetModel.parameterShapes(ControlNetConfig.fromJson(
                JsonParser.parseString("{\"cross_attention_dim\": 768}").getAsJsonObject()));
        assertEquals(340, shapes.size());
        assertEquals(
                361_279_120L, shapes.values().stream().mapToLong(Shape::size).sum());
    }

    @Test
    void headsMayHaveTheirRightName() {
        final ControlNetConfig config = ControlNetConfig.fromJson(
                JsonParser.parseString("{\"num_attention_heads\": [5, 10, 20, 20], \"attention_head_dim\": 8}")
                        .getAsJsonObject());
        assertEquals(List.of(5, 10, 20, 20), config.encoder().attentionHeads());
        final String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> ControlNetConfig.fromJson(JsonParser.parseString("{\"encoder_hid_dim\": 64}")
                                .getAsJsonObject()))
                .getMessage();
        assertTrue(message.contains("encoder_hid_dim = 64 of this ControlNetModel"), message);
    }

    private static ControlNetConfig config() throws IOException {
        return ControlNetConfig.fromJson(ReferenceTensors.json("controlnet/config.json"));
    }

    private static ControlNetModel control(final ControlNetConfig config, final NDManager manager) throws IOException {
        return new ControlNetModel(
                config,
                ReferenceTensors.read(manager, DataType.FLOAT32, "controlnet/diffusion_pytorch_model.safetensors"));
    }

    private static UNet2DConditionModel unet(final NDManager manager) throws IOException {
        return new UNet2DConditionModel(
                UNet2DConditionConfig.fromJson(ReferenceTensors.json("unet_sd1/config.json")),
                ReferenceTensors.read(manager, DataType.FLOAT32, "unet_sd1/diffusion_pytorch_model.safetensors"));
    }

    private static ReferenceTensors reference(final NDManager manager) throws IOException {
        return ReferenceTensors.read(manager, DataType.FLOAT32, "controlnet/case.safetensors");
    }

    private static NDArray timesteps(final ReferenceTensors reference, final int k) {
        return Tensors.cast(reference.get(k + ".timestep"), DataType.FLOAT32);
    }

    private static Conditioning text(final ReferenceTensors reference, final int k) {
        return new Conditioning.Text(reference.get(k + ".encoder_hidden_states"));
    }

    private static void assertClose(final NDArray expected, final NDArray actual) {
        assertEquals(expected.getShape(), actual.getShape());
        final double difference = expected.sub(actual).abs().max().getFloat();
        final double scale = Math.max(1, expected.abs().max().getFloat());
        assertTrue(difference <= TOLERANCE * scale, "max difference " + difference + " of " + scale);
    }
}
