package palindrome.edit;

import java.util.Optional;
import palindrome.engine.Precision;
import palindrome.guide.GuidanceEvaluation;

/** A step to a configuration that needs less memory, the least harmful one first. */
enum Rung {
    SEQUENTIAL_GUIDANCE("guidance by one evaluation after the other") {
        @Override
        Optional<RunConfiguration> below(final RunConfiguration configuration, final boolean hasAutoencoder) {
            return configuration.guidance() == GuidanceEvaluation.SEQUENTIAL
                    ? Optional.empty()
                    : Optional.of(configuration.with(GuidanceEvaluation.SEQUENTIAL));
        }
    },
    TILED_AUTOENCODER("the autoencoder in tiles") {
        @Override
        Optional<RunConfiguration> below(final RunConfiguration configuration, final boolean hasAutoencoder) {
            return !hasAutoencoder || configuration.autoencoder() == AutoencoderTiling.TILED
                    ? Optional.empty()
                    : Optional.of(configuration.with(AutoencoderTiling.TILED));
        }
    },
    /** NB: not on a CPU, where it takes twice to over a hundred times as long. */
    HALF_PRECISION("the network in float16") {
        @Override
        Optional<RunConfiguration> below(final RunConfiguration configuration, final boolean hasAutoencoder) {
            return configuration.device().isCpu()
                            || !configuration.mayChangePrecision()
                            || configuration.precision() == Precision.FLOAT16
                    ? Optional.empty()
                    : Optional.of(configuration.with(Precision.FLOAT16));
        }
    },
    /** Only where the device was left to the program: who asks for a GPU is told that it does not suffice. */
    CPU("the CPU") {
        @Override
        Optional<RunConfiguration> below(final RunConfiguration configuration, final boolean hasAutoencoder) {
            return configuration.device().isCpu() || !configuration.device().isAutomatic()
                    ? Optional.empty()
                    : Optional.of(configuration.onCpu("auto: the CPU, because the memory of "
                            + configuration.device().name() + " did not suffice."));
        }
    };

    private final String description;

    Rung(final String description) {
        this.description = description;
    }

    /** @return what changes, as the end of "again with ..." */
    String description() {
        return description;
    }

    /**
     * @param configuration one whose memory did not suffice
     * @param hasAutoencoder whether the model works on latents
     * @return the configuration below, if there is this rung
     */
    abstract Optional<RunConfiguration> below(RunConfiguration configuration, boolean hasAutoencoder);
}
