package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/**
 * Ten steps on closed-form data against values from an independent program
 * (NumPy, float64). The column g is a Gaussian, m a mixture of three.
 */
class GoldenTrajectoryTest {

    private static final double TOLERANCE = 1e-10;
    private static final NodeGrid GRID = ToyData.stableDiffusion(10);

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void gridHasTheKnownNodes() {
        final double[] alpha = {
            1,
            .999147650670,
            .944976474353,
            .867262014408,
            .767345231399,
            .650293413977,
            .524403534361,
            .399770480959,
            .286210959834,
            .191171453433,
            .118342291232
        };
        final double[] sigmaBar = {
            0,
            .041314411997,
            .346186706381,
            .574050259463,
            .835652808033,
            1.168215955048,
            1.623692081516,
            2.292853821789,
            3.347763580662,
            5.134431117518,
            8.390684770219
        };
        for (int i = 0; i <= 10; i++) {
            assertEquals(alpha[i], GRID.alpha(i), 1e-11);
            assertEquals(sigmaBar[i], GRID.sigmaBar(i), 1e-11);
        }
        assertEquals(901, GRID.timestep(10));
    }

    @Test
    void dataPredictTheKnownNoise() {
        final int[] nodes = {10, 5, 1};
        final double[] g = {.967886014272, .895493940417, .115035920656};
        final double[] m = {.976009529665, .642552040597, .060565398614};
        for (int k = 0; k < nodes.length; k++) {
            assertEquals(g[k], ToyData.gaussian(GRID).epsilon(1, nodes[k]), 1e-11);
            assertEquals(m[k], ToyData.mixture(GRID).epsilon(1, nodes[k]), 1e-11);
        }
        assertEquals(.784801475694, ToyData.exactGaussian(GRID, 1, 10, 0), 1e-11);
        assertEquals(.831290126961, ToyData.exactGaussian(GRID, .7, 0, 10), 1e-11);
    }

    @Test
    void ddim() {
        check(this::ddimSample, new double[] {.690427718330}, new double[] {1.050986526542});
        check(f -> ddimInvert(f, InversionLabel.SOURCE), new double[] {.676378365131}, new double[] {.503681099736});
        check(f -> ddimInvert(f, InversionLabel.TARGET), new double[] {.912239090824}, new double[] {.668949356196});
        check(
                formula -> {
                    final Sampler sampler = ddim(InversionLabel.SOURCE);
                    final Latent noisy = sampler.invert(of(.7), GRID, sourceLabelled(formula), StepListener.NONE);
                    return values(sampler.sample(noisy, GRID, new Elementwise(formula), StepListener.NONE));
                },
                new double[] {.559425946889},
                new double[] {.593931524473});
    }

    @Test
    void bdiaSamples() {
        sampled(Bdia.of(1), new double[] {.738389978301, .850425013500}, new double[] {1.173789452482, 1.233596131903});
        sampled(Bdia.of(.94), new double[] {.736806360088, .842289220096}, new double[] {1.168891778898, 1.226495317537
        });
        sampled(Bdia.of(.5), new double[] {.721053172896, .778836317633}, new double[] {1.124648644267, 1.162457212624
        });
    }

    @Test
    void bdiaInverts() {
        inverted(Bdia.of(1), new double[] {.783402482291, .844474638511}, new double[] {.534951938426, .616025964527});
        inverted(
                Bdia.of(.94), new double[] {.772196998767, .863037210837}, new double[] {.513417522851, .638456689564});
        inverted(Bdia.of(.5), new double[] {-7.242529920015, 4.975482382579}, new double[] {
            -9.597347821131, 5.774978009860
        });
    }

    @Test
    void oBelm() {
        sampled(new OBelm(), new double[] {.762160198162, .761385458748}, new double[] {1.199408333121, 1.204216672234
        });
        inverted(new OBelm(), new double[] {1.006181878969, .935972749175}, new double[] {1.083972420012, .534054130711
        });
    }

    /** EDICT's states are x and y; in the table the last two columns of the others are (x_1, x_0) or (x_N, x_(N−1)). */
    @Test
    void edict() {
        final Sampler sampler = new ReversibleSampler(new Edict(.93), new FloatingPoint());
        check(
                f -> values(sampler.generate(of(1), GRID, new Elementwise(f), StepListener.NONE)),
                new double[] {.752044789382, .690215124708},
                new double[] {1.042756364230, 1.020731339341});
        check(
                f -> values(sampler.invert(of(.7), GRID, new Elementwise(f), StepListener.NONE)),
                new double[] {.949507086931, .951317781214},
                new double[] {.663713024679, .664702630081});
    }

    @Test
    void dpmSolver() {
        check(
                f -> values(new OneWaySampler(DpmSolverMultistep.second(), new FloatingPoint())
                        .generate(of(1), GRID, new Elementwise(f), StepListener.NONE)),
                new double[] {.862103325667},
                new double[] {1.365998516109});
    }

