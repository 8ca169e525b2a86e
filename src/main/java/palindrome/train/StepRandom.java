package palindrome.train;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The random choices of a training step, the same whenever that step is taken. */
final class StepRandom {

    private StepRandom() {}

    /**
     * @param step index of the step, from 0
     * @return source of its choices
     */
    static RandomGenerator of(final long step) {
        // NB: near seeds give near streams: that of a seed and its next multiple of the golden ratio are one stream,
        // shifted by one number. Only a mixed seed begins somewhere else.
        return new SplittableRandom(new SplittableRandom(step).nextLong());
    }
}
