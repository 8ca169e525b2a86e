package palindrome.edit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import palindrome.sampler.LatentHealth;

/** The numbers of samplers that users may leave to the plugin, and of which the latent's health tells that they do not do. */
enum AutomaticNumber {

    /** γ of BDIA and its kin: the nearer to 1, the less inversion amplifies what alternates from step to step. */
    GAMMA("gamma", "gamma"),

    /** The same for all coefficients of BELM, which are given as {@code gamma}. */
    COEFFICIENT("gamma", "a"),

    /** EDICT's p: the nearer to 1, the less inversion drives the copies apart; at 1 they do not mix at all. */
    MIXING("mixing", "mixing") {
        @Override
        boolean isAutomatic(final SamplerTuning tuning) {
            return tuning.isMixingAutomatic();
        }

        @Override
        SamplerTuning set(final SamplerTuning tuning, final double value) {
            return tuning.withMixing(Double.toString(value));
        }

        @Override
        double disagreement(final LatentHealth health) {
            return health.copyGap();
        }

        @Override
        boolean suits(final LatentHealth health) {
            return !health.isApart();
        }

        @Override
        List<Double> healthier(final double value) {
            return List.of(towardsOne(value), towardsOne(towardsOne(value)));
        }
    };

    private final String key;
    private final String parameter;

    /**
     * @param key what users call it
     * @param parameter what a sampler's parameters call it
     */
    AutomaticNumber(final String key, final String parameter) {
        this.key = key;
        this.parameter = parameter;
    }

    /** @return the number that was left to the plugin in a run, if there is one */
    static Optional<AutomaticNumber> of(final RunRecord record) {
        return Arrays.stream(values())
                .filter(number -> record.samplerParameters().containsKey(number.parameter))
                .filter(number -> number.isAutomatic(record.settings().tuning()))
                .findFirst();
    }

    /** @return what an inversion tells of this number */
    Trial trial(final Inversion inversion) {
        return new Trial(key, inversion.record().samplerParameters().get(parameter), disagreement(inversion.health()));
    }

    boolean isAutomatic(final SamplerTuning tuning) {
        return tuning.isGammaAutomatic();
    }

    SamplerTuning set(final SamplerTuning tuning, final double value) {
        return tuning.withGamma(Double.toString(value));
    }

    /** @return how far the two states of a latent disagree, which this number can mend */
    double disagreement(final LatentHealth health) {
        return health.alternation();
    }

    /** @return whether nothing of that kind is wrong with a latent */
    boolean suits(final LatentHealth health) {
        return !health.isAlternating();
    }

    /** @return what to try after a value, in this order */
    List<Double> healthier(final double value) {
        return value < 1 ? List.of(towardsOne(value), 1.0) : List.of();
    }

    /** Half of the way, in thousandths. */
    private static double towardsOne(final double value) {
        return Math.rint((1 + value) / 2 * 1000) / 1000;
    }
}
