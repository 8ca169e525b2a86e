package palindrome.evaluate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import palindrome.engine.KernelWatch;
import palindrome.engine.Tensors;
import palindrome.engine.TorchRandom;
import palindrome.guide.GuidedNoise;
import palindrome.model.DiffusionModel;
import palindrome.model.ModelCatalog;
import palindrome.model.TilePlan;
import palindrome.network.Conditioning;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Sampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.StepListener;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Speed and memory of a large model on the CPU, as ratios to what the same machine
 * does at the same time:
 *
 * <pre>
 * java -cp target/Palindrome_.jar palindrome.evaluate.NetworkBenchmark MODEL
 * </pre>
 *
 * A matrix product is timed before and after every evaluation, so that other
 * programs weigh on both sides of the ratio.
 */
@Command(
        name = "network-benchmark",
        mixinStandardHelpOptions = true,
        description = "Speed and memory of a text-conditional model on the CPU, beside a matrix product.")
public final class NetworkBenchmark implements Callable<Integer> {

    private static final double RATE_LIMIT = 0.65;
    private static final double ARITHMETIC_LIMIT = 0.01;
    private static final double LOAD_LIMIT = 3;
    private static final double CANCEL_LIMIT = 2;
    private static final double GUIDANCE = 7.5;
    private static final String FIRST_KERNEL = "timesteps.py";
    private static final String LAST_KERNEL = "conv_out.py";
    private static final String PROMPT = "a benchmark";

    @Parameters(paramLabel = "MODEL", description = "folder or file, as the commands take it")
    private String model;

    @Option(
            names = "--side",
            defaultValue = "64",
            description = "height and width of the state (default: ${DEFAULT-VALUE})")
    private int side;

    @Option(names = "--batch", defaultValue = "2", description = "samples at once (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--repeat",
            defaultValue = "5",
            description = "evaluations, of which the median counts (default: ${DEFAULT-VALUE})")
    private int repeat;

    @Option(
            names = "--steps",
            defaultValue = "3",
            description = "sampler steps to time, 0 for none (default: ${DEFAULT-VALUE})")
    private int steps;

    @Spec
    private CommandSpec spec;

    /** @param args see {@code --help} */
    public static void main(final String... args) {
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.setProperty("java.awt.headless", "true");
        final int status = program().execute(args);
        // NB: the tensor engine leaves threads behind.
        System.exit(status);
    }

    static CommandLine program() {
        return new CommandLine(new NetworkBenchmark()).setExecutionExceptionHandler(new ModelComplaint());
    }

    @Override
    public Integer call() throws IOException {
        if (repeat < 1 || batch < 1 || side < 8)
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--repeat and --batch must be at least 1, --side at least 8.");
        final PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        final Stopwatch opening = Stopwatch.start();
        try (DiffusionModel opened = ModelCatalog.open(model, Device.cpu());
                NDManager manager = opened.manager().newSubManager()) {
            final double seconds = opening.elapsed().seconds();
            out.printf(
                    "Opening %s  %.2f s, limit %.0f s: %s; memory of the process then %.0f MiB%n",
                    opened.name(),
                    seconds,
                    LOAD_LIMIT,
                    verdict(seconds <= LOAD_LIMIT),
                    Machine.memory().orElse(Double.NaN));
            evaluations(opened, manager, out);
            if (steps > 0)
                for (final SamplerChoice choice : List.of(SamplerChoice.O_BELM, SamplerChoice.EDICT))
                    arithmetic(opened, choice, out);
            if (opened.autoencoder().isPresent()) autoencoder(opened, out);
        }
        out.printf(
                "%nPeak memory of the process: %.0f MiB.%n",
                Machine.peakMemory().orElse(Double.NaN));
        out.flush();
        return 0;
    }

