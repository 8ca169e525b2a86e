package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.engine.Tensors;
import palindrome.image.Padding;
import palindrome.model.ImageSize;
import palindrome.model.TilePlan;
import palindrome.model.TinyFamilies;
import palindrome.network.AutoencoderKL;
import palindrome.network.Conditioning;
import palindrome.network.ReferenceTensors;
import palindrome.sampler.Ddim;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.InversionLabel;
import palindrome.sampler.Latent;
import palindrome.sampler.OneWaySampler;
import palindrome.sampler.StepListener;

/** Whole pipelines of Stable Diffusion XL and for inpainting, from prompt to picture, as diffusers computes them. */
class PipelineFamiliesTest {

    private static final int SIDE = 8;
    private static final int STEPS = 10;
    private static final double LATENTS = 1e-3;
    private static final double IMAGES = 2e-3;
    private static final float STATES = 1e-5f;

    enum Family {
        XL("pipeline_xl/") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.latentXl(folder);
            }
        },
        INPAINTING("pipeline_inpainting/") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.latentInpainting(folder);
            }
        };

        private final String fixture;

        Family(final String fixture) {
            this.fixture = fixture;
        }

        abstract Path write(Path folder) throws IOException;

        ReferenceTensors tensors(final NDManager owner) throws IOException {
            return ReferenceTensors.read(owner, DataType.FLOAT32, fixture + "case.safetensors");
        }

        JsonObject description() throws IOException {
            return ReferenceTensors.json(fixture + "case.json");
        }

        OpenedModel open(final Path folder) throws IOException {
            return OpenedModel.open(write(folder).toString(), "cpu", Progress.NONE);
        }
    }

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"XL, empty_negative", "XL, negative", "INPAINTING, negative"})
    void promptToPicture(final Family family, final String name) throws IOException {
        final JsonObject description = family.description();
        final String prompt = description.get("prompt").getAsString();
        final String negative =
                name.equals("negative") ? description.get("negative_prompt").getAsString() : "";
        final SamplingSettings settings = new SamplingSettings(
                "DDIM", STEPS, "auto", 1, description.get("guidance_scale").getAsDouble());
        try (OpenedModel model = family.open(folder);
                NDManager manager = model.model().manager().newSubManager()) {
            final ReferenceTensors reference = family.tensors(manager);
            final NDArray noise = reference.get("latents");
            assertEveryState(
                    model,
                    settings,
                    prompt,
                    negative,
                    noise,
                    reference.get(name + ".out.trajectory"),
                    reference.get("timesteps").toLongArray());
            final double[] actual = numbers(new Generate(model, settings)
                    .run(noise.toFloatArray(), SIDE, SIDE, prompt, negative, Progress.NONE)
                    .image());
            for (int i = 0; i < actual.length; i++) actual[i] = Math.max(0, Math.min(1, actual[i] / 2 + 0.5));
            assertArrayEquals(doubles(reference.get(name + ".out.image_hwc_0_1").transpose(2, 0, 1)), actual, IMAGES);
        }
    }

    private static void assertEveryState(
            final OpenedModel model,
            final SamplingSettings settings,
            final String prompt,
            final String negative,
            final NDArray noise,
            final NDArray trajectory,
            final long[] timesteps)
            throws IOException {
        final TilePlan whole = TilePlan.whole(SIDE, SIDE);
        final Padding unpadded = Padding.toMultiple(SIDE * 8, SIDE * 8, 1);
        try (Walk walk = new Walk(model, settings, whole, unpadded)) {
            for (int k = 0; k < STEPS; k++)
                assertEquals(timesteps[k], walk.grid().timestep(STEPS - k));
            final RecordingPredictor network = new RecordingPredictor(walk.predictor(prompt, negative, Progress.NONE));
            final Latent clean = new OneWaySampler(
                            new Ddim(0, (owner, shape) -> null, InversionLabel.SOURCE), new FloatingPoint())
                    .generate(Tensors.cast(noise, DataType.FLOAT64), walk.grid(), network, StepListener.NONE);
            for (int k = 1; k < STEPS; k++)
                assertArrayEquals(trajectory.get(k - 1).toFloatArray(), network.state(k), (float) LATENTS);
            assertArrayEquals(doubles(trajectory.get(STEPS - 1)), clean.image().toDoubleArray(), LATENTS);
        }
    }

    /** Both encoders' states, pooled text, and zeros for an empty negative prompt. */
    @Test
    void xlIsToldWhatDiffusersTells() throws IOException {
        final JsonObject description = Family.XL.description();
        final ImageSize size = new ImageSize(64, 64);
        try (OpenedModel model = Family.XL.open(folder);
                NDManager manager = model.model().manager().newSubManager()) {
            final ReferenceTensors reference = Family.XL.tensors(manager);
            assertTold(
                    reference,
                    "",
                    model.model().towards(description.get("prompt").getAsString(), size, manager));
            assertTold(
                    reference,
                    "negative_",
                    model.model().awayFrom(description.get("negative_prompt").getAsString(), size, manager));
        }
    }

    private static void assertTold(final ReferenceTensors reference, final String side, final Conditioning told) {
        final Conditioning.Text text = assertInstanceOf(Conditioning.Text.class, told);
        final Conditioning.TextTime added =
                assertInstanceOf(Conditioning.TextTime.class, text.additions().get(0));
        assertArrayEquals(
                reference.get("out." + side + "prompt_embeds").toFloatArray(),
                text.encoderHiddenStates().toFloatArray(),
                STATES);
        assertArrayEquals(
                reference.get("out." + side + "pooled_prompt_embeds").toFloatArray(),
                added.textEmbeds().toFloatArray(),
                STATES);
        assertArrayEquals(new float[] {64, 64, 0, 0, 64, 64}, added.timeIds().toFloatArray());
    }

    /** What an inpainting network sees where nothing is to be kept. */
    @Test
    void theMaskedImageIsTheLatentOfGrey() throws IOException {
        try (OpenedModel model = Family.INPAINTING.open(folder);
                NDManager manager = model.model().manager().newSubManager()) {
            final AutoencoderKL autoencoder = assertInstanceOf(
                    AutoencoderKL.class, model.model().autoencoder().orElseThrow());
            final NDArray grey = Tensors.zeros(manager, DataType.FLOAT32, 1, 3, 8 * SIDE, 8 * SIDE);
            assertArrayEquals(
                    Family.INPAINTING
                            .tensors(manager)
                            .get("out.masked_image_latents")
                            .toFloatArray(),
                    autoencoder.encode(grey, () -> {}).mul(0.18215f).toFloatArray(),
                    3 * STATES);
        }
    }

    /** An exact sampler through the same operations: back to the last bit, with and without guidance. */
    @ParameterizedTest
    @EnumSource
    void theLatentLeadsBackBitForBit(final Family family) throws IOException {
        final String prompt = family.description().get("prompt").getAsString();
        try (OpenedModel model = family.open(folder)) {
            final RandomAccessibleInterval<DoubleType> image = image();
            for (final double guidance : new double[] {1, 3}) {
                final Invert invert = new Invert(model, new SamplingSettings("O-BELM", 5, "auto", 1, guidance));
                final EncodedImage encoded = invert.encode(image, Progress.NONE);
                final Inversion inversion = invert.run(encoded, prompt, "a dog", Progress.NONE);
                final double[] expected = numbers(encoded.decoded());
                assertArrayEquals(expected, numbers(new Reconstruct(model).run(inversion, Progress.NONE)));
                final double[] edited =
                        numbers(new Reconstruct(model).run(inversion, "a dog", "a dog", guidance, 0, Progress.NONE));
                assertFalse(Arrays.equals(expected, edited), "the prompt is not heard");
            }
        }
    }

    private static RandomAccessibleInterval<DoubleType> image() {
        final Random random = new Random(5);
        final double[] values = new double[3 * 72 * 56];
        for (int i = 0; i < values.length; i++) values[i] = random.nextInt(256) / 127.5 - 1;
        return ArrayImgs.doubles(values, 72, 56, 3);
    }

    private static double[] numbers(final RandomAccessibleInterval<? extends RealType<?>> image) {
        final List<Double> numbers = new ArrayList<>();
        Views.flatIterable(image).forEach(value -> numbers.add(value.getRealDouble()));
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] doubles(final NDArray array) {
        final float[] values = array.toFloatArray();
        final double[] doubles = new double[values.length];
        for (int i = 0; i < doubles.length; i++) doubles[i] = values[i];
        return doubles;
    }
}
