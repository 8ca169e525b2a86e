package palindrome.evaluate;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.edit.Edit;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.SamplingSettings;
import palindrome.model.ModelException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * A whole edit of an image with a large model on the CPU: time, peak memory over the
 * weights for several numbers of steps, and how long a cancel takes in each stage:
 *
 * <pre>
 * java -cp target/Palindrome_.jar palindrome.evaluate.OperationBenchmark MODEL
 * </pre>
 */
@Command(
        name = "operation-benchmark",
        mixinStandardHelpOptions = true,
        description = "Time, memory and answer to a cancel of a whole edit on the CPU.")
public final class OperationBenchmark implements Callable<Integer> {

    private static final double MEMORY_LIMIT = 1536;
    private static final double CANCEL_LIMIT = 2;
    private static final double MEBI = 1024 * 1024;
    private static final int FEWEST_STEPS = 2;
    private static final String SOURCE = "a benchmark";
    private static final String TARGET = "another benchmark";

    @Parameters(paramLabel = "MODEL", description = "folder or file, as the commands take it")
    private String model;

    @Option(
            names = "--size",
            defaultValue = "512",
            description = "height and width of the image (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(
            names = "--steps",
            split = ",",
            defaultValue = "2,6",
            description = "numbers of steps (default: ${DEFAULT-VALUE})")
    private List<Integer> steps;

    @Option(names = "--guidance", defaultValue = "7.5", description = "guidance scale (default: ${DEFAULT-VALUE})")
    private double guidance;

    @Option(
            names = "--cancels",
            defaultValue = "5",
            description = "cancels in each stage, 0 for none (default: ${DEFAULT-VALUE})")
    private int cancels;

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
        return new CommandLine(new OperationBenchmark()).setExecutionExceptionHandler(new ModelComplaint());
    }

    @Override
    public Integer call() throws IOException {
        if (size < 8 || cancels < 0 || steps.stream().anyMatch(n -> n < FEWEST_STEPS))
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--size must be at least 8, --steps at least 2, --cancels at least 0.");
        final PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        if (!Files.exists(Path.of(model)))
            throw new ModelException("There is no file or folder '" + model + "'. Give a model like Stable Diffusion.");
        final RandomAccessibleInterval<DoubleType> image = image();
        try (OpenedModel opened = OpenedModel.open(model, "cpu", Progress.NONE)) {
            final double weights = weights() / MEBI;
            out.printf(
                    "%s, weights %.0f MiB, %d x %d pixels, O-BELM, guidance %.1f%n%n steps   seconds   peak MiB   over the weights%n",
                    opened.choice(), weights, size, size, guidance);
            for (final int count : steps) whole(opened, image, count, weights, out);
            if (cancels > 0) cancels(opened, image, out);
        }
        out.flush();
        return 0;
    }

    private void whole(
            final OpenedModel opened,
            final RandomAccessibleInterval<DoubleType> image,
            final int count,
            final double weights,
            final PrintWriter out)
            throws IOException {
        Machine.forgetPeakMemory();
        final StageTimes stages = new StageTimes();
        final Stopwatch stopwatch = Stopwatch.start();
        edit(opened, image, count, guidance, stages);
        final double seconds = stopwatch.elapsed().seconds();
        final double peak = Machine.peakMemory().orElse(Double.NaN);
        out.printf(
                "%6d %9.1f %10.0f %10.0f, limit %.0f: %s   %s%n",
                count,
                seconds,
                peak,
                peak - weights,
                MEMORY_LIMIT,
                verdict(peak - weights <= MEMORY_LIMIT),
                stages.finished());
        out.flush();
    }

    private void cancels(
            final OpenedModel opened, final RandomAccessibleInterval<DoubleType> image, final PrintWriter out)
            throws IOException {
        final StageTimes stages = new StageTimes();
        edit(opened, image, FEWEST_STEPS, 1, stages);
        // NB: moments are drawn, so that they do not fall together with the beginnings of kernels.
        final Random moments = new Random(1);
        out.printf("%nSeconds from a cancel to its answer, %d in each stage, guidance 1%n", cancels);
        for (final StageTimes.Stage stage : stages.finished()) {
            final List<Double> answers = new ArrayList<>();
            for (int i = 0; i < cancels; i++) {
                final CancelAt user = new CancelAt(stage.name(), moments.nextDouble() * stage.seconds());
                try {
                    edit(opened, image, FEWEST_STEPS, 1, user);
                } catch (final CancellationException exc) {
                    answers.add(user.waited());
                }
            }
            final double longest =
                    answers.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
            out.printf(
                    "  %-16s %.1f s long: median %.2f, longest %.2f of %d, limit %.0f: %s%n",
                    stage.name(),
                    stage.seconds(),
                    answers.isEmpty() ? Double.NaN : Median.of(answers, answer -> answer),
                    longest,
                    answers.size(),
                    CANCEL_LIMIT,
                    verdict(longest <= CANCEL_LIMIT));
            out.flush();
        }
    }

    private void edit(
            final OpenedModel opened,
            final RandomAccessibleInterval<DoubleType> image,
            final int count,
            final double scale,
            final Progress progress)
            throws IOException {
        new Edit(opened, new SamplingSettings("O-BELM", count, "auto", 1, scale))
                .run(image, SOURCE, TARGET, "", progress);
    }

    /** @return bytes of all weights in the model's files */
    private double weights() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(model))) {
            double bytes = 0;
            for (final Path file :
                    files.filter(f -> f.toString().endsWith(".safetensors")).toList()) bytes += Files.size(file);
            return bytes;
        }
    }

    /** A smooth image: what it shows does not matter, and random weights have no taste. */
    private RandomAccessibleInterval<DoubleType> image() {
        final double[] values = new double[3 * size * size];
        for (int i = 0; i < values.length; i++) values[i] = Math.round(Math.sin(i * 1e-3) * 127) / 128.0;
        return ArrayImgs.doubles(values, size, size, 3);
    }

    private static String verdict(final boolean met) {
        return met ? "met" : "NOT MET";
    }
}
