package palindrome.evaluate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ij.ImagePlus;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import palindrome.engine.Tensors;
import palindrome.model.DiffusionModel;
import palindrome.model.ModelCatalog;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.SamplerChoice;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Times what users wait for, on the bundled model and the CPU:
 *
 * <pre>
 * java -cp target/Palindrome_.jar palindrome.evaluate.Benchmark
 * </pre>
 *
 * Every figure is the median of several repetitions.
 */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        description = "Times inversion and reconstruction with the bundled model on the CPU.")
public final class Benchmark implements Callable<Integer> {

    private static final double ROUND_TRIP_LIMIT = 90;
    private static final double ARITHMETIC_LIMIT = 0.05;
    private static final double START_LIMIT = 3;
    private static final int EVALUATIONS = 10;
    private static final int GOLDEN = 0x9E3779B1;

    @Option(names = "--steps", defaultValue = "50", description = "sampler steps (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(
            names = "--size",
            defaultValue = "256",
            description = "width and height of the RGB image in pixels (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(
            names = "--repeat",
            defaultValue = "3",
            description = "repetitions, of which the median counts (default: ${DEFAULT-VALUE})")
    private int repeat;

    @Spec
    private CommandSpec spec;

    /** @param args see {@code --help} */
    public static void main(final String... args) {
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.setProperty("java.awt.headless", "true");
        final int status = new CommandLine(new Benchmark()).execute(args);
        // NB: the tensor engine leaves threads behind.
        System.exit(status);
    }

    @Override
    public Integer call() throws IOException {
        if (repeat < 1) throw new CommandLine.ParameterException(spec.commandLine(), "--repeat must be at least 1.");
        final PrintWriter out = spec.commandLine().getOut();
        out.printf("Bundled model, RGB image of %d × %d, %d steps, guidance 1.%n", size, size, steps);
        out.printf("Load %s before. Medians of %d.%n", text(Machine.load()), repeat);
        // NB: the very first command starts the engine too, so it comes before all else.
        starts(out);
        out.println(Machine.describe());
        loading(out);
        try (DiffusionModel model = ModelCatalog.open(ModelCatalog.BUNDLED, Device.cpu());
                NDManager manager = model.manager().newSubManager()) {
            final NDArray pixels = Tensors.of(manager, pattern(), 1, 3, size, size);
            evaluation(model, pixels, out);
            roundTrips(model, pixels, out);
        }
        out.printf(
                "%nPeak memory of the process: %s MiB. Load %s after.%n",
                text(Machine.peakMemory()), text(Machine.load()));
        out.flush();
        return 0;
    }

    private void starts(final PrintWriter out) {
        final ImagePlus image = new ImagePlus("benchmark", new ColorProcessor(size, size));
        final double cold;
        final List<Double> warm = new ArrayList<>();
        try (CommandStart start = new CommandStart()) {
            cold = start.seconds(image);
            for (int i = 0; i < repeat; i++) warm.add(start.seconds(image));
        }
        out.println();
        out.printf("From command to first network call, new JVM   %7.2f s%n", cold);
        final double seconds = Median.of(warm, s -> s);
        out.printf(
                "From command to first network call, warm JVM  %7.2f s   limit %.0f s: %s%n",
                seconds, START_LIMIT, verdict(seconds <= START_LIMIT));
        out.flush();
    }

    private void loading(final PrintWriter out) throws IOException {
        final List<Double> loads = new ArrayList<>();
        final List<Double> hashes = new ArrayList<>();
        for (int i = 0; i < repeat; i++) {
            final long start = System.nanoTime();
            try (DiffusionModel model = ModelCatalog.open(ModelCatalog.BUNDLED, Device.cpu())) {
                final long opened = System.nanoTime();
                model.sha256();
                loads.add((opened - start) * 1e-9);
                hashes.add((System.nanoTime() - opened) * 1e-9);
            }
        }
        out.printf("Loading the bundled model                     %7.2f s%n", Median.of(loads, s -> s));
        out.printf("SHA-256 of its weights                        %7.2f s%n", Median.of(hashes, s -> s));
        out.flush();
    }

    /** One evaluation alone, after a first one that compiles the kernels. */
    private void evaluation(final DiffusionModel model, final NDArray pixels, final PrintWriter out) {
        final NodeGrid grid = model.scheduler().grid(steps);
        final List<Double> times = new ArrayList<>();
        try (NDManager manager = model.manager().newSubManager()) {
            final TimedPredictor first = new TimedPredictor(RoundTrip.noise(model, grid, manager));
            final NDArray state = RoundTrip.state(model, pixels);
            state.attach(manager);
            first.epsilon(state, steps / 2).close();
            for (int i = 0; i < EVALUATIONS; i++) {
                final TimedPredictor again = new TimedPredictor(RoundTrip.noise(model, grid, manager));
                again.epsilon(state, steps / 2).close();
                times.add(again.seconds());
            }
            out.printf("First network evaluation                      %7.3f s%n", first.seconds());
            out.printf(
                    "Network evaluation (median of %d)             %7.3f s%n", EVALUATIONS, Median.of(times, s -> s));
        }
        out.flush();
    }

    private void roundTrips(final DiffusionModel model, final NDArray pixels, final PrintWriter out) {
        out.println();
        out.println("Invert + reconstruct");
        out.println("sampler    evaluations   total s   s/evaluation   arithmetic/network   identical   noise");
        boolean fast = true;
        boolean light = true;
        for (final SamplerChoice choice : SamplerChoice.values()) {
            if (!choice.isExact()) continue;
            final List<RoundTrip> runs = new ArrayList<>();
            for (int i = 0; i < repeat; i++) runs.add(RoundTrip.run(model, choice, steps, pixels));
            final double seconds = Median.of(runs, RoundTrip::seconds);
            final double share = Median.of(runs, RoundTrip::arithmeticShare);
            fast &= seconds <= ROUND_TRIP_LIMIT;
            light &= share <= ARITHMETIC_LIMIT;
            out.printf(
                    "%-10s %11d %9.2f %14.3f %18.2f %% %11s   %s%n",
                    choice.label(),
                    runs.get(0).evaluations(),
                    seconds,
                    Median.of(runs, RoundTrip::secondsPerEvaluation),
                    100 * share,
                    runs.stream().allMatch(RoundTrip::identical) ? "yes" : "NO",
                    fingerprint(runs));
            out.flush();
        }
        out.printf(
                "limits: total %.0f s: %s; arithmetic %.0f %%: %s%n",
                ROUND_TRIP_LIMIT, verdict(fast), 100 * ARITHMETIC_LIMIT, verdict(light));
    }

    /** Smooth and coloured, in multiples of 2⁻⁷: an 8-bit image. */
    private double[] pattern() {
        final double[] values = new double[3 * size * size];
        Arrays.setAll(values, i -> {
            final int x = i % size;
            final int y = i / size % size;
            final int channel = i / (size * size);
            final double wave =
                    Math.sin(0.07 * (channel + 1) * x) * Math.cos(0.05 * y) + 0.1 * (i * GOLDEN >>> 24) / 256;
            return Math.round(120 * wave / 1.1) / 128.0;
        });
        return values;
    }

    private static String fingerprint(final List<RoundTrip> runs) {
        final List<String> distinct =
                runs.stream().map(RoundTrip::fingerprint).distinct().toList();
        return distinct.size() == 1 ? distinct.get(0) : "differs from run to run";
    }

    private static String verdict(final boolean met) {
        return met ? "met" : "NOT MET";
    }

    private static String text(final OptionalDouble value) {
        return value.isPresent() ? String.format("%.1f", value.getAsDouble()) : "unknown";
    }
}
