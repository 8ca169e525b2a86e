package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import ij.IJ;
import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.Tensors;
import palindrome.image.Padding;
import palindrome.image.PixelCodec;
import palindrome.image.PixelPlane;
import palindrome.model.TilePlan;
import palindrome.model.TinyModel;
import palindrome.network.AutoencoderKL;
import palindrome.network.ReferenceTensors;
import palindrome.sampler.Ddim;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.InversionLabel;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoiseSource;
import palindrome.sampler.OneWaySampler;
import palindrome.sampler.StepListener;

/** The StableDiffusionPipeline of the reference: everything from prompt to picture, as diffusers computes it. */
class PipelineFixtureTest {

    private static final String REFERENCE = "src/test/resources/reference/pipeline/";
    private static final int STEPS = 10;
    private static final double LATENTS = 1e-3;
    private static final double IMAGES = 2e-3;
    private static final TilePlan WHOLE = TilePlan.whole(8, 8);
    private static final Padding UNPADDED = Padding.toMultiple(64, 64, 1);

    @TempDir
    private static Path folder;

    private static OpenedModel model;
    private static NDManager manager;
    private static ReferenceTensors reference;
    private static JsonObject description;

    @BeforeAll
    static void open() throws IOException {
        model = OpenedModel.open(
                TinyModel.writeLatent(Files.createDirectory(folder.resolve("sd")))
                        .toString(),
                "cpu",
                Progress.NONE);
        manager = model.model().manager().newSubManager();
        reference = ReferenceTensors.read(manager, DataType.FLOAT32, "pipeline/case.safetensors");
        description = ReferenceTensors.json("pipeline/case.json");
    }

    @AfterAll
    static void close() {
        manager.close();
        model.close();
    }

    private static String prompt() {
        return description.get("prompt").getAsString();
    }

    private static String negative() {
        return description.get("negative_prompt").getAsString();
    }

    private static SamplingSettings settings(final double strength) {
        return new SamplingSettings(
                "DDIM",
                STEPS,
                "auto",
                strength,
                description.get("guidance_scale").getAsDouble());
    }

    private static NDArray wide(final String name) {
        return Tensors.cast(reference.get(name), DataType.FLOAT64);
    }

    private static float[] state(final String name, final int index) {
        return reference.get(name).get(index).toFloatArray();
    }

    private static double[] numbers(final RandomAccessibleInterval<? extends RealType<?>> image) {
        final List<Double> numbers = new ArrayList<>();
        Views.flatIterable(image).forEach(value -> numbers.add(value.getRealDouble()));
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] doubles(final float[] values) {
        final double[] doubles = new double[values.length];
        for (int i = 0; i < doubles.length; i++) doubles[i] = values[i];
        return doubles;
    }

    private static Latent run(
            final Walk walk,
            final NDArray noise,
            final double eta,
            final NoiseSource source,
            final RecordingPredictor network) {
        return new OneWaySampler(new Ddim(eta, source, InversionLabel.SOURCE), new FloatingPoint())
                .generate(noise, walk.grid(), network, StepListener.NONE);
    }

    @Test
    void promptToPicture() throws IOException {
        final RandomAccessibleInterval<? extends RealType<?>> image = new Generate(model, settings(1))
                .run(reference.get("txt2img.latents").toFloatArray(), 8, 8, prompt(), negative(), Progress.NONE)
                .image();
        final double[] expected = doubles(
                reference.get("txt2img.out.image_hwc_0_1").transpose(2, 0, 1).toFloatArray());
        final double[] actual = numbers(image);
        for (int i = 0; i < actual.length; i++) actual[i] = Math.max(0, Math.min(1, actual[i] / 2 + 0.5));
        assertArrayEquals(expected, actual, IMAGES);
        final ImagePlus saved = IJ.openImage(REFERENCE + "txt2img.png");
        final double[] pixels = numbers(PixelCodec.rgb().encode(PixelPlane.of(saved)));
        final double[] ours = numbers(PixelCodec.rgb().encode(PixelCodec.rgb().decode(image)));
        assertArrayEquals(pixels, ours, 1.001 / 127.5);
    }

    @Test
    void everyStateOnTheWay() throws IOException {
        try (Walk walk = new Walk(model, settings(1), WHOLE, UNPADDED)) {
            final NodeGrid grid = walk.grid();
            final long[] timesteps = reference.get("txt2img.timesteps").toLongArray();
            for (int k = 0; k < STEPS; k++) assertEquals(timesteps[k], grid.timestep(STEPS - k));
            final RecordingPredictor network =
                    new RecordingPredictor(walk.predictor(prompt(), negative(), Progress.NONE));
            final Latent clean = run(walk, wide("txt2img.latents"), 0, (m, s) -> null, network);
            for (int k = 1; k < STEPS; k++)
                assertArrayEquals(state("txt2img.out.trajectory", k - 1), network.state(k), (float) LATENTS);
            assertArrayEquals(
                    doubles(reference.get("txt2img.out.latents").toFloatArray()),
                    clean.image().toDoubleArray(),
                    LATENTS);
        }
    }

