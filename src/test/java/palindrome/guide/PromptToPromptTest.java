package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchRandom;
import palindrome.model.DiffusersFolder;
import palindrome.model.DiffusionModel;
import palindrome.model.PromptTokens;
import palindrome.model.TinyModel;
import palindrome.network.Windows;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;
import palindrome.sampler.Sampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.StepListener;
import palindrome.sampler.TorchNoise;

/** A source and its edit side by side, in a tiny Stable Diffusion of random weights, whose attention is far from uniform. */
class PromptToPromptTest {

    private static final String SOURCE = "a photo of a cat";
    private static final String TARGET = "a photo of a dog";
    private static final double GUIDANCE = 2;
    private static final int ROWS = 14;
    private static final int COLUMNS = 11;
    private static final WordWindows ALWAYS = new WordWindows(StepWindow.ALL, Map.of());

    @TempDir
    private static Path folder;

    private static DiffusionModel model;

    private NDManager manager;
    private NodeGrid grid;
    private NDArray image;

    @BeforeAll
    static void open() throws IOException {
        model = DiffusionModel.open(
                DiffusersFolder.open(TinyModel.writeLatent(Files.createDirectory(folder.resolve("sd")))), Device.cpu());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @BeforeEach
    void begin() {
        manager = model.manager().newSubManager();
        grid = model.scheduler().grid(5);
        final float[] noise = new TorchRandom(4).randn(4 * ROWS * COLUMNS);
        final double[] values = new double[noise.length];
        // multiples of 2^-24, as those of an image are
        for (int i = 0; i < values.length; i++) values[i] = Math.rint(noise[i] * 0x1p20) / 0x1p20;
        image = Tensors.of(manager, values, 1, 4, ROWS, COLUMNS);
    }

    @AfterEach
    void end() {
        manager.close();
    }

    private ContextNoise network(final Runnable mayGoOn) {
        return NetworkNoise.of(model, grid, mayGoOn);
    }

    private GuidedNoise.Prompts prompts(final String prompt) {
        return GuidedNoise.Prompts.of(model, prompt, "", GUIDANCE, model.nativeSize(), manager);
    }

    private static Predictor alone(final ContextNoise network, final GuidedNoise.Prompts prompts) {
        return new GuidedNoise(network, node -> prompts, GUIDANCE);
    }

    private static Sampler sampler(final String name) {
        return SamplerChoice.of(name).create(knobs());
    }

    private static SamplerSettings knobs() {
        return SamplerSettings.defaults().withNoise(new TorchNoise(3));
    }

    private static PromptTokens tokens(final String prompt) {
        return model.words(prompt).get(0);
    }

    private static AttentionEdit edit(final String target, final AttentionSettings settings) {
        return new AttentionEdit(settings, tokens(SOURCE), tokens(target), AttentionEdit.noWeights(tokens(target)));
    }

    private static AttentionSettings settings(final WordWindows cross, final StepWindow self) {
        return new AttentionSettings(WordMapping.AUTO, cross, self, Map.of(), BlendWords.NONE);
    }

    private double[][] run(final String target, final AttentionSettings settings) {
        return run(sampler("O-BELM"), network(() -> {}), target, settings);
    }

    /** Inverts the image as the source, then samples it beside its edit; returns both. */
    private double[][] run(
            final Sampler sampler, final ContextNoise network, final String target, final AttentionSettings settings) {
        final GuidedNoise.Prompts told = prompts(SOURCE);
        final GuidedNoise.Prompts wanted = prompts(target);
        final Latent noisy = sampler.invert(image, grid, alone(network, told), StepListener.NONE);
        try (SharedAttention attention =
                SharedAttention.of(edit(target, settings), model, grid, told, wanted, manager)) {
            final PromptToPrompt pair = new PromptToPrompt(
                    new GuidedNoise(network, node -> told.attending(attention.ofSource(node)), GUIDANCE),
                    new GuidedNoise(network, node -> wanted.attending(attention.ofEdit(node)), GUIDANCE),
                    attention);
            final NDArray both = sampler.sample(noisy.repeated(2), grid, pair, pair.exchange(), StepListener.NONE)
                    .image();
            return new double[][] {
                both.get("0:1").toDoubleArray(), both.get("1:2").toDoubleArray()
            };
        }
    }

    /** The edit without any control, by the ordinary way. */
    private double[] plain(final String target) {
        final Sampler sampler = sampler("O-BELM");
        final ContextNoise network = network(() -> {});
        final Latent noisy = sampler.invert(image, grid, alone(network, prompts(SOURCE)), StepListener.NONE);
        return sampler.sample(noisy, grid, alone(network, prompts(target)), StepListener.NONE)
                .image()
                .toDoubleArray();
    }

    private double change(final double[] edited) {
        final double[] before = image.toDoubleArray();
        double sum = 0;
        for (int i = 0; i < before.length; i++) sum += (edited[i] - before[i]) * (edited[i] - before[i]);
        return Math.sqrt(sum / before.length);
    }

    static Stream<SamplerChoice> exactSamplers() {
        return Stream.of(SamplerChoice.values()).filter(SamplerChoice::isExact);
    }

    @ParameterizedTest
    @MethodSource("exactSamplers")
    void theSourceComesBackBitForBitBesideItsEdit(final SamplerChoice choice) {
        grid = choice.grid(model.scheduler().schedule(), model.scheduler()::grid, 5, knobs());
        final AttentionSettings all = new AttentionSettings(
                WordMapping.AUTO,
                new WordWindows(new StepWindow(0, 0.7), Map.of("dog", new StepWindow(0.3, 0.9))),
                new StepWindow(0, 0.5),
                Map.of("photo", 1.5),
                new BlendWords(List.of("cat", "dog"), List.of()));
        final double[][] both = run(sampler(choice.label()), network(() -> {}), TARGET, all);
        assertArrayEquals(image.toDoubleArray(), both[0]);
        assertTrue(change(both[1]) > 1e-3, "the edit changes the image");
    }

    @ParameterizedTest
    @MethodSource("exactSamplers")
    void theSamePromptIsTheSourceBitForBit(final SamplerChoice choice) {
        grid = choice.grid(model.scheduler().schedule(), model.scheduler()::grid, 5, knobs());
        for (final WordMapping mapping : WordMapping.values())
            for (final BlendWords blend : List.of(BlendWords.NONE, new BlendWords(List.of("cat"), List.of("photo")))) {
                final double[][] both = run(
                        sampler(choice.label()),
                        network(() -> {}),
                        SOURCE,
                        new AttentionSettings(
                                mapping,
                                new WordWindows(new StepWindow(0.2, 0.6), Map.of()),
                                new StepWindow(0.4, 1),
                                Map.of("cat", 1.0),
                                blend));
                assertArrayEquals(image.toDoubleArray(), both[0]);
                assertArrayEquals(both[0], both[1]);
            }
    }

    /** Attention taken in part from the source is a sum of two, and rounds otherwise. */
    @Test
    void withWindowsOfSingleWordsTheSamePromptIsNearlyTheSource() {
        final double[][] both =
                run(SOURCE, settings(new WordWindows(StepWindow.ALL, Map.of("cat", StepWindow.NONE)), StepWindow.NONE));
        assertArrayEquals(image.toDoubleArray(), both[0]);
        assertArrayEquals(both[0], both[1], 1e-4);
    }

    @Test
    void withoutWindowsAndWeightsTheEditIsThePlainOneBitForBit() {
        assertArrayEquals(plain(TARGET), run(TARGET, AttentionSettings.NONE)[1]);
        assertArrayEquals(
                plain(TARGET),
                run(
                        TARGET,
                        settings(new WordWindows(StepWindow.NONE, Map.of("dog", StepWindow.NONE)), StepWindow.NONE))[
                        1]);
    }

    @Test
    void theMoreStepsFollowTheSourceTheLessChanges() {
        final double free = change(plain(TARGET));
        final double half =
                change(run(TARGET, settings(new WordWindows(new StepWindow(0, 0.5), Map.of()), StepWindow.NONE))[1]);
        final double words = change(run(TARGET, settings(ALWAYS, StepWindow.NONE))[1]);
        final double places = change(run(TARGET, settings(WordWindows.NONE, StepWindow.ALL))[1]);
        final String figures = "free " + free + ", half " + half + ", words " + words + ", places " + places;
        assertTrue(words < 0.8 * free, figures);
        assertTrue(half < free, figures);
        assertTrue(words < half, figures);
        assertFalse(places == free, figures);
    }

    @Test
    void weightsScaleTheAttentionToAWord() {
        final double[] plain = plain(TARGET);
        final double[] one = run(TARGET, weighted(1))[1];
        final double[] twice = run(TARGET, weighted(2))[1];
        final double[] four = run(TARGET, weighted(4))[1];
        assertArrayEquals(plain, one);
        assertTrue(distance(plain, twice) > 1e-4);
        assertTrue(distance(plain, four) > 1.5 * distance(plain, twice));
    }

    private static AttentionSettings weighted(final double weight) {
        return new AttentionSettings(
                WordMapping.AUTO, WordWindows.NONE, StepWindow.NONE, Map.of("dog", weight), BlendWords.NONE);
    }

    private static double distance(final double[] a, final double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.sqrt(sum / a.length);
    }

    private AttentionSettings local(final double threshold) {
        return new AttentionSettings(
                WordMapping.AUTO,
                WordWindows.NONE,
                StepWindow.NONE,
                Map.of(),
                new BlendWords(List.of("dog"), List.of(), threshold, 0.3));
    }

    /** What is outside at the end keeps every bit, although the network's every place sees every other. */
    @ParameterizedTest
    @MethodSource("exactSamplers")
    void blendLimitsTheEditToPlacesOfWords(final SamplerChoice choice) {
        grid = choice.grid(model.scheduler().schedule(), model.scheduler()::grid, 5, knobs());
        final double[][] both = run(sampler(choice.label()), network(() -> {}), TARGET, local(0.8));
        assertArrayEquals(image.toDoubleArray(), both[0]);
        int kept = 0;
        int keptPlaces = 0;
        for (int place = 0; place < ROWS * COLUMNS; place++) {
            int channels = 0;
            for (int i = place; i < both[0].length; i += ROWS * COLUMNS) if (both[0][i] == both[1][i]) channels++;
            kept += channels;
            if (channels == 4) keptPlaces++;
        }
        // whole places of the level that is read, each of 4 x 4
        assertEquals(4 * keptPlaces, kept);
        assertTrue(keptPlaces > ROWS * COLUMNS / 20, keptPlaces + " kept");
        assertTrue(keptPlaces < ROWS * COLUMNS, keptPlaces + " kept");
    }

    /** A mask of everything leaves the edit as free as it is without. */
    @Test
    void blendOfEverywhereIsNoLimit() {
        assertArrayEquals(plain(TARGET), run(TARGET, local(0))[1]);
    }

    /** Windows are several evaluations of every layer: those of the edit follow those of the source in order. */
    @Test
    void windowsOfLargeImagesFollowWindows() {
        final ContextNoise windowed = new WindowedNoise(network(() -> {}), new Windows(8, 2));
        final AttentionSettings settings = settings(ALWAYS, new StepWindow(0, 0.6));
        final double[][] both = run(sampler("O-BELM"), windowed, TARGET, settings);
        assertArrayEquals(image.toDoubleArray(), both[0]);
        assertTrue(change(both[1]) > 1e-3);
        final double[][] same = run(sampler("O-BELM"), windowed, SOURCE, settings);
        assertArrayEquals(same[0], same[1]);
    }

    /** A prompt of two parts beside one of one part: their text states differ in number. */
    @Test
    void promptsOfSeveralPartsFollowShortOnes() {
        final String longer = "a photo of a cat sitting on a chair " + "and a photo of a dog ".repeat(15);
        assertEquals(2 * 77, tokens(longer).length());
        final double[][] both = run(longer, settings(ALWAYS, new StepWindow(0, 0.4)));
        assertArrayEquals(image.toDoubleArray(), both[0]);
        assertFalse(Arrays.equals(both[0], both[1]));
    }

    @Test
    void nothingIsLeftBehind() {
        final GuidedNoise.Prompts told = prompts(SOURCE);
        final GuidedNoise.Prompts wanted = prompts(TARGET);
        final AttentionSettings settings = new AttentionSettings(
                WordMapping.AUTO, ALWAYS, StepWindow.ALL, Map.of(), new BlendWords(List.of("dog"), List.of()));
        try (SharedAttention attention =
                SharedAttention.of(edit(TARGET, settings), model, grid, told, wanted, manager)) {
            final ContextNoise network = network(() -> {});
            final Predictor pair = new PromptToPrompt(
                    new GuidedNoise(network, node -> told.attending(attention.ofSource(node)), GUIDANCE),
                    new GuidedNoise(network, node -> wanted.attending(attention.ofEdit(node)), GUIDANCE),
                    attention);
            final NDArray state = image.repeat(0, 2);
            pair.epsilon(state, 3).close();
            final int before = manager.getManagedArrays().size();
            final int above = model.manager().getManagedArrays().size();
            for (int i = 1; i <= 3; i++) {
                pair.epsilon(state, 3);
                assertEquals(before + i, manager.getManagedArrays().size());
            }
            assertEquals(above + 3, model.manager().getManagedArrays().size());
            assertThrows(IllegalArgumentException.class, () -> pair.epsilon(image, 3));
        }
    }

    /** A run is stopped between two kernels, also between those under control, and nothing stays of it. */
    @Test
    void isCanceledBetweenKernels() {
        final GuidedNoise.Prompts told = prompts(SOURCE);
        final GuidedNoise.Prompts wanted = prompts(TARGET);
        final int[] left = {Integer.MAX_VALUE};
        final ContextNoise network = network(() -> {
            if (--left[0] < 0) throw new CancellationException();
        });
        try (SharedAttention attention = SharedAttention.of(
                edit(TARGET, settings(ALWAYS, StepWindow.ALL)), model, grid, told, wanted, manager)) {
            final Predictor pair = new PromptToPrompt(
                    new GuidedNoise(network, node -> told.attending(attention.ofSource(node)), GUIDANCE),
                    new GuidedNoise(network, node -> wanted.attending(attention.ofEdit(node)), GUIDANCE),
                    attention);
            final NDArray state = image.repeat(0, 2);
            final double[] whole = pair.epsilon(state, 3).toDoubleArray();
            final int kernels = Integer.MAX_VALUE - left[0];
            final int before = manager.getManagedArrays().size();
            for (int k = 0; k < kernels; k += 23) {
                left[0] = k;
                assertThrows(CancellationException.class, () -> pair.epsilon(state, 3));
                assertEquals(before, manager.getManagedArrays().size(), "canceled before kernel " + k);
            }
            left[0] = Integer.MAX_VALUE;
            assertArrayEquals(whole, pair.epsilon(state, 3).toDoubleArray());
        }
    }
}
