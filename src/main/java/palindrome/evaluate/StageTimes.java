package palindrome.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import palindrome.edit.Progress;

/** Which stages an operation goes through, and how long each takes. */
final class StageTimes implements Progress {

    private final List<Stage> finished = new ArrayList<>();
    private String current;
    private Stopwatch running;

    /**
     * A stage that is over.
     *
     * @param name as the operation announced it
     * @param seconds by the clock
     */
    record Stage(String name, double seconds) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %.1f s", name, seconds);
        }
    }

    @Override
    public void stage(final String name) {
        end();
        current = name;
        running = Stopwatch.start();
    }

    @Override
    public void step(final long done, final long total) {
        // only stages count
    }

    @Override
    public boolean canceled() {
        return false;
    }

    /** Ends the last stage. @return all of them in their order */
    List<Stage> finished() {
        end();
        return List.copyOf(finished);
    }

    private void end() {
        if (running != null) finished.add(new Stage(current, running.elapsed().seconds()));
        running = null;
    }
}
