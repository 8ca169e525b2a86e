package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

class AutoencoderKLTest {

    private static final double TOLERANCE = 3e-5;
    private static final Runnable GO_ON = () -> {};

    private NDManager manager;

    @BeforeEach
    void start() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private AutoencoderKL open(final String folder) throws IOException {
        return new AutoencoderKL(
                AutoencoderKLConfig.fromJson(ReferenceTensors.json(folder + "/config.json")),
                ReferenceTensors.read(manager, DataType.FLOAT32, folder + "/diffusion_pytorch_model.safetensors"));
    }

    private ReferenceTensors cases(final String folder) throws IOException {
        return ReferenceTensors.read(manager, DataType.FLOAT32, folder + "/case.safetensors");
    }

    private static void assertNear(final NDArray expected, final NDArray actual) {
        assertEquals(expected.getShape(), actual.getShape());
        final double scale = Math.max(1, expected.abs().max().getFloat());
        final double difference = expected.sub(actual).abs().max().getFloat();
        assertTrue(difference <= TOLERANCE * scale, "max difference " + difference + " of " + scale);
    }

    @Test
    void equalsDiffusers() throws IOException {
        final ReferenceTensors reference = cases("vae");
        try (AutoencoderKL autoencoder = open("vae")) {
            int n = 0;
            for (; reference.contains(n + ".image"); n++) {
                final NDArray image = reference.get(n + ".image");
                assertNear(reference.get(n + ".out.moments"), autoencoder.moments(image, GO_ON));
                assertNear(reference.get(n + ".out.mean"), autoencoder.encode(image, GO_ON));
                assertNear(
                        reference.get(n + ".out.decode_of_mean"),
                        autoencoder.decode(reference.get(n + ".out.mean"), GO_ON));
                assertNear(
                        reference.get(n + ".out.decode_of_latent"),
                        autoencoder.decode(reference.get(n + ".latent"), GO_ON));
            }
            assertTrue(n > 0);
        }
    }

    @Test
    void theMomentsAreTheDistributionOfTheReference() throws IOException {
        final ReferenceTensors reference = cases("vae");
        try (AutoencoderKL autoencoder = open("vae")) {
            final NDArray moments = autoencoder.moments(reference.get("0.image"), GO_ON);
            final NDArray mean = moments.get(":, :4");
            final NDArray deviation =
                    moments.get(":, 4:").clip(-30, 20).mul(0.5).exp();
            assertNear(reference.get("0.out.sample"), mean.add(deviation.mul(reference.get("0.noise"))));
        }
    }

    @Test
    void theSameBitsEveryTime() throws IOException {
        final NDArray image = cases("vae").get("1.image");
        try (AutoencoderKL autoencoder = open("vae")) {
            final NDArray latent = autoencoder.encode(image, GO_ON);
            assertArrayEquals(
                    latent.toFloatArray(), autoencoder.encode(image, GO_ON).toFloatArray());
            assertArrayEquals(
                    autoencoder.decode(latent, GO_ON).toFloatArray(),
                    autoencoder.decode(latent, GO_ON).toFloatArray());
        }
    }

    @Test
    void oneArrayIsLeftBehindAndNoneWhereItIsStopped() throws IOException {
        final NDArray image = cases("vae").get("0.image");
        try (AutoencoderKL autoencoder = open("vae");
                NDManager own = manager.newSubManager()) {
            image.attach(own);
            final NDArray latent = autoencoder.encode(image, GO_ON);
            assertEquals(own, latent.getManager());
            assertEquals(own, autoencoder.decode(latent, GO_ON).getManager());
            assertEquals(3, own.getManagedArrays().size());
            final AtomicInteger blocks = new AtomicInteger();
            final Runnable stop = () -> {
                if (blocks.incrementAndGet() == 5) throw new CancellationException();
            };
            assertThrows(CancellationException.class, () -> autoencoder.encode(image, stop));
            blocks.set(0);
            assertThrows(CancellationException.class, () -> autoencoder.decode(latent, stop));
            assertEquals(3, own.getManagedArrays().size());
        }
    }

