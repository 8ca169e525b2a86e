package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ij.measure.ResultsTable;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import palindrome.sampler.CleanNode;
import palindrome.sampler.End;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoiseSchedule;
import palindrome.sampler.Predictor;
import palindrome.sampler.Sampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.StepListener;
import palindrome.sampler.TimestepSpacing;
import palindrome.sampler.TorchNoise;

/**
 * "SDE beats ODE" (Nie et al. 2024): what a sampler with fresh or recorded noise makes of a latent that is not as it
 * should be. First with numbers, where divergences are known, then with images whose latents were patched.
 */
final class RandomnessPart {

    private static final int[] RECURSION_STEPS = {25, 100, 1000};
    private static final int MIXTURE_STEPS = 200;
    private static final double PRIOR_VARIANCE = 0.25;
    private static final int STEPS = 50;
    private static final double STRENGTH = 0.6;

    private final Study study;
    private final List<ColorProcessor> fine;

    /** @param fine images of the model; the first ones are edited, all are what edits should be like */
    RandomnessPart(final Study study, final List<ColorProcessor> fine) {
        this.study = study;
        this.fine = fine;
    }

    void run(final Report report) throws IOException {
        report.table("divergence-gaussian", gaussian());
        report.table("divergence-mixture", mixture());
        images(report);
    }

    /** Stable Diffusion's schedule, evenly spaced, with a noise-free clean node. */
    static NodeGrid grid(final int steps) {
        return NodeGrid.of(
                NoiseSchedule.scaledLinear(1000, 0.00085, 0.012),
                TimestepSpacing.LINSPACE,
                steps,
                0,
                CleanNode.NOISE_FREE);
    }

    private static ResultsTable gaussian() {
        final GaussianData data = new GaussianData(0.3, 0.5);
        final ResultsTable table = new ResultsTable();
        for (final double[] prior : new double[][] {{2, PRIOR_VARIANCE}, {1, 1}, {0, PRIOR_VARIANCE}})
            for (final double eta : new double[] {0, 0.5, 1}) {
                table.incrementCounter();
                table.addValue("Prior", "N(" + prior[0] + ", " + prior[1] + ")");
                table.addValue("η", String.valueOf(eta));
                for (final int steps : RECURSION_STEPS) {
                    final GaussianDivergence kl = GaussianDivergence.of(data, grid(steps), eta, prior[0], prior[1]);
                    if (steps == RECURSION_STEPS[0]) table.addValue("Before", Estimate.text(kl.before()));
                    table.addValue("After " + steps + " steps", Estimate.text(kl.after()));
                }
            }
        return table;
    }

    private ResultsTable mixture() {
        final Map<String, ToDoubleFunction<Random>> priors = new LinkedHashMap<>();
        priors.put("N(1, 0.25)", random -> 1 + 0.5 * random.nextGaussian());
        priors.put("U(−2, 2)", random -> 4 * random.nextDouble() - 2);
        priors.put("N(0, 1)", Random::nextGaussian);
        final ResultsTable table = new ResultsTable();
        priors.forEach((name, prior) -> {
            table.incrementCounter();
            table.addValue("Prior", name);
            for (final int eta : new int[] {0, 1}) {
                final MixtureDivergence kl =
                        MixtureDivergence.of(study.mixtureSamples(), grid(MIXTURE_STEPS), eta, prior, 1);
                if (eta == 0) table.addValue("Before", Estimate.text(kl.before()));
                table.addValue(eta == 0 ? "After, ODE (η = 0)" : "After, SDE (η = 1)", Estimate.text(kl.after()));
            }
        });
        return table;
    }