    private void evaluations(final DiffusionModel opened, final NDManager manager, final PrintWriter out) {
        if (!(opened.unet() instanceof UNet2DConditionModel unet)
                || !(opened.towards(PROMPT, opened.nativeSize(), manager) instanceof Conditioning.Text text))
            throw new CommandLine.ParameterException(
                    spec.commandLine(), opened.name() + " is told no text; give a model like Stable Diffusion.");
        final UnaryOperator<NDArray> repeated = array -> array.repeat(0, batch);
        final Conditioning context = text.mapped(repeated, repeated);
        final NDArray sample = noise(opened, manager, batch);
        final float[] times = new float[batch];
        Arrays.fill(times, 500);
        final NDArray timesteps = Tensors.of(manager, times, batch);
        final NetworkWork work = NetworkWork.of(unet.config(), batch, side, (int)
                text.encoderHiddenStates().getShape().get(1));
        final double operations = work.layers();
        out.printf(
                "%nOne evaluation, batch %d, %d x %d: %.0f GFLOP, and %.0f of attention, which published figures"
                        + " and the rates below leave out%n",
                batch, side, side, operations * 1e-9, work.attention() * 1e-9);
        out.println("              seconds   processor s   GFLOP/s   product GFLOP/s   ratio   by processor time");
        final List<Stopwatch.Elapsed> elapsed = new ArrayList<>();
        final List<Rate> ratios = new ArrayList<>();
        final List<KernelTimes> kinds = new ArrayList<>();
        float[] first = null;
        boolean same = true;
        try (MatrixProduct product = new MatrixProduct(manager)) {
            Rate before = product.rate();
            // NB: the first evaluation compiles kernels and reads the weights' pages.
            for (int i = 0; i <= repeat; i++) {
                final KernelTimes watch = new KernelTimes();
                final Stopwatch stopwatch = Stopwatch.start();
                final float[] result = watch.during(() -> {
                    try (NDArray output = unet.forward(sample, timesteps, context)) {
                        return output.toFloatArray();
                    }
                });
                final Stopwatch.Elapsed time = stopwatch.elapsed();
                final Rate after = product.rate();
                final Rate ratio = time.rate(operations).over(before, after);
                out.printf(
                        "%-12s %8.2f %13.2f %9.1f %8.1f, %7.1f %7.2f %19.2f%n",
                        i == 0 ? "first" : "",
                        time.seconds(),
                        time.processorSeconds(),
                        operations / time.seconds() * 1e-9,
                        before.wall() * 1e-9,
                        after.wall() * 1e-9,
                        ratio.wall(),
                        ratio.processor());
                out.flush();
                before = after;
                if (first == null) first = result;
                same &= Arrays.equals(first, result);
                if (i == 0) continue;
                elapsed.add(time);
                ratios.add(ratio);
                kinds.add(watch);
            }
        }
        final double median = Median.of(ratios, Rate::wall);
        out.printf(
                "%-12s %8.2f %13.2f %40.2f %19.2f%n",
                "median",
                Median.of(elapsed, Stopwatch.Elapsed::seconds),
                Median.of(elapsed, Stopwatch.Elapsed::processorSeconds),
                median,
                Median.of(ratios, Rate::processor));
        out.printf("limit of the ratio %.2f: %s. ", RATE_LIMIT, verdict(median >= RATE_LIMIT));
        out.printf("The same bits each time: %s.%n%n", same ? "yes" : "NO");
        table(elapsed, kinds, out);
        final double longest = Median.of(kinds, KernelTimes::longest);
        out.printf(
                "Longest kernel, which a cancel has to wait for: %.2f s, limit %.0f s: %s%n",
                longest, CANCEL_LIMIT, verdict(longest <= CANCEL_LIMIT));
        out.flush();
    }