    /** x_T is 0.9·80 in EDM's coordinates. */
    @Test
    void edm() {
        final double[] levels = KarrasSpacing.DEFAULT.levels(8);
        final double[] alpha = new double[9];
        final double[] sigma = new double[9];
        alpha[0] = 1;
        for (int i = 1; i <= 8; i++) {
            alpha[i] = 1 / Math.hypot(1, levels[i - 1]);
            sigma[i] = levels[i - 1] * alpha[i];
        }
        final NodeGrid grid = NodeGrid.ofNodes(alpha, sigma, new double[9]);
        final double[][] expected = {{.598262215971, .749864177327}, {.924680692632, 1.425661719922}};
        for (final OneStepSolver solver : new OneStepSolver[] {OneStepSolver.EULER, OneStepSolver.HEUN}) {
            final Sampler sampler = new OneWaySampler(
                    OneStepMethod.edm(solver, KarrasSpacing.DEFAULT, 1, new TorchNoise(0)), new FloatingPoint());
            final NDArray start = of(.9 * 80 * alpha[8]);
            final Elementwise.Formula[] data = {ToyData.gaussian(grid), ToyData.mixture(grid)};
            for (int k = 0; k < 2; k++)
                assertEquals(
                        expected[solver == OneStepSolver.EULER ? 0 : 1][k],
                        values(sampler.generate(start, grid, new Elementwise(data[k]), StepListener.NONE))[0],
                        TOLERANCE);
        }
    }

    @Test
    void roundTripsReturn() {
        for (final ReversibleMethod method :
                new ReversibleMethod[] {Bdia.of(1), Bdia.of(.94), Bdia.of(.5), new OBelm(), new Edict(.93)}) {
            final Sampler sampler = new ReversibleSampler(method, new FloatingPoint());
            final Elementwise predictor = new Elementwise(ToyData.mixture(GRID));
            final Latent noisy = sampler.invert(of(.7), GRID, predictor, StepListener.NONE);
            final Latent clean = sampler.sample(noisy, GRID, predictor, StepListener.NONE);
            assertEquals(.7, clean.image().toDoubleArray()[0], 1e-12, method.name());
        }
    }

    private void sampled(final ReversibleMethod method, final double[] g, final double[] m) {
        final Sampler sampler = new ReversibleSampler(method, new FloatingPoint());
        // The table gives (x_1, x_0).
        check(f -> reversed(values(sampler.generate(of(1), GRID, new Elementwise(f), StepListener.NONE))), g, m);
    }

    /**
     * The table starts with the noise in the clean node itself, which is 0 for data
     * without noise, so that x_1 = α_1·x_0; a network is asked at node 1 instead.
     */
    private void inverted(final ReversibleMethod method, final double[] g, final double[] m) {
        final ReversibleSampler sampler = new ReversibleSampler(method, new FloatingPoint());
        check(
                f -> {
                    final Latent pair = sampler.pair(of(.7), of(.7 * GRID.alpha(1)), End.CLEAN, GRID);
                    return values(sampler.invert(pair, GRID, new Elementwise(f), StepListener.NONE));
                },
                g,
                m);
    }

    private double[] ddimSample(final Elementwise.Formula formula) {
        return values(ddim(InversionLabel.SOURCE).generate(of(1), GRID, new Elementwise(formula), StepListener.NONE));
    }

    private double[] ddimInvert(final Elementwise.Formula formula, final InversionLabel label) {
        final Predictor predictor = label == InversionLabel.SOURCE ? sourceLabelled(formula) : new Elementwise(formula);
        return values(ddim(label).invert(of(.7), GRID, predictor, StepListener.NONE));
    }

    /** As in {@link #inverted}: no noise in the clean node. */
    private static Elementwise sourceLabelled(final Elementwise.Formula formula) {
        return Elementwise.startingWith((x, node) -> 0, formula);
    }

    private static Sampler ddim(final InversionLabel label) {
        return new OneWaySampler(new Ddim(0, new TorchNoise(0), label), new FloatingPoint());
    }

    private static void check(final Function<Elementwise.Formula, double[]> run, final double[] g, final double[] m) {
        assertArrayEquals(g, run.apply(ToyData.gaussian(GRID)), TOLERANCE);
        assertArrayEquals(m, run.apply(ToyData.mixture(GRID)), TOLERANCE);
    }

    private NDArray of(final double value) {
        return Tensors.of(manager, new double[] {value}, 1, 1, 1, 1);
    }

    private static double[] values(final Latent latent) {
        final double[] values = new double[latent.states().size()];
        for (int slot = 0; slot < values.length; slot++)
            values[slot] = latent.value(slot).toDoubleArray()[0];
        return values;
    }

    private static double[] reversed(final double[] pair) {
        return new double[] {pair[1], pair[0]};
    }
}
