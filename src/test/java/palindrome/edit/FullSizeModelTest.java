package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.engine.DeviceMemory;
import palindrome.engine.Tensors;
import palindrome.guide.ContextNoise;
import palindrome.guide.ControlledNetwork;
import palindrome.guide.NetworkNoise;
import palindrome.model.ControlNet;
import palindrome.model.DiffusionModel;
import palindrome.model.ImageSize;
import palindrome.model.Lease;
import palindrome.model.ModelPool;
import palindrome.model.StableDiffusionFolder;
import palindrome.network.AutoencoderKL;
import palindrome.network.Conditioning;
import palindrome.network.ControlNetModel;
import palindrome.network.ControlScale;
import palindrome.network.NoiseNetwork;
import palindrome.network.ReferenceTensors;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;
import palindrome.sampler.Sampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.StepListener;

/**
 * Random weights in the true architectures and sizes of Stable Diffusion, 4.3 to 13.9 GB a model: each is opened, answers a
 * prompt as diffusers does on the same weights, and leads back exactly.
 */
@Tag("slow")
class FullSizeModelTest {

    private static final int SIDE = 128;
    private static final String PROMPT = "fluorescence microscopy, many nuclei";
    private static final float TIMESTEP = 500;
    private static final int STEPS = 4;

    /** Of the largest value; diffusers' own float32 is off by 2e-6 of it. */
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SD1")
    void answersAsDiffusersDoesAndLeadsBackBitForBit(final StableDiffusionFolder kind) throws IOException {
        try (OpenedModel model = open(kind)) {
            assertAnswersAsDiffusers(kind, model.model());
            assertLeadsBack(model);
        } finally {
            forget();
        }
    }

    @Test
    void stableDiffusion1DoesAndSoWithAControlNet() throws IOException {
        try (OpenedModel model = open(StableDiffusionFolder.SD1)) {
            assertEquals(4, model.model().stateChannels());
            assertEquals(8, model.model().factor());
            assertAnswersAsDiffusers(StableDiffusionFolder.SD1, model.model());
            assertAutoencoderEqualsDiffusers(model.model());
            assertLeadsBack(model);
            final Path control = folder.resolve("controlnet");
            StableDiffusionFolder.writeControlNet(control);
            try (Lease<ControlNet> opened = ModelPool.shared().leaseControlNet(control.toString(), model.model())) {
                assertSteers(opened.get().network(), model.model());
            }
        } finally {
            forget();
        }
    }

    private OpenedModel open(final StableDiffusionFolder kind) throws IOException {
        final long disk = Files.getFileStore(folder).getUsableSpace();
        assumeTrue(
                disk > kind.bytes() + (2L << 30),
                "The weights of " + kind + " take " + DeviceMemory.gibibytes(kind.bytes()) + " of disk, and "
                        + DeviceMemory.gibibytes(disk) + " are free.");
        final long memory = DeviceMemory.of(Device.cpu()).total();
        assumeTrue(
                memory > kind.bytes() + (1L << 30),
                "The weights of " + kind + " take " + DeviceMemory.gibibytes(kind.bytes()) + ", and this computer has "
                        + DeviceMemory.gibibytes(memory) + " of memory: each evaluation would read them from disk.");
        final Path model = folder.resolve("model");
        kind.write(model);
        return OpenedModel.open(model.toString(), "cpu", Progress.NONE);
    }

    /** Before the files are deleted: the pool would go on mapping them, and what is mapped keeps its room on disk. */
    private static void forget() {
        OpenedModel.releaseAll();
        System.gc();
    }

    private static void assertAnswersAsDiffusers(final StableDiffusionFolder kind, final DiffusionModel model)
            throws IOException {
        try (NDManager scope = model.manager().newSubManager()) {
            final ReferenceTensors reference = reference(scope);
            final Conditioning.Text told = told(model, scope);
            final NDArray states = reference.get(kind + ".out.states");
            assertClose(
                    states,
                    told.encoderHiddenStates().get(":, :" + states.getShape().get(1)));
            if (kind == StableDiffusionFolder.XL)
                assertClose(
                        reference.get(kind + ".out.pooled"),
                        assertInstanceOf(
                                        Conditioning.TextTime.class,
                                        told.additions().get(0))
                                .textEmbeds());
            assertClose(reference.get(kind + ".out"), answer(model.network(), reference, told));
        }
    }

