package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import palindrome.edit.NativeArrays;
import palindrome.engine.TorchEngine;

/** Two images side by side, under networks of other guidance, one of which takes over half of the other after every step. */
class StateExchangeTest {

    private static final int SIDE = RandomNetwork.SIDE;
    private static final long[] SHAPE = {1, RandomNetwork.CHANNELS, SIDE, SIDE};

    private NDManager manager;
    private RandomNetwork network;
    private NDArray image;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
        network = new RandomNetwork(manager);
        image = new TorchNoise(4).draw(manager, SHAPE).mul(32).round().div(64);
    }

    @AfterEach
    void close() {
        network.close();
        manager.close();
    }

    /** All that lead to noise and back, and DDIM, by which Null-text does. */
    static Stream<SamplerChoice> thereAndBack() {
        return Stream.of(SamplerChoice.values())
                .filter(choice -> choice.isInvertible() || choice == SamplerChoice.DDIM)
                .filter(choice -> choice != SamplerChoice.NULL_TEXT);
    }

    /** The second image takes over the left half of the first. */
    private static NDArray leftHalf(final NDArray states) {
        final NDManager owner = states.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(states);
            final int half = SIDE / 2;
            final NDArray first = states.get("0:1");
            final NDArray second = first.get(":, :, :, :" + half).concat(states.get("1:2, :, :, " + half + ":"), 3);
            final NDArray both = first.concat(second);
            both.attach(owner);
            return both;
        }
    }

    private static double[] image(final Latent clean, final int number) {
        return clean.image().get(number + ":" + (number + 1)).toDoubleArray();
    }

    @ParameterizedTest
    @MethodSource("thereAndBack")
    void whatIsTakenOverIsTheOthersToTheLastBit(final SamplerChoice choice) {
        final SamplerSettings knobs = SamplerSettings.defaults().withNoise(new TorchNoise(7));
        final Sampler sampler = choice.create(knobs);
        final NodeGrid grid = ToyData.stableDiffusion(8);
        final Predictor one = network.predictor(grid, PredictionType.EPSILON, 1);
        final Predictor other = network.predictor(grid, PredictionType.EPSILON, 3);
        final Predictor pair = (states, node) -> {
            final NDArray first = one.epsilon(states.get("0:1"), node);
            return first.concat(other.epsilon(states.get("1:2"), node));
        };
        final Latent noisy = sampler.invert(image, grid, one, StepListener.NONE);
        final double[] alone =
                sampler.sample(noisy, grid, one, StepListener.NONE).image().toDoubleArray();
        if (choice.isExact()) assertArrayEquals(image.toDoubleArray(), alone);
        final Latent free = sampler.sample(noisy.repeated(2), grid, pair, StepListener.NONE);
        final Latent held =
                sampler.sample(noisy.repeated(2), grid, pair, StateExchangeTest::leftHalf, StepListener.NONE);
        assertArrayEquals(alone, image(held, 0), "the first image takes nothing over");
        final double[] second = image(held, 1);
        int otherwise = 0;
        for (int i = 0; i < second.length; i++)
            if (i % SIDE < SIDE / 2) assertEquals(alone[i], second[i], "value " + i);
            else if (alone[i] != second[i]) otherwise++;
        assertTrue(otherwise > second.length / 3, otherwise + " values are its own");
        assertNotEquals(Arrays.toString(image(free, 1)), Arrays.toString(second));
    }

    @ParameterizedTest
    @MethodSource("thereAndBack")
    void nothingIsLeftBehind(final SamplerChoice choice) {
        final Sampler sampler = choice.create(SamplerSettings.defaults().withNoise(new TorchNoise(7)));
        final NodeGrid grid = ToyData.stableDiffusion(8);
        final Predictor half = (states, node) -> states.mul(0.5);
        final Latent noisy = sampler.invert(image, grid, half, StepListener.NONE);
        final Latent two = noisy.repeated(2);
        final int before = NativeArrays.under(manager);
        sampler.sample(two, grid, half, StepListener.NONE).close();
        sampler.sample(two, grid, half, StateExchangeTest::leftHalf, StepListener.NONE)
                .close();
        assertEquals(before, NativeArrays.under(manager));
    }
}