    @Test
    void stableDiffusionHas248TensorsOf83653863Numbers() {
        final Map<String, Shape> shapes = AutoencoderKL.parameterShapes(AutoencoderKLConfig.fromJson(
                JsonParser.parseString("{'block_out_channels': [128, 256, 512, 512], 'layers_per_block': 2,"
                                + "'down_block_types': ['DownEncoderBlock2D', 'DownEncoderBlock2D',"
                                + "'DownEncoderBlock2D', 'DownEncoderBlock2D'], 'up_block_types': ['UpDecoderBlock2D',"
                                + "'UpDecoderBlock2D', 'UpDecoderBlock2D', 'UpDecoderBlock2D'], 'sample_size': 512}")
                        .getAsJsonObject()));
        assertEquals(248, shapes.size());
        assertEquals(83_653_863, shapes.values().stream().mapToLong(Shape::size).sum());
        assertEquals(new Shape(8, 512, 3, 3), shapes.get("encoder.conv_out.weight"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 0 | 0.18215",
                "{'scaling_factor': 0.13025, 'force_upcast': true} | 0 | 0.13025",
                "{'scaling_factor': 0.3611, 'shift_factor': 0.1159} | 0.1159 | 0.3611",
                "{'scaling_factor': 0.5, 'latents_mean': [1, 2, 3, 4], 'latents_std': [2, 2, 2, 2]} | 1 | 0.25",
                "{'latents_mean': null, 'latents_std': null, 'shift_factor': null} | 0 | 0.18215"
            })
    void latentsAreScaledAsDiffusersDoes(final String json, final double shift, final double scale) {
        final LatentScaling scaling = AutoencoderKLConfig.fromJson(
                        JsonParser.parseString(json).getAsJsonObject())
                .scaling();
        assertEquals(shift, scaling.shift().get(0));
        assertEquals(scale, scaling.scale().get(0));
        assertEquals(4, scaling.scale().size());
    }

    @Test
    void scalingIsUndone() {
        final LatentScaling scaling = new LatentScaling(List.of(1.0, -2.0), List.of(0.25, 4.0));
        final NDArray latent = Tensors.of(manager, new double[] {3, 5, -2, 0}, 1, 2, 1, 2);
        final NDArray state = scaling.toState(latent);
        assertArrayEquals(new double[] {0.5, 1, 0, 8}, state.toDoubleArray());
        assertArrayEquals(latent.toDoubleArray(), scaling.toLatent(state).toDoubleArray());
        assertEquals(manager, state.getManager());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'act_fn': 'gelu'} | act_fn",
                "{'block_out_channels': [48]} | norm_num_groups",
                "{'block_out_channels': [32, 64]} | down_block_types",
                "{'latents_mean': [1], 'latents_std': [1]} | latent_channels",
                "{'latents_mean': [1, 2, 3, 4], 'latents_std': [1, 2]} | latents_std",
                "{'scaling_factor': 0} | scaling_factor",
                "{'down_block_types': ['ResnetDownsampleBlock2D']} | down_block_types",
                "{'out_channels': 1} | out_channels"
            })
    void whatCannotBeBuiltIsNamed(final String json, final String key) {
        final var config = JsonParser.parseString(json).getAsJsonObject();
        final Exception exc = assertThrows(IllegalArgumentException.class, () -> AutoencoderKLConfig.fromJson(config));
        assertTrue(exc.getMessage().contains(key), exc.getMessage());
    }

    @Test
    void shapesThatDoNotFitAreNamed() throws IOException {
        try (AutoencoderKL autoencoder = open("vae")) {
            final NDArray grey = Tensors.zeros(manager, DataType.FLOAT32, 1, 1, 32, 32);
            assertTrue(assertThrows(IllegalArgumentException.class, () -> autoencoder.encode(grey, GO_ON))
                    .getMessage()
                    .contains("(1, 1, 32, 32)"));
            assertThrows(IllegalArgumentException.class, () -> autoencoder.decode(grey, GO_ON));
            final NDArray small = Tensors.zeros(manager, DataType.FLOAT32, 1, 3, 32, 3);
            assertThrows(IllegalArgumentException.class, () -> autoencoder.encode(small, GO_ON));
        }
    }
}
