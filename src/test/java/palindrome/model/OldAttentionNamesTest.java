package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import palindrome.engine.Precision;
import palindrome.engine.TorchEngine;
import palindrome.network.AutoencoderKL;
import palindrome.network.AutoencoderKLConfig;
import palindrome.network.ReferenceTensors;

/** Checkpoints of 2022, whose attention layers have other names, are the same networks as today's. */
class OldAttentionNamesTest {

    private static final Runnable GO_ON = () -> {};

    @Test
    void theAutoencoderIsTheSame() throws IOException, URISyntaxException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            assertArrayEquals(moments("vae", manager), moments("vae_old_keys", manager));
        }
    }

    private static float[] moments(final String folder, final NDManager manager)
            throws IOException, URISyntaxException {
        final AutoencoderKLConfig config = AutoencoderKLConfig.fromJson(ReferenceTensors.json(folder + "/config.json"));
        final Path file = Path.of(Objects.requireNonNull(OldAttentionNamesTest.class.getResource(
                        "/reference/" + folder + "/diffusion_pytorch_model.safetensors"))
                .toURI());
        final StoredTensors tensors = StoredTensors.open(List.of(file)).translated(DiffusersNames::current);
        try (CheckpointWeights weights = new CheckpointWeights(tensors, manager, Precision.FLOAT32)) {
            weights.require("autoencoder", AutoencoderKL.parameterShapes(config));
            try (AutoencoderKL autoencoder = new AutoencoderKL(config, weights)) {
                return autoencoder
                        .moments(
                                ReferenceTensors.read(manager, DataType.FLOAT32, "vae/case.safetensors")
                                        .get("0.image"),
                                GO_ON)
                        .toFloatArray();
            }
        }
    }
}
