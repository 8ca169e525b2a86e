package palindrome.edit;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import palindrome.guide.GuidedNoise;
import palindrome.model.SchedulerConfig;
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

    private final OpenedModel opened;
    private final SamplingSettings settings;
    private final Sampler sampler;
    private final NodeGrid grid;
    private final NDManager manager;

    Walk(final OpenedModel opened, final SamplingSettings settings) {
        this.opened = opened;
        this.settings = settings;
        final SamplerChoice choice = SamplerChoice.of(settings.sampler());
        final SamplerSettings knobs = settings.tuning().settings(settings.sampler());
        sampler = choice.create(knobs);
        final SchedulerConfig scheduler = opened.model().scheduler();
        grid = choice.grid(scheduler.schedule(), scheduler::grid, settings.steps(), knobs)
                .withStrength(settings.strength(), sampler.minimumSteps());
        manager = opened.model().manager().newSubManager();
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
        return new GuidedNoise(
                opened.model().unet(),
                opened.model().scheduler().predictionType(),
                grid,
                prompts,
                settings.guidanceScale(),
                progress::checkCanceled);
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
                settings.tuning().gamma(),
                settings.tuning().mixing(),
                settings.tuning().eta(),
                settings.tuning().churn(),
                settings.tuning().seed(),
                settings.strength(),
                settings.guidanceScale(),
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
