package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ij.ImagePlus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import palindrome.edit.EncodedImage;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.sampler.Arithmetic;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.Lattice;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.SamplingException;
import palindrome.sampler.SinglePrecision;
import palindrome.sampler.TorchNoise;

/**
 * Runs several samplers on one image and measures what their papers claim: round-trip error against steps, distance to
 * the exact path against evaluations and seconds, and the health of latents against γ and guidance. A run that a
 * sampler cannot make is left out and noted.
 */
public final class CompareSamplers {

    private static final List<Arithmetic> ARITHMETICS =
            List.of(new SinglePrecision(), new FloatingPoint(), new Lattice());
    private static final double[] GAMMAS = {0.5, 0.7, 0.8, 0.9, 0.96, 1};
    private static final double[] GUIDANCES = {1, 2, 3, 5, 7.5};
    /** They draw a random path, not that of the ODE. */
    private static final Set<SamplerChoice> RANDOM = EnumSet.of(SamplerChoice.CYCLE_SDE, SamplerChoice.CYCLE_DIFFUSION);
    /** Fine beside what users sample with, and a small part of the work. */
    private static final int SOLUTION_STEPS = 80;

    private static final int SOLUTION_FACTOR = 2;
    private static final long SEED = 1;

    private final OpenedModel model;
    private final List<SamplerChoice> samplers;
    private final List<Integer> steps;
    private final double guidance;
    private final String prompt;

    /**
     * @param model the model to run
     * @param samplers the methods; one without an inverse is measured where it needs none
     * @param steps numbers of steps, each at least 2; the health is measured at the middle one
     * @param guidance weight of classifier-free guidance, at least 0
     * @param prompt what the image shows; where it is blank, guidance does nothing and is not varied
     */
    public CompareSamplers(
            final OpenedModel model,
            final List<SamplerChoice> samplers,
            final List<Integer> steps,
            final double guidance,
            final String prompt) {
        this.model = model;
        this.samplers = List.copyOf(samplers);
        this.steps = steps.stream().distinct().sorted().toList();
        this.guidance = guidance;
        this.prompt = prompt;
    }

    /**
     * All measurements, for people.
     *
     * @param results filled with one row a measurement
     * @param plots those of which something was measured
     * @param notes one sentence for each run that could not be made
     */
    public record Result(ComparisonTable results, Map<ComparisonFigure, ImagePlus> plots, List<String> notes) {}

    /**
     * @param names separated by commas, or {@code all} for every sampler that has an inverse
     * @return the samplers
     * @throws IllegalArgumentException listing the names, if one is unknown
     */
    public static List<SamplerChoice> samplers(final String names) {
        if (names.strip().equalsIgnoreCase("all"))
            return Arrays.stream(SamplerChoice.values())
                    .filter(choice -> choice.inverse() != SamplerChoice.Inverse.NONE)
                    .toList();
        return Arrays.stream(names.split(",")).map(SamplerChoice::of).distinct().toList();
    }

    /**
     * @param image numbers with the axes X, Y and channel, multiples of 2⁻²⁴ within about [−1, 1], of any size
     * @param progress told before every network call, and asked whether to go on
     * @throws java.util.concurrent.CancellationException if the user canceled; all native memory is freed
     */
    public Result run(final RandomAccessibleInterval<? extends RealType<?>> image, final Progress progress) {
        final Comparison comparison = measure(image, progress);
        final ComparisonPlots plots = new ComparisonPlots(comparison);
        return new Result(new ComparisonTable(comparison, guidance), plots.images(), comparison.notes());
    }

    Comparison measure(final RandomAccessibleInterval<? extends RealType<?>> image, final Progress progress) {
        try (NDManager manager = model.model().manager().newSubManager()) {
            final EncodedImage encoded = EncodedImage.of(image, model, progress);
            final Comparison comparison = new Run(encoded.state(manager), progress).all();
            encoded.autoencoderError().ifPresent(error -> comparison.notes().add(aboutAutoencoder(error.psnr())));
            return comparison;
        }
    }

    private static String aboutAutoencoder(final double psnr) {
        return String.format(
                Locale.ROOT,
                "All errors are of latents, which is what samplers see. The autoencoder alone returns the image with"
                        + " %.1f dB PSNR, whatever the sampler.",
                psnr);
    }

    /** The plan of one comparison, all of it made before the first network call, and its results. */
    private final class Run {

