package palindrome.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import palindrome.batch.BatchLog;
import palindrome.batch.BatchPlan;
import palindrome.batch.BatchRow;
import palindrome.batch.BatchTask;
import palindrome.edit.Progress;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import scala.Tuple2;

/**
 * <i>Diffusion Batch...</i> as a Spark application: the same tasks, one a file, run by whatever executors there are. Input
 * and output folder must be the same for all of them.
 */
@Command(
        name = "palindrome-spark",
        description = "Runs a command of Palindrome over a folder of images, on a Spark cluster.",
        mixinStandardHelpOptions = true)
public final class SparkBatch implements Callable<Integer> {

    static {
        // NB: on executors this class is loaded before any of ImageJ's
        System.setProperty("java.awt.headless", "true");
    }

    @Option(names = "--input", required = true, description = "a folder of images, or a text file with one path a line")
    private String input;

    @Option(names = "--output", required = true, description = "the folder for the results and for batch.csv")
    private String output;

    @Option(names = "--operation", description = "the command, such as Edit, if --line is its options only")
    private String operation = "";

    @Option(names = "--line", description = "the macro line, or the options")
    private String line = "";

    @Option(names = "--overwrite", description = "replaces results that another line made")
    private boolean overwrite;

    /** @param args see {@code --help} */
    public static void main(final String... args) {
        final int status = new CommandLine(new SparkBatch())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (!(failure instanceof IllegalArgumentException) && !(failure instanceof IOException))
                        throw failure;
                    command.getErr().println(failure.getMessage());
                    return CommandLine.ExitCode.USAGE;
                })
                .execute(args);
        // NB: on success Spark wants to end the process itself
        if (status != 0) System.exit(status);
    }

    /** @return 0 if there is a result for every file, else 1 */
    @Override
    public Integer call() throws IOException {
        // what cannot run is refused before a cluster is asked for
        final BatchPlan plan = BatchPlan.of(input, output, operation, line, overwrite);
        final List<Tuple2<String, BatchRow>> results;
        try (JavaSparkContext context = new JavaSparkContext(
                new SparkConf().setAppName("Palindrome " + plan.call().line()))) {
            results = context.parallelize(plan.tasks(), plan.tasks().size())
                    .map(task -> new Tuple2<>(SparkEnv.get().executorId(), runAlone(task)))
                    .collect();
        }
        final List<BatchRow> rows = new ArrayList<>();
        try (BatchLog log = BatchLog.open(plan.folder())) {
            for (final Tuple2<String, BatchRow> result : results) {
                log.add(result._2());
                rows.add(result._2());
            }
        }
        final long executors = results.stream().map(Tuple2::_1).distinct().count();
        System.out.println(BatchRow.summary(rows) + " Executors at work: " + executors + ".");
        return rows.stream().anyMatch(row -> row.status() == BatchRow.Status.FAILED) ? 1 : 0;
    }

    /** One file at a time in each process: the tensor engine uses all of its threads for it, and ImageJ has one Results table. */
    private static synchronized BatchRow runAlone(final BatchTask task) {
        return task.run(new OfTask(TaskContext.get()));
    }

    /** Stops when Spark gives a task up. */
    private record OfTask(TaskContext task) implements Progress {

        @Override
        public void stage(final String name) {
            // Spark shows the tasks
        }

        @Override
        public void step(final long done, final long total) {
            // Spark shows the tasks
        }

        @Override
        public boolean canceled() {
            return task.isInterrupted();
        }
    }
}
