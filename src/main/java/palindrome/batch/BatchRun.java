package palindrome.batch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.edit.Progress;

/** Runs a plan in this process, one file after the other. */
final class BatchRun {

    private final BatchPlan plan;

    BatchRun(final BatchPlan plan) {
        this.plan = plan;
    }

    /**
     * Runs what is not done yet.
     *
     * @return a row for each file
     * @throws IOException if the table of what was done cannot be written
     * @throws java.util.concurrent.CancellationException if canceled; what was done before is kept
     */
    List<BatchRow> run(final Progress host) throws IOException {
        final List<BatchRow> rows = new ArrayList<>();
        host.stage("Looking for what is done");
        // what is done costs no time, so it must not count in the estimate
        final long total =
                plan.tasks().stream().filter(task -> !task.isDone(plan.call())).count();
        long done = 0;
        host.stage("Files");
        try (BatchLog log = BatchLog.open(plan.folder())) {
            for (final BatchTask task : plan.tasks()) {
                host.checkCanceled();
                final BatchRow row = task.run(new OfOneFile(host, task.label()));
                log.add(row);
                rows.add(row);
                if (row.status() != BatchRow.Status.SKIPPED) host.step(Math.min(++done, total), total);
            }
        }
        return rows;
    }

    /** Of a file only what is worth reading later; its steps would hide how far all files are. */
    private record OfOneFile(Progress host, String file) implements Progress {

        @Override
        public void stage(final String name) {
            // the files are the stages
        }

        @Override
        public void note(final String sentence) {
            host.note(file + ": " + sentence);
        }

        @Override
        public void step(final long done, final long total) {
            // the files are the steps
        }

        @Override
        public OptionalInt choose(final String question, final List<String> answers) {
            return host.choose(question, answers);
        }

        @Override
        public boolean wantsEstimate() {
            return host.wantsEstimate();
        }

        @Override
        public void estimate(final RandomAccessibleInterval<DoubleType> image) {
            host.estimate(image);
        }

        @Override
        public boolean canceled() {
            return host.canceled();
        }
    }
}