        private final NDArray image;
        private final Progress progress;
        private final List<Job> jobs = new ArrayList<>();
        private final Set<Double> solutions = new HashSet<>();
        private final Comparison results = new Comparison(
                new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

        /** What to do with the network, and about how many calls it takes. */
        private record Job(String name, long calls, Consumer<Runnable> work) {}

        Run(final NDArray image, final Progress progress) {
            this.image = image;
            this.progress = progress;
        }

        Comparison all() {
            planRoundTrips();
            planOdeErrors();
            planHealth();
            final long calls = jobs.stream().mapToLong(Job::calls).sum();
            progress.stage("Comparing samplers");
            final NetworkCalls counter = new NetworkCalls(progress, Math.max(1, calls));
            jobs.forEach(job -> attempt(job.name(), () -> job.work().accept(counter)));
            return results;
        }

        private void planRoundTrips() {
            for (final SamplerChoice choice : samplers)
                for (final int count : steps)
                    if (choice.inverse() != SamplerChoice.Inverse.NONE)
                        for (final Arithmetic arithmetic : arithmetics(choice))
                            plan(
                                    Setup.of(choice, count, arithmetic),
                                    guidance,
                                    2,
                                    (subject, setup) ->
                                            results.roundTrips().add(RoundTripRun.measure(subject, setup, image)));
        }

        /** NB: the steps of a one-way sampler are float64 whatever its latent is kept in. */
        private static List<Arithmetic> arithmetics(final SamplerChoice choice) {
            return choice.isExact() ? ARITHMETICS : List.of(new FloatingPoint());
        }

        private void planOdeErrors() {
            final NDArray noise = new TorchNoise(SEED)
                    .draw(image.getManager(), image.getShape().getShape());
            final int fine = Math.min(
                    model.model().scheduler().schedule().levels(),
                    Math.max(SOLUTION_STEPS, SOLUTION_FACTOR * steps.get(steps.size() - 1)));
            final FineSolution reference = new FineSolution(noise, fine);
            for (final SamplerChoice choice : samplers)
                for (final int count : steps)
                    if (choice.inverse() != SamplerChoice.Inverse.NONE && !RANDOM.contains(choice))
                        plan(
                                Setup.of(choice, count, new FloatingPoint()),
                                guidance,
                                1,
                                setup -> solutionCalls(setup, fine),
                                (subject, setup) ->
                                        results.odeErrors().add(OdeError.measure(subject, setup, noise, reference)));
        }

        /** @return evaluations of a solution that was not needed before */
        private int solutionCalls(final Setup setup, final int fine) {
            final NodeGrid grid = setup.grid(model.model());
            return solutions.add(grid.sigmaBar(grid.steps())) ? FineSolution.evaluations(fine) : 0;
        }

        private void planHealth() {
            final int middle = steps.get(steps.size() / 2);
            if (samplers.contains(SamplerChoice.BDIA))
                for (final double gamma : GAMMAS)
                    plan(
                            new Setup(
                                    SamplerChoice.BDIA,
                                    SamplerSettings.defaults().withGamma(gamma),
                                    middle,
                                    new Lattice()),
                            guidance,
                            1,
                            (subject, setup) -> results.overGamma().add(HealthAt.measure(subject, setup, image)));
            if (prompt.isBlank()) {
                results.notes().add("Without a prompt guidance does nothing, so it was not varied.");
                return;
            }
            for (final SamplerChoice choice : samplers)
                if (choice.isExact())
                    for (final double scale : GUIDANCES)
                        plan(
                                Setup.of(choice, middle, new Lattice()),
                                scale,
                                1,
                                (subject, setup) ->
                                        results.overGuidance().add(HealthAt.measure(subject, setup, image)));
        }

        private void plan(
                final Setup setup, final double scale, final int ways, final BiConsumer<Subject, Setup> measurement) {
            plan(setup, scale, ways, one -> 0, measurement);
        }

        private void plan(
                final Setup setup,
                final double scale,
                final int ways,
                final ToIntFunction<Setup> more,
                final BiConsumer<Subject, Setup> measurement) {
            final String name = setup + (scale == guidance ? "" : ", guidance " + scale);
            attempt(name, () -> {
                final int evaluations = ways * setup.evaluations(model.model()) + more.applyAsInt(setup);
                final Subject planned = new Subject(model, prompt, scale, () -> {});
                jobs.add(new Job(
                        name,
                        (long) evaluations * planned.networkCalls(),
                        counter -> measurement.accept(new Subject(model, prompt, scale, counter), setup)));
            });
        }

        private void attempt(final String name, final Runnable work) {
            try {
                work.run();
            } catch (final IllegalArgumentException | SamplingException exc) {
                results.notes().add("Left out " + name + ": " + exc.getMessage());
            }
        }
    }
}
