package palindrome.edit;

import java.util.List;
import java.util.OptionalInt;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;

/**
 * The progress of one of several equal runs, as progress of them all.
 *
 * @param whole what is told
 * @param index which run, from 0
 * @param count how many runs
 */
public record PartOfSeries(Progress whole, int index, int count) implements Progress {

    @Override
    public void stage(final String name) {
        if (index == 0) whole.stage(name);
    }

    @Override
    public void note(final String sentence) {
        whole.note(sentence);
    }

    @Override
    public void step(final long done, final long total) {
        whole.step(index * total + done, count * total);
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