    private static void table(
            final List<Stopwatch.Elapsed> elapsed, final List<KernelTimes> kinds, final PrintWriter out) {
        final Map<String, List<Double>> shares = new LinkedHashMap<>();
        for (int i = 0; i < kinds.size(); i++) {
            final double whole = elapsed.get(i).seconds();
            kinds.get(i).seconds().forEach((kind, s) -> shares.computeIfAbsent(kind, k -> new ArrayList<>())
                    .add(s / whole));
            shares.computeIfAbsent("between kernels", k -> new ArrayList<>())
                    .add(1 - kinds.get(i).total() / whole);
        }
        out.println("Share of an evaluation, medians");
        shares.forEach((kind, values) -> out.printf("  %-42s %5.1f %%%n", kind, 100 * Median.of(values, v -> v)));
    }

    /** What a step takes besides the network: guidance, sampler, lattice, casts. */
    private void arithmetic(final DiffusionModel opened, final SamplerChoice choice, final PrintWriter out) {
        final Sampler sampler = choice.create(SamplerSettings.defaults());
        try (NDManager manager = opened.manager().newSubManager()) {
            final NodeGrid grid = opened.scheduler().grid(steps);
            final GuidedNoise noise = GuidedNoise.of(
                    opened,
                    grid,
                    GuidedNoise.Prompts.of(opened, PROMPT, "", GUIDANCE, opened.nativeSize(), manager),
                    GUIDANCE,
                    () -> {});
            final NDArray state = Tensors.cast(noise(opened, manager, 1), DataType.FLOAT64);
            final NetworkTime network = new NetworkTime();
            final Stopwatch stopwatch = Stopwatch.start();
            network.during(() -> sampler.invert(state, grid, noise, StepListener.NONE));
            final double whole = stopwatch.elapsed().seconds();
            final double share = (whole - network.seconds()) / network.seconds();
            out.printf(
                    "Sampler, guidance and state of %s, %d steps at guidance %.1f: %.2f %% of the network's %.1f s,"
                            + " limit %.0f %%: %s%n",
                    choice.label(),
                    steps,
                    GUIDANCE,
                    100 * share,
                    network.seconds(),
                    100 * ARITHMETIC_LIMIT,
                    verdict(share <= ARITHMETIC_LIMIT));
            out.flush();
        }
    }

    private void autoencoder(final DiffusionModel opened, final PrintWriter out) {
        try (NDManager manager = opened.manager().newSubManager()) {
            final int pixels = side * opened.factor();
            final var space = opened.imageSpace(opened.tilePlan(side, side, TilePlan.USUAL_MEMORY), () -> {});
            final NDArray image = Tensors.zeros(manager, DataType.FLOAT64, 1, opened.imageChannels(), pixels, pixels);
            final Stopwatch encoding = Stopwatch.start();
            final NDArray state = space.toState(image);
            final double encoded = encoding.elapsed().seconds();
            final Stopwatch decoding = Stopwatch.start();
            space.toPixels(state);
            out.printf(
                    "%nAutoencoder, %d x %d pixels: to the state %.1f s, back %.1f s%n",
                    pixels, pixels, encoded, decoding.elapsed().seconds());
            out.flush();
        }
    }

    private NDArray noise(final DiffusionModel opened, final NDManager manager, final int samples) {
        final int channels = opened.stateChannels();
        return Tensors.of(
                manager, new TorchRandom(1).randn(samples * channels * side * side), samples, channels, side, side);
    }

    /** Time from the first kernel of a network to its last. */
    private static final class NetworkTime implements KernelWatch {

        private static final long IDLE = -1;
        private long start = IDLE;
        private long nanos;

        @Override
        public void before(final String kernel, final String method) {
            if (start == IDLE && kernel.equals(FIRST_KERNEL)) start = System.nanoTime();
        }

        @Override
        public void after(final String kernel, final String method) {
            if (!kernel.equals(LAST_KERNEL) || start == IDLE) return;
            nanos += System.nanoTime() - start;
            start = IDLE;
        }

        double seconds() {
            return nanos * 1e-9;
        }
    }

    private static String verdict(final boolean met) {
        return met ? "met" : "NOT MET";
    }
}
