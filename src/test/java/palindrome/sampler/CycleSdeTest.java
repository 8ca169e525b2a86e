package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

class CycleSdeTest {

    private static final double TOLERANCE = 1e-10;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Both directions, both ends, every prediction type, on the lattice: equal to the last bit. */
    @ParameterizedTest
    @EnumSource(CycleSde.Encoding.class)
    void theRecordLeadsBackToEveryBit(final CycleSde.Encoding encoding) {
        final Arithmetic lattice = new Lattice();
        try (RandomNetwork network = new RandomNetwork(manager)) {
            for (final double eta : new double[] {.1, 1})
                for (final PredictionType type : PredictionType.values())
                    for (final double guidance : new double[] {1, 7.5})
                        for (final int steps : new int[] {2, 7, 50})
                            for (final double strength : new double[] {.5, 1}) {
                                final Sampler sampler = new CycleSde(encoding, eta, new TorchNoise(3), lattice);
                                final NodeGrid grid =
                                        ToyData.stableDiffusion(steps).withStrength(strength, 2);
                                final Predictor predictor = network.predictor(grid, type, guidance);
                                try (NDManager scope = manager.newSubManager()) {
                                    final NDArray image = new TorchNoise(4)
                                            .draw(
                                                    scope,
                                                    1,
                                                    RandomNetwork.CHANNELS,
                                                    RandomNetwork.SIDE,
                                                    RandomNetwork.SIDE)
                                            .mul(32)
                                            .round()
                                            .div(64);
                                    final Latent noisy = sampler.invert(image, grid, predictor, StepListener.NONE);
                                    final Latent clean = sampler.sample(noisy, grid, predictor, StepListener.NONE);
                                    assertTrue(clean.states().get(0).contentEquals(lattice.store(image, 1)));
                                    assertTrue(noisy.sameAs(sampler.invert(clean, grid, predictor, StepListener.NONE)));
                                    assertTrue(clean.sameAs(sampler.sample(noisy, grid, predictor, StepListener.NONE)));
                                }
                            }
        }
    }

    @Test
    void generatedImagesLeadBackToTheirNoise() {
        final NodeGrid grid = ToyData.stableDiffusion(10);
        final Sampler sampler = new CycleSde(CycleSde.Encoding.MARKOV, 1, new TorchNoise(3), new Lattice());
        final NDArray noise = new TorchNoise(1).draw(manager, 1, 3, 8, 8);
        final Predictor data = new Elementwise(ToyData.mixture(grid));
        final Latent clean = sampler.generate(noise, grid, data, StepListener.NONE);
        final Latent noisy = sampler.invert(clean, grid, data, StepListener.NONE);
        assertTrue(noisy.states().get(0).contentEquals(new Lattice().store(noise, 1)));
        assertTrue(clean.sameAs(sampler.sample(noisy, grid, data, StepListener.NONE)));
    }

    /** diffusers' CycleDiffusion: the path, the inferred noise and what another prompt makes of it. */
    @Test
    void noiseOfCycleDiffusion() throws IOException {
        final Fixture fixture = Fixture.read("cycle_diffusion");
        for (final JsonObject entry : fixture.cases()) {
            final String name = entry.get("name").getAsString();
            final double eta = entry.get("eta").getAsDouble();
            final double guidance = entry.get("target_guidance").getAsDouble();
            final NodeGrid grid = NodeGrid.of(
                            NoiseSchedule.scaledLinear(1000, .00085, .012),
                            TimestepSpacing.LEADING,
                            entry.get("steps").getAsInt(),
                            1,
                            CleanNode.FIRST_LEVEL)
                    .withStrength(entry.get("strength").getAsDouble(), 2);
            final int[] drawn = {-1};
            final NoiseSource noise = (owner, shape) -> {
                final double[] values = drawn[0] < 0
                        ? fixture.get(name + ".init_noise")
                        : fixture.state(name + ".posterior_noise", drawn[0]);
                drawn[0]++;
                return Tensors.of(owner, values, Fixture.SHAPE);
            };
            final Sampler sampler = new CycleSde(CycleSde.Encoding.POSTERIOR, eta, noise, new FloatingPoint());
            final Elementwise source = new Elementwise((x, node) -> Fixture.network(x, grid.timestep(node)));
            final NDArray image = Tensors.of(manager, fixture.get(name + ".clean"), Fixture.SHAPE);
            final Latent noisy = sampler.invert(image, grid, source, StepListener.NONE);
            final int steps = grid.steps();
            for (int k = 0; k < steps; k++)
                assertArrayEquals(
                        fixture.state(name + ".out.source_states", k),
                        source.inputs().get(k),
                        TOLERANCE);
            for (int k = 0; k < steps; k++) {
                final double fresh = EtaStep.of(grid, steps - k, eta).fresh();
                final double[] inferred = Arrays.stream(noisy.value(k + 1).toDoubleArray())
                        .map(w -> w / fresh)
                        .toArray();
                assertArrayEquals(fixture.state(name + ".out.noise_z", k), inferred, 1e-8);
            }
            final Elementwise target = new Elementwise((x, node) -> Fixture.guided(x, grid.timestep(node), guidance));
            final Latent edited = sampler.sample(noisy, grid, target, StepListener.NONE);
            for (int k = 1; k < steps; k++)
                assertArrayEquals(
                        fixture.state(name + ".out.target_states", k),
                        target.inputs().get(k),
                        TOLERANCE);
            assertArrayEquals(
                    fixture.state(name + ".out.target_states", -1),
                    edited.image().toDoubleArray(),
                    TOLERANCE);
        }
    }

