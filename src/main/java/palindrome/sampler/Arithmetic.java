package palindrome.sampler;

import ai.djl.ndarray.NDArray;

/**
 * How the states of a coupling program are kept and added to. A state stands for
 * real numbers; what is stored may be integers in units of a scale that follows
 * the program.
 * <p>
 * Arrays made here are attached to the manager of the first argument; none is
 * closed.
 */
public interface Arithmetic {

    /** @return a name for the provenance, such as "int64 lattice" */
    String name();

    /**
     * @param program the steps of a run
     * @param anchor end at which the scale is 1
     * @return the scales of both states before the first and after every coupling;
     *         the same for both directions
     */
    ScaleTable scales(CouplingProgram program, End anchor);

    /**
     * @param values real numbers, float64
     * @param scale scale of the state
     * @return the state that stands for them, as closely as it can
     * @throws StateRangeException if they are not finite or too large
     */
    NDArray store(NDArray values, double scale);

    /**
     * @param state a stored state
     * @param scale its scale
     * @return the real numbers it stands for, float64, a new array
     */
    NDArray value(NDArray state, double scale);

    /**
     * u ← c·u + f.
     *
     * @param state u
     * @param factor c
     * @param increment f, real numbers, float64
     * @param scale scale of u after this step
     * @return the new u
     * @throws StateRangeException if f is not finite or u grows too large
     */
    NDArray forward(NDArray state, double factor, NDArray increment, double scale);

    /**
     * u ← (u − f)/c, the inverse of {@link #forward} for the same f.
     *
     * @param state u as {@code forward} left it
     * @param factor c
     * @param increment f, real numbers, float64
     * @param scale scale of u before this step, which is after it in {@code forward}
     * @return the former u
     * @throws StateRangeException if f is not finite or u grows too large
     */
    NDArray inverse(NDArray state, double factor, NDArray increment, double scale);
}