    private static void assertAutoencoderEqualsDiffusers(final DiffusionModel model) throws IOException {
        final AutoencoderKL autoencoder =
                assertInstanceOf(AutoencoderKL.class, model.autoencoder().orElseThrow());
        try (NDManager scope = model.manager().newSubManager()) {
            final ReferenceTensors reference = reference(scope);
            assertClose(reference.get("vae.out.mean"), autoencoder.encode(reference.get("vae.image"), () -> {}));
            assertClose(reference.get("vae.out.image"), autoencoder.decode(reference.get("vae.latent"), () -> {}));
        }
    }

    private static void assertSteers(final ControlNetModel control, final DiffusionModel model) throws IOException {
        final UNet2DConditionModel unet = assertInstanceOf(UNet2DConditionModel.class, model.unet());
        try (NDManager scope = model.manager().newSubManager()) {
            final ReferenceTensors reference = reference(scope);
            final Conditioning told = told(model, scope);
            final NDArray image = reference.get("controlnet.image");
            try (ControlNetModel.Residuals residuals =
                    control.forward(reference.get("sample"), timestep(scope), told, image)) {
                assertEquals(12, residuals.down().size());
                assertClose(reference.get("controlnet.out.mid"), residuals.mid());
            }
            final NoiseNetwork steered = new ControlledNetwork(unet, control, image, ControlScale.uniform(1));
            assertClose(reference.get("controlnet.out"), answer(steered, reference, told));

            final NodeGrid grid = model.scheduler().grid(STEPS);
            final ContextNoise noise =
                    new NetworkNoise(steered, model.scheduler().predictionType(), grid, () -> {});
            final Predictor predictor = (state, node) -> noise.epsilon(state, node, told);
            final Sampler sampler = SamplerChoice.of("O-BELM").create(SamplerSettings.defaults());
            final NDArray state = Tensors.cast(reference.get("sample"), DataType.FLOAT64)
                    .mul(1 << 20)
                    .round()
                    .div(1 << 20);
            final Latent noisy = sampler.invert(state, grid, predictor, StepListener.NONE);
            final Latent clean = sampler.sample(noisy, grid, predictor, StepListener.NONE);
            assertArrayEquals(state.toDoubleArray(), clean.image().toDoubleArray());
        }
    }

    private static void assertLeadsBack(final OpenedModel model) throws IOException {
        final SamplingSettings settings = new SamplingSettings("O-BELM", STEPS, "auto", 1, 1);
        final Invert invert = new Invert(model, settings);
        final RandomAccessibleInterval<DoubleType> image = image();
        final EncodedImage encoded = invert.encode(image, Progress.NONE);
        final Inversion inversion = invert.run(encoded, PROMPT, "", Progress.NONE);
        final double[] decoded = numbers(new Reconstruct(model).run(inversion, Progress.NONE));
        for (final double value : decoded) assertTrue(Double.isFinite(value));
        assertArrayEquals(numbers(encoded.decoded()), decoded);
        assertFalse(Arrays.equals(numbers(image), decoded), "the autoencoder did nothing");
    }

    private static ReferenceTensors reference(final NDManager owner) throws IOException {
        return ReferenceTensors.read(owner, DataType.FLOAT32, "full_size/case.safetensors");
    }

    private static Conditioning.Text told(final DiffusionModel model, final NDManager owner) {
        return assertInstanceOf(Conditioning.Text.class, model.towards(PROMPT, new ImageSize(SIDE, SIDE), owner));
    }

    private static NDArray timestep(final NDManager owner) {
        return Tensors.of(owner, new float[] {TIMESTEP}, 1);
    }

    private static NDArray answer(
            final NoiseNetwork network, final ReferenceTensors reference, final Conditioning told) {
        final NDArray sample = reference.get("sample");
        return network.forward(sample, timestep(sample.getManager()), told);
    }

    private static void assertClose(final NDArray expected, final NDArray actual) {
        assertEquals(expected.getShape(), actual.getShape());
        final double difference = expected.sub(actual).abs().max().getFloat();
        final double largest = expected.abs().max().getFloat();
        assertTrue(difference <= TOLERANCE * largest, "max difference " + difference + " of " + largest);
    }

    private static RandomAccessibleInterval<DoubleType> image() {
        final Random random = new Random(5);
        final double[] values = new double[SIDE * SIDE * 3];
        for (int i = 0; i < values.length; i++) values[i] = random.nextInt(256) / 127.5 - 1;
        return ArrayImgs.doubles(values, SIDE, SIDE, 3);
    }

    private static double[] numbers(final RandomAccessibleInterval<? extends RealType<?>> image) {
        final double[] values = new double[(int) Views.iterable(image).size()];
        int i = 0;
        for (final RealType<?> value : Views.flatIterable(image)) values[i++] = value.getRealDouble();
        return values;
    }
}