    private void images(final Report report) throws IOException {
        final List<Way> ways = List.of(
                new Way("DDIM (ODE)", SamplerChoice.DDIM, SamplerChoice.DDIM, 1),
                new Way("O-BELM (ODE)", SamplerChoice.O_BELM, SamplerChoice.O_BELM, 2),
                new Way("DDPM (SDE)", SamplerChoice.CYCLE_SDE, SamplerChoice.DDPM, 1),
                new Way("Cycle-SDE", SamplerChoice.CYCLE_SDE, SamplerChoice.CYCLE_SDE, 1));
        final ResultsTable table = new ResultsTable();
        final Map<Way, double[]> harm = new LinkedHashMap<>();
        for (final Way way : ways) {
            final List<SampleDistance> whole = distances(way, false);
            final List<SampleDistance> patched = distances(way, true);
            harm.put(way, changes(whole, patched, SampleDistance::patches));
            table.incrementCounter();
            table.addValue("Decoded by", way.label());
            table.addValue("Patches, as it was", estimate(whole, SampleDistance::patches));
            table.addValue("Patches, patched", estimate(patched, SampleDistance::patches));
            table.addValue("Change", Estimate.of(harm.get(way)).toString());
            table.addValue("Nuclei, as it was", estimate(whole, SampleDistance::counts));
            table.addValue("Nuclei, patched", estimate(patched, SampleDistance::counts));
            table.addValue(
                    "Change of nuclei",
                    Estimate.of(changes(whole, patched, SampleDistance::counts)).toString());
        }
        report.table("edited-latents", table);
        final List<String> claims = new ArrayList<>();
        for (final Way random : ways.subList(2, 4))
            for (final Way fixed : ways.subList(0, 2))
                claims.add("- "
                        + Estimate.claim(
                                "A patch does less harm with " + random.label() + " than with " + fixed.label(),
                                harm.get(random),
                                harm.get(fixed)));
        report.text("edited-latents-claims", String.join("\n", claims));
    }

    private List<SampleDistance> distances(final Way way, final boolean patch) {
        final List<SampleDistance> distances = new ArrayList<>();
        for (int group = 0; group < study.groups(); group++)
            distances.add(SampleDistance.of(decoded(way, patch, group), fine, 1));
        return distances;
    }

    private static String estimate(
            final List<SampleDistance> distances, final ToDoubleFunction<SampleDistance> number) {
        return Estimate.of(distances.stream().mapToDouble(number).toArray()).toString();
    }

    /** @return of each group, what the patch adds to a distance */
    private static double[] changes(
            final List<SampleDistance> whole,
            final List<SampleDistance> patched,
            final ToDoubleFunction<SampleDistance> number) {
        final double[] changes = new double[whole.size()];
        for (int group = 0; group < changes.length; group++)
            changes[group] = number.applyAsDouble(patched.get(group)) - number.applyAsDouble(whole.get(group));
        return changes;
    }

    /**
     * From an image to a latent and back.
     *
     * @param label what the table says
     * @param there to the noise
     * @param back from the noise
     * @param images states of the latent, from the first on, that are images with noise
     */
    private record Way(String label, SamplerChoice there, SamplerChoice back, int images) {}

    private List<ColorProcessor> decoded(final Way way, final boolean patch, final int group) {
        final List<ColorProcessor> decoded = new ArrayList<>();
        for (int i = 0; i < study.samples(); i++) {
            final int seed = group * study.samples() + i;
            decoded.add(decoded(way, patch, fine.get(seed % fine.size()), seed));
        }
        return decoded;
    }

    private ColorProcessor decoded(final Way way, final boolean patch, final ColorProcessor image, final long seed) {
        final Sampler there = sampler(way.there(), seed);
        final NodeGrid grid = Setup.of(way.there(), STEPS, new FloatingPoint())
                .grid(study.subject().model())
                .withStrength(STRENGTH, there.minimumSteps());
        try (NDManager manager = study.subject().model().manager().newSubManager()) {
            final Predictor predictor = study.subject().predictor(grid, manager);
            final NDArray state = study.state(image, manager);
            final Latent noisy = there.invert(state, grid, predictor, StepListener.NONE);
            final Latent edited = patch ? PatchedLatent.of(noisy, way.images()) : noisy;
            final Latent start = way.there() == way.back() ? edited : noiseOnly(edited);
            return study.image(sampler(way.back(), seed)
                    .sample(start, grid, predictor, StepListener.NONE)
                    .image());
        }
    }

    private static Sampler sampler(final SamplerChoice choice, final long seed) {
        return Setup.of(choice, STEPS, new FloatingPoint())
                .withNoise(new TorchNoise(seed))
                .sampler();
    }

    /** What a sampler that draws fresh noise takes of a latent with a record. */
    private static Latent noiseOnly(final Latent latent) {
        return new Latent(
                latent.states().subList(0, 1),
                latent.scales().subList(0, 1),
                latent.nodes().subList(0, 1),
                End.NOISY,
                End.NOISY,
                latent.arithmetic());
    }
}
