package palindrome.sampler;

/**
 * Which N of a model's T trained noise levels a sampler visits. The rules are
 * those of diffusers' DDIM scheduler; unlike there, a step always goes to the
 * neighbour in the list, also where N does not divide T.
 */
public enum TimestepSpacing {

    /** Every ⌊T/N⌋-th level from 0 on, plus an offset. */
    LEADING {
        @Override
        double level(final int index, final int steps, final int levels, final int offset) {
            return (double) index * (levels / steps) + offset;
        }
    },

    /** Every T/N-th level, counted down from the noisiest; the offset is not used. */
    TRAILING {
        @Override
        double level(final int index, final int steps, final int levels, final int offset) {
            return Math.rint(levels - (steps - 1 - index) * ((double) levels / steps)) - 1;
        }
    },

    /** Evenly from the cleanest to the noisiest level; the offset is not used. */
    LINSPACE {
        @Override
        double level(final int index, final int steps, final int levels, final int offset) {
            return steps == 1 ? 0 : Math.rint((levels - 1.0) * index / (steps - 1));
        }
    };

    abstract double level(int index, int steps, int levels, int offset);

    /**
     * @param steps number N of levels to take, from 1 to {@code levels}
     * @param levels number T of trained levels
     * @param offset diffusers' {@code steps_offset}
     * @return N levels, rising
     */
    public int[] timesteps(final int steps, final int levels, final int offset) {
        final int[] timesteps = new int[steps];
        for (int i = 0; i < steps; i++) timesteps[i] = (int) level(i, steps, levels, offset);
        return timesteps;
    }
}