    @Test
    void everyStateOnTheWayWithFreshNoise() throws IOException {
        try (Walk walk = new Walk(model, settings(1), WHOLE, UNPADDED)) {
            final int[] drawn = {0};
            final NoiseSource noise =
                    (owner, shape) -> Tensors.of(owner, doubles(state("txt2img_eta1.noise", drawn[0]++)), shape);
            final RecordingPredictor network =
                    new RecordingPredictor(walk.predictor(prompt(), negative(), Progress.NONE));
            final Latent clean = run(walk, wide("txt2img.latents"), 1, noise, network);
            for (int k = 1; k < STEPS; k++)
                assertArrayEquals(state("txt2img_eta1.out.trajectory", k - 1), network.state(k), (float) LATENTS);
            assertArrayEquals(
                    doubles(reference.get("txt2img_eta1.out.latents").toFloatArray()),
                    clean.image().toDoubleArray(),
                    LATENTS);
        }
    }

    @Test
    void theStateOfAnImageIsTheMeanOfItsLatents() {
        final ImagePlus saved = IJ.openImage(REFERENCE + "img2img_input.png");
        final var pixels = PixelCodec.rgb().encode(PixelPlane.of(saved));
        final NDArray given = reference.get("img2img.image_chw_pm1");
        assertArrayEquals(doubles(given.toFloatArray()), numbers(pixels), 1e-6);
        final NDArray mean = autoencoder().encode(given, () -> {}).mul(0.18215f);
        final NDArray state = EncodedImage.of(pixels, model, Progress.NONE).state(manager);
        assertEquals(new Shape(1, 4, 8, 8), state.getShape());
        assertArrayEquals(doubles(mean.toFloatArray()), state.toDoubleArray(), 1e-5);
    }

    @Test
    void pictureToPicture() throws IOException {
        final NDArray moments = autoencoder().moments(reference.get("img2img.image_chw_pm1"), () -> {});
        final NDArray deviation = moments.get(":, 4:").clip(-30, 20).mul(0.5).exp();
        final NDArray start = moments.get(":, :4")
                .add(deviation.mul(reference.get("img2img.posterior_noise")))
                .mul(0.18215f);
        assertArrayEquals(
                reference.get("img2img.out.init_latents").toFloatArray(), start.toFloatArray(), (float) LATENTS);
        try (Walk walk = new Walk(model, settings(description.get("strength").getAsDouble()), WHOLE, UNPADDED)) {
            final NodeGrid grid = walk.grid();
            final long[] timesteps = reference.get("img2img.timesteps_used").toLongArray();
            assertEquals(timesteps.length, grid.steps());
            for (int k = 0; k < timesteps.length; k++) assertEquals(timesteps[k], grid.timestep(grid.steps() - k));
            final NDArray noised = Tensors.cast(start, DataType.FLOAT64)
                    .mul(grid.alpha(grid.steps()))
                    .add(wide("img2img.noise").mul(grid.sigma(grid.steps())));
            assertArrayEquals(
                    doubles(reference.get("img2img.out.noised_latents").toFloatArray()),
                    noised.toDoubleArray(),
                    LATENTS);
            final RecordingPredictor network =
                    new RecordingPredictor(walk.predictor(prompt(), negative(), Progress.NONE));
            final Latent clean = run(walk, noised, 0, (m, s) -> null, network);
            for (int k = 1; k < timesteps.length; k++)
                assertArrayEquals(state("img2img.out.trajectory", k - 1), network.state(k), (float) LATENTS);
            assertArrayEquals(
                    doubles(reference.get("img2img.out.latents").toFloatArray()),
                    clean.image().toDoubleArray(),
                    LATENTS);
            assertArrayEquals(
                    doubles(reference.get("img2img.out.decoded_chw").toFloatArray()),
                    numbers(new ImageState(model.model(), WHOLE, Progress.NONE).toImage(clean.image())),
                    IMAGES);
        }
    }

    private static AutoencoderKL autoencoder() {
        assertTrue(model.model().autoencoder().isPresent());
        return assertInstanceOf(AutoencoderKL.class, model.model().autoencoder().get());
    }
}
