package palindrome.command;

import java.util.List;
import java.util.OptionalInt;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.edit.Progress;

/**
 * The progress of equal operations on several planes. The first plane shows its own stages; how many steps they had
 * tells how far the rest is, as one stage with one remaining time.
 */
final class PlanesProgress implements Progress {

    private final Progress whole;
    private final int count;
    private int plane;
    private long stepsOfPlane;
    private long finishedStages;
    private long stageTotal;

    /** @param count how many planes, at least 1 */
    PlanesProgress(final Progress whole, final int count) {
        this.whole = whole;
        this.count = count;
    }

    /** @param index of the plane that is begun, from 0, in order */
    void begin(final int index) {
        if (index == 1) {
            stepsOfPlane = Math.max(1, finishedStages + stageTotal);
            whole.stage(count == 2 ? "Plane 2 of 2" : "Planes 2 to " + count);
        }
        plane = index;
        finishedStages = 0;
        stageTotal = 0;
    }

    @Override
    public void stage(final String name) {
        finishedStages += stageTotal;
        stageTotal = 0;
        if (count == 1) whole.stage(name);
        else if (plane == 0) whole.stage(name + ", plane 1 of " + count);
    }

    @Override
    public void step(final long done, final long total) {
        stageTotal = total;
        if (plane == 0) {
            whole.step(done, total);
            return;
        }
        // a plane may take more steps than the first did, as where a number is looked for
        final long ofPlane = Math.min(finishedStages + done, stepsOfPlane);
        whole.step((plane - 1) * stepsOfPlane + ofPlane, (count - 1) * stepsOfPlane);
    }

    @Override
    public void note(final String sentence) {
        whole.note(sentence);
    }

    @Override
    public OptionalInt choose(final String question, final List<String> answers) {
        return whole.choose(question, answers);
    }

    @Override
    public boolean wantsEstimate() {
        return whole.wantsEstimate();
    }

    @Override
    public void estimate(final RandomAccessibleInterval<DoubleType> image) {
        whole.estimate(image);
    }

    @Override
    public boolean canceled() {
        return whole.canceled();
    }
}