    /** On exact data the recorded noise of the inner steps is standard normal. */
    @Test
    void theRecordIsNoise() {
        final NodeGrid grid = ToyData.stableDiffusion(20);
        final NDArray image =
                new TorchNoise(6).draw(manager, 1, 3, 32, 32).mul(.5).add(.3);
        final Sampler sampler = new CycleSde(CycleSde.Encoding.MARKOV, 1, new TorchNoise(3), new FloatingPoint());
        final Latent noisy = sampler.invert(image, grid, new Elementwise(ToyData.gaussian(grid)), StepListener.NONE);
        for (int i = 20; i >= 8; i--) {
            final double fresh = EtaStep.of(grid, i, 1).fresh();
            final NDArray w = noisy.value(20 - i + 1).div(fresh);
            assertEquals(0, w.mean().getDouble(), .1, "node " + i);
            // The posterior of Gaussian data is narrower than DDPM's fixed variance, the more the coarser the step.
            assertEquals(1, w.square().mean().getDouble(), .25, "node " + i);
        }
    }

    @Test
    void anotherPredictorChangesTheImage() {
        final NodeGrid grid = ToyData.stableDiffusion(10);
        final NDArray image = new TorchNoise(6).draw(manager, 1, 3, 8, 8).mul(.5);
        final Sampler sampler = new CycleSde(CycleSde.Encoding.MARKOV, 1, new TorchNoise(3), new Lattice());
        final Latent noisy = sampler.invert(image, grid, new Elementwise(ToyData.gaussian(grid)), StepListener.NONE);
        final Latent edited = sampler.sample(noisy, grid, new Elementwise(ToyData.mixture(grid)), StepListener.NONE);
        assertTrue(edited.image().sub(image).abs().max().getDouble() > .1);
    }

    @Test
    void aLatentOfOtherStepsIsRefused() {
        final NodeGrid grid = ToyData.stableDiffusion(10);
        final Sampler sampler = new CycleSde(CycleSde.Encoding.MARKOV, 1, new TorchNoise(3), new Lattice());
        final Predictor data = new Elementwise(ToyData.gaussian(grid));
        final NDArray image = new TorchNoise(6).draw(manager, 1, 3, 8, 8);
        final Latent noisy = sampler.invert(image, grid, data, StepListener.NONE);
        assertThrows(
                IllegalArgumentException.class, () -> sampler.sample(noisy, grid.cleanest(9), data, StepListener.NONE));
        assertThrows(IllegalArgumentException.class, () -> sampler.invert(noisy, grid, data, StepListener.NONE));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CycleSde(CycleSde.Encoding.MARKOV, 0, new TorchNoise(3), new Lattice()));
    }

    /** A sampler that draws fresh noise has no way back without a record. */
    @Test
    void stochasticSamplersCannotInvert() {
        final NodeGrid grid = ToyData.stableDiffusion(10);
        final NDArray image = new TorchNoise(6).draw(manager, 1, 3, 8, 8);
        final Predictor data = new Elementwise(ToyData.gaussian(grid));
        for (final OneWayMethod method : List.of(
                new Ddpm(new TorchNoise(0), DdpmVariance.FIXED_SMALL),
                new Ddim(.5, new TorchNoise(0), InversionLabel.SOURCE),
                DpmSolverMultistep.secondSde(new TorchNoise(0)),
                new SdeDpmSolverSinglestep(new TorchNoise(0)))) {
            final Exception exc =
                    assertThrows(IllegalArgumentException.class, () -> new OneWaySampler(method, new Lattice())
                            .invert(image, grid, data, StepListener.NONE));
            assertTrue(exc.getMessage().contains("records its noise"), exc.getMessage());
        }
    }
}
