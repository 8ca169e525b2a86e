package palindrome.edit;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.OptionalDouble;
import palindrome.guide.ClassifierGuidance;
import palindrome.guide.GuidedNoise;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;
import palindrome.sampler.Sampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.StepListener;

/**
 * The way between image and noise that some settings describe for a model: its
 * nodes and its sampler, and the native memory of what is done on it.
 */
final class Walk implements AutoCloseable {

    private static final String AUTO = "auto";

    private final OpenedModel opened;
    private final SamplingSettings settings;
    private final Sampler sampler;
    private final NodeGrid grid;
    private final NDManager manager;

    Walk(final OpenedModel opened, final SamplingSettings settings) {
        this.opened = opened;
        this.settings = settings;
        final SamplerSettings defaults = SamplerSettings.defaults();
        final OptionalDouble gamma = gamma(settings.gamma());
        sampler = SamplerChoice.of(settings.sampler())
                .create(gamma.isPresent() ? defaults.withGamma(gamma.getAsDouble()) : defaults);
        grid = opened.model()
                .scheduler()
                .grid(settings.steps())
                .withStrength(settings.strength(), sampler.minimumSteps());
        manager = opened.model().manager().newSubManager();
    }

    private static OptionalDouble gamma(final String text) {
        if (text.strip().equalsIgnoreCase(AUTO)) return OptionalDouble.empty();
        try {
            return OptionalDouble.of(Double.parseDouble(text.strip()));
        } catch (final NumberFormatException exc) {
            throw new IllegalArgumentException(
                    "Gamma is '" + text + "'; use a number above 0 and at most 1, or " + AUTO + ".", exc);
        }
    }

    Sampler sampler() {
        return sampler;
    }

    NodeGrid grid() {
        return grid;
    }

    /** @return owner of what is computed on this walk */
    NDManager manager() {
        return manager;
    }

    /** @return the model's noise under a prompt; cancels before any network call */
    Predictor predictor(final String prompt, final String negativePrompt, final Progress progress) {
        final GuidedNoise.Prompts prompts = new GuidedNoise.Prompts(
                opened.model().encode(prompt, manager), opened.model().encode(negativePrompt, manager));
        final Predictor noise = new GuidedNoise(
                opened.model().unet(),
                opened.model().scheduler().predictionType(),
                grid,
                prompts,
                settings.guidanceScale(),
                progress::checkCanceled);
        return settings.classifierScale() == 0
                ? noise
                : ClassifierGuidance.toPrompt(noise, opened.model(), grid, prompt, settings.classifierScale(), manager);
    }

    /** @return reports each network evaluation, and stops the run where the user wants it stopped */
    static StepListener reporting(final Progress progress) {
        return (done, total) -> {
            progress.step(done, total);
            progress.checkCanceled();
        };
    }

    RunRecord record(final String prompt, final String negativePrompt) throws IOException {
        return new RunRecord(
                opened.choice(),
                opened.sha256(),
                opened.runtime(),
                sampler.name(),
                settings.steps(),
                settings.gamma().strip(),
                settings.strength(),
                settings.guidanceScale(),
                settings.classifierScale(),
                sampler.parameters(grid),
                grid.hash(),
                prompt,
                negativePrompt,
                sampler.warnings(grid));
    }

    @Override
    public void close() {
        manager.close();
    }
}
