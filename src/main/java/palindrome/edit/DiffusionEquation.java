package palindrome.edit;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import palindrome.sampler.SamplerChoice;

/** The two equations that lead from noise to the same images, and their solvers (DPM-Solver++, Lu et al. 2022). */
public enum DiffusionEquation {
    /** The probability-flow ODE: nothing is drawn on the way. */
    ODE(SamplerChoice.DPM_1, SamplerChoice.DPM_2M, SamplerChoice.DDIM),
    /** The SDE: fresh noise at every step, which corrects what went before. */
    SDE(SamplerChoice.SDE_DPM_1, SamplerChoice.SDE_DPM_2M, SamplerChoice.CYCLE_SDE);

    private final SamplerChoice first;
    private final SamplerChoice second;
    private final SamplerChoice both;

    DiffusionEquation(final SamplerChoice first, final SamplerChoice second, final SamplerChoice both) {
        this.first = first;
        this.second = second;
        this.both = both;
    }

    /**
     * @param name ODE or SDE
     * @throws IllegalArgumentException if it is neither
     */
    public static DiffusionEquation of(final String name) {
        return Arrays.stream(values())
                .filter(equation -> equation.name().equals(name.strip().toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The method is '" + name + "'; use "
                        + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(" or ")) + "."));
    }

    /**
     * @param order 1 (DDIM with η = 0 or 1) or 2 (multistep)
     * @return the name of the solver
     * @throws IllegalArgumentException if the order is another one
     */
    public String sampler(final int order) {
        if (order != 1 && order != 2)
            throw new IllegalArgumentException("The order of the solver is " + order + "; use 1 or 2.");
        return (order == 1 ? first : second).label();
    }

    /** @return the name of the sampler that leads from an image to noise and back: what {@link Drag} goes by */
    public String thereAndBack() {
        return both.label();
    }
}
