package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules, spacings, and what a grid refuses. */
class NodeGridTest {

    private static final NoiseSchedule SD = NoiseSchedule.scaledLinear(1000, 0.00085, 0.012);

    @Test
    void schedulesHaveTheKnownConstants() {
        assertEquals(0.99915, SD.alphaCumprod(0), 1e-12);
        assertEquals(0.998296027838451, SD.alphaCumprod(1), 1e-13);
        assertEquals(0.981314362200552, SD.alphaCumprod(20), 1e-13);
        assertEquals(0.277669650456468, SD.alphaCumprod(499), 1e-13);
        assertEquals(0.004660098513077, SD.alphaCumprod(999), 1e-13);
        final NoiseSchedule linear = NoiseSchedule.linear(1000, 1e-4, 0.02);
        assertEquals(0.0100005, sigmaBar(linear, 0), 1e-7);
        assertEquals(0.014830924, sigmaBar(linear, 1), 1e-9);
        assertEquals(157.407280810, sigmaBar(linear, 999), 1e-6);
        final double[] rescaled = SD.withZeroTerminalSnr().alphasCumprod();
        assertEquals(SD.alphaCumprod(0), rescaled[0], 1e-15);
        assertEquals(0, rescaled[999]);
    }

    @Test
    void spacingsVisitTheLevelsOfDiffusers() {
        assertArrayEquals(new int[] {1, 143, 285, 427, 569, 711, 853}, TimestepSpacing.LEADING.timesteps(7, 1000, 1));
        assertArrayEquals(new int[] {19, 39, 59}, first(TimestepSpacing.TRAILING.timesteps(50, 1000, 0)));
        assertEquals(999, TimestepSpacing.TRAILING.timesteps(50, 1000, 0)[49]);
        final int[] linspace = TimestepSpacing.LINSPACE.timesteps(50, 1000, 0);
        assertArrayEquals(new int[] {0, 20, 41}, first(linspace));
        assertArrayEquals(new int[] {958, 979, 999}, new int[] {linspace[47], linspace[48], linspace[49]});
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 0, 1, 1001, 100000})
    void stepsOutOfRangeAreRefusedWithTheRange(final int steps) {
        final Exception exc = assertThrows(
                IllegalArgumentException.class,
                () -> NodeGrid.of(SD, TimestepSpacing.LEADING, steps, 0, CleanNode.NOISE_FREE));
        assertTrue(exc.getMessage().contains("Steps is " + steps), exc.getMessage());
        assertTrue(exc.getMessage().contains("2 to 1000"), exc.getMessage());
    }

    @Test
    void stepsThatDoNotDivideTheLevelsKeepTheirCount() {
        for (final int steps : new int[] {3, 7, 30, 70, 333, 999})
            for (final TimestepSpacing spacing : TimestepSpacing.values())
                assertEquals(
                        steps,
                        NodeGrid.of(SD, spacing, steps, 0, CleanNode.NOISE_FREE).steps());
    }

    @Test
    void aRepeatedCleanNodeIsRefusedWithTheRemedy() {
        final Exception exc = assertThrows(
                IllegalArgumentException.class,
                () -> NodeGrid.of(SD, TimestepSpacing.LEADING, 10, 0, CleanNode.FIRST_LEVEL));
        assertTrue(exc.getMessage().contains("noise-free clean node"), exc.getMessage());
    }

    @Test
    void noiseAloneIsLeftOutForExactSamplers() {
        final NodeGrid grid =
                NodeGrid.of(SD.withZeroTerminalSnr(), TimestepSpacing.TRAILING, 10, 0, CleanNode.NOISE_FREE);
        assertTrue(grid.endsInNoiseAlone());
        assertEquals(Double.POSITIVE_INFINITY, grid.sigmaBar(10));
        final NodeGrid finite = grid.withSignal();
        assertEquals(9, finite.steps());
        assertFalse(finite.endsInNoiseAlone());
        assertSame(finite, finite.withSignal());
        for (final ReversibleMethod method : new ReversibleMethod[] {new OBelm(), Bdia.of(1), new Edict(.93)}) {
            final Exception exc =
                    assertThrows(IllegalArgumentException.class, () -> new ReversibleSampler(method).evaluations(grid));
            assertTrue(exc.getMessage().contains("noise alone"), exc.getMessage());
        }
    }

    /** The values of algorithms' table for 8 levels from 0.002 to 80. */
    @Test
    void karrasLevelsAreThePublishedOnes() {
        final double[] levels = KarrasSpacing.DEFAULT.levels(8);
        final double[] expected = {
            .002, .035186650991, .267475361379, 1.286614269579, 4.637074968688, 13.698574682940, 34.992189004746, 80
        };
        for (int i = 0; i < 8; i++) assertEquals(expected[i], levels[i], 1e-11);
    }

    @Test
    void karrasNodesStayInsideOfTheModel() {
        final NodeGrid grid = NodeGrid.karras(SD, 10, KarrasSpacing.DEFAULT.withChurn(4));
        assertEquals(10, grid.steps());
        assertEquals(SD.sigmaBar(0), grid.sigmaBar(1), 1e-12);
        assertEquals(SD.sigmaBar(999), grid.sigmaBar(10), 1e-12);
        assertEquals(999, grid.timestep(10), 1e-9);
        assertEquals(0, grid.timestep(1), 1e-9);
        for (int i = 1; i <= 10; i++) {
            final int raised = grid.raised(i);
            assertEquals(grid.sigmaBar(i) * 1.4, grid.sigmaBar(raised), 1e-12);
            assertEquals(1, Math.hypot(grid.alpha(i), grid.sigma(i)), 1e-12);
        }
        final NodeGrid part = grid.cleanest(4);
        for (int i = 1; i <= 4; i++) assertEquals(grid.sigmaBar(grid.raised(i)), part.sigmaBar(part.raised(i)));
        final NodeGrid plain = NodeGrid.karras(SD, 10, KarrasSpacing.DEFAULT);
        assertEquals(7, plain.raised(7));
    }

    @Test
    void timestepsBetweenTheTrainedOnesAreInterpolated() {
        for (final int level : new int[] {0, 1, 500, 999}) assertEquals(level, SD.timestepAt(SD.sigmaBar(level)), 1e-9);
        final double between = Math.sqrt(SD.sigmaBar(10) * SD.sigmaBar(11));
        assertEquals(10.5, SD.timestepAt(between), 1e-9);
        assertEquals(999, SD.timestepAt(1e3));
        assertEquals(0, SD.timestepAt(1e-6));
    }

    @Test
    void badKarrasLevelsAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> new KarrasSpacing(0, 80, 7, 0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new KarrasSpacing(1, 80, 0, 0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> KarrasSpacing.DEFAULT.withChurn(-1));
        assertThrows(IllegalArgumentException.class, () -> NodeGrid.karras(SD, 1, KarrasSpacing.DEFAULT));
        assertThrows(
                IllegalArgumentException.class, () -> NodeGrid.karras(SD, 5, new KarrasSpacing(50, 80, 7, 0, 0, 1)));
    }

    @Test
    void anOffsetBeyondTheLevelsIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> NodeGrid.of(SD, TimestepSpacing.LEADING, 1000, 1, CleanNode.NOISE_FREE));
    }

    @Test
    void strengthKeepsTheCleanestNodes() {
        final NodeGrid grid = ToyData.stableDiffusion(10);
        final NodeGrid part = grid.withStrength(0.3, 2);
        assertEquals(3, part.steps());
        for (int i = 0; i <= 3; i++) {
            assertEquals(grid.sigmaBar(i), part.sigmaBar(i));
            assertEquals(grid.timestep(i), part.timestep(i));
        }
        assertEquals(7, grid.withStrength(0.7, 2).steps());
        assertEquals(2, grid.withStrength(0.05, 2).steps());
        for (final double strength : new double[] {0, -1, 1.01, Double.NaN})
            assertThrows(IllegalArgumentException.class, () -> grid.withStrength(strength, 2));
    }

    @Test
    void theHashIsStableAndTellsGridsApart() {
        final String hash = ToyData.stableDiffusion(10).hash();
        assertEquals("09b30a549f5cdedebe88fbf56069bc5f314478c4be9621ac0c53e5be9a5e536f", hash);
        assertEquals(hash, ToyData.stableDiffusion(10).hash());
        assertNotEquals(hash, ToyData.stableDiffusion(11).hash());
        assertNotEquals(hash, ToyData.stableDiffusion(10).cleanest(9).hash());
    }

    @Test
    void badBetasAreNamed() {
        final Exception exc =
                assertThrows(IllegalArgumentException.class, () -> NoiseSchedule.ofBetas(new double[] {0.1, 1.2}));
        assertTrue(exc.getMessage().contains("level 1 is 1.2"), exc.getMessage());
    }

    private static double sigmaBar(final NoiseSchedule schedule, final int level) {
        return Math.sqrt((1 - schedule.alphaCumprod(level)) / schedule.alphaCumprod(level));
    }

    private static int[] first(final int[] timesteps) {
        return new int[] {timesteps[0], timesteps[1], timesteps[2]};
    }
}
