package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.engine.TorchEngine;

/**
 * Exact means every bit: a random float32 network, and int64 states that are
 * equal after the round trip, for every exact sampler, γ, guidance, prediction
 * type, number of steps and strength.
 */
class ExactInversionTest {

    private static final List<ReversibleMethod> METHODS = List.of(
            new OBelm(),
            new Edict(.93),
            Bdia.of(.5),
            Bdia.of(.9),
            Bdia.of(1),
            Bdia.auto(),
            Bdia.overDpmSolver(OptionalDouble.of(.9)),
            Bdia.overEdmEuler(OptionalDouble.of(.9)),
            Bdia.overEdmHeun(OptionalDouble.of(1)),
            new Belm(-.4),
            new Belm(.7));
    private static final double[] GUIDANCE = {1, 3, 7.5};
    private static final int[] STEPS = {2, 7, 10, 50};
    private static final double[] STRENGTHS = {0.5, 1};

    private static NDManager manager;
    private static RandomNetwork network;

    @BeforeAll
    static void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
        network = new RandomNetwork(manager);
    }

    @AfterAll
    static void close() {
        network.close();
        manager.close();
    }

    /** One run of the table. */
    private record Case(ReversibleMethod method, PredictionType type, double guidance, int steps, double strength) {

        NodeGrid grid() {
            return ToyData.stableDiffusion(steps).withStrength(strength, method.minimumSteps());
        }

        Predictor predictor() {
            return network.predictor(grid(), type, guidance);
        }
    }

    private static List<Case> cases(final PredictionType type) {
        final List<Case> cases = new ArrayList<>();
        for (final ReversibleMethod method : METHODS)
            for (final double guidance : GUIDANCE)
                for (final int steps : STEPS)
                    if (steps >= method.minimumSteps())
                        for (final double strength : STRENGTHS)
                            cases.add(new Case(method, type, guidance, steps, strength));
        return cases;
    }

    @ParameterizedTest
    @EnumSource(PredictionType.class)
    void imageToNoiseAndBackIsEqual(final PredictionType type) {
        final Arithmetic lattice = new Lattice();
        for (final Case run : cases(type)) {
            final Sampler sampler = new ReversibleSampler(run.method());
            try (NDManager scope = manager.newSubManager()) {
                final NDArray image = image(scope);
                final Latent noisy = sampler.invert(image, run.grid(), run.predictor(), StepListener.NONE);
                final Latent clean = sampler.sample(noisy, run.grid(), run.predictor(), StepListener.NONE);
                assertTrue(clean.states().get(0).contentEquals(lattice.store(image, 1)), run.toString());
                final Latent again = sampler.invert(clean, run.grid(), run.predictor(), StepListener.NONE);
                assertTrue(noisy.sameAs(again), run.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PredictionType.class)
    void noiseToImageAndBackIsEqual(final PredictionType type) {
        final Arithmetic lattice = new Lattice();
        for (final Case run : cases(type)) {
            if (run.steps() == 2 || run.guidance() != 3) continue;
            final Sampler sampler = new ReversibleSampler(run.method());
            try (NDManager scope = manager.newSubManager()) {
                final NDArray noise = new TorchNoise(5)
                        .draw(scope, 1, RandomNetwork.CHANNELS, RandomNetwork.SIDE, RandomNetwork.SIDE);
                final Latent clean = sampler.generate(noise, run.grid(), run.predictor(), StepListener.NONE);
                final Latent noisy = sampler.invert(clean, run.grid(), run.predictor(), StepListener.NONE);
                assertTrue(
                        noisy.states().get(noisy.noisiestSlot()).contentEquals(lattice.store(noise, 1)),
                        run.toString());
                final Latent again = sampler.sample(noisy, run.grid(), run.predictor(), StepListener.NONE);
                assertTrue(clean.sameAs(again), run.toString());
            }
        }
    }

    /** The same runs with float32 states: hardly one returns, and the worst are lost. */
    @Test
    void theSameRunsFailInFloat32() {
        int runs = 0;
        int equal = 0;
        double worst = 0;
        for (final PredictionType type : PredictionType.values())
            for (final Case run : cases(type)) {
                final Sampler sampler = new ReversibleSampler(run.method(), new SinglePrecision());
                try (NDManager scope = manager.newSubManager()) {
                    final NDArray image = image(scope);
                    final Latent noisy = sampler.invert(image, run.grid(), run.predictor(), StepListener.NONE);
                    final Latent clean = sampler.sample(noisy, run.grid(), run.predictor(), StepListener.NONE);
                    final double error = clean.image().sub(image).abs().max().getDouble();
                    runs++;
                    if (error == 0) equal++;
                    worst = Math.max(worst, error);
                }
            }
        assertTrue(equal < runs / 20, equal + " of " + runs + " float32 runs returned");
        assertTrue(worst > 1, "worst float32 error " + worst);
    }

    /** Multiples of 1/64, which float32 and the lattice both hold exactly. */
    private static NDArray image(final NDManager scope) {
        return new TorchNoise(4)
                .draw(scope, 1, RandomNetwork.CHANNELS, RandomNetwork.SIDE, RandomNetwork.SIDE)
                .mul(32)
                .round()
                .div(64);
    }
}
