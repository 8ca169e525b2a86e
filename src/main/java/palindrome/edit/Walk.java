package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import palindrome.guide.ClassifierGuidance;
import palindrome.guide.ContextNoise;
import palindrome.guide.GuidanceEvaluation;
import palindrome.guide.GuidedNoise;
import palindrome.guide.NetworkNoise;
import palindrome.guide.NullTextEmbeddings;
import palindrome.guide.RisingGuidance;
import palindrome.guide.WindowedNoise;
import palindrome.image.Padding;
import palindrome.model.DiffusionModel;
import palindrome.model.ImageSize;
import palindrome.model.SchedulerConfig;
import palindrome.model.TilePlan;
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

    /** States in float64 that a sampler computes with at once. */
    private static final int STATES = 4;

    /** Any scale at which both prompts are heard. */
    private static final double HALF_GUIDED = 0.5;

    private final OpenedModel opened;
    private final SamplingSettings settings;
    private final SamplerChoice choice;
    private final Sampler sampler;
    private final NodeGrid grid;
    private final NDManager manager;
    private final TilePlan plan;
    private final Padding padding;
    private final ImageSize seen;
    private final Optional<OpenedControl> control;

    /**
     * @param plan in which windows the network sees the states
     * @param padding from the image to what the model works on
     * @throws IOException if the settings have a control image whose network cannot be opened or does not fit the model
     */
    Walk(final OpenedModel opened, final SamplingSettings settings, final TilePlan plan, final Padding padding)
            throws IOException {
        this.opened = opened;
        this.settings = settings;
        this.plan = plan;
        this.padding = padding;
        seen = opened.model().seen(plan, padding.paddedWidth(), padding.paddedHeight());
        choice = SamplerChoice.of(settings.sampler());
        final SchedulerConfig scheduler = opened.model().scheduler();
        final SamplerSettings knobs =
                settings.tuning().settings(settings.sampler()).withVariance(scheduler.variance());
        sampler = choice.create(knobs);
        grid = choice.grid(scheduler.schedule(), scheduler::grid, settings.steps(), knobs)
                .withStrength(settings.strength(), sampler.minimumSteps());
        control = settings.control().isPresent()
                ? Optional.of(OpenedControl.open(settings.control().get(), opened.model()))
                : Optional.empty();
        manager = opened.model().manager().newSubManager(opened.device().stateDevice());
    }

    /** @return the record of a walk of strength 0, which takes no step: the image is as it was */
    static RunRecord notTaken(
            final OpenedModel opened, final SamplingSettings settings, final String prompt, final String negativePrompt)
            throws IOException {
        try (Walk walk =
                new Walk(opened, settings.withStrength(1), TilePlan.whole(1, 1), Padding.toMultiple(1, 1, 1))) {
            return walk.record(prompt, negativePrompt).withStrength(0);
        }
    }

    SamplerChoice choice() {
        return choice;
    }

    Sampler sampler() {
        return sampler;
    }

    NodeGrid grid() {
        return grid;
    }

    /** @return owner of what is computed on this walk, on the device of the states */
    NDManager manager() {
        return manager;
    }

    /** @return the model's noise under a prompt; cancels before any network call */
    Predictor predictor(final String prompt, final String negativePrompt, final Progress progress) {
        return predictor(network(progress), prompt, negativePrompt);
    }

    /** @return as above, of a network of one's own on this walk */
    Predictor predictor(final ContextNoise network, final String prompt, final String negativePrompt) {
        final GuidedNoise.Prompts prompts = prompts(prompt, negativePrompt);
        return predictor(network, prompt, node -> prompts);
    }

    /** @return the model's noise between two prompts, each with what it leads away from; at the ends that of one of them */
    Predictor predictor(final RunRecord from, final RunRecord to, final double place, final Progress progress) {
        final GuidedNoise.Prompts prompts = prompts(from.prompt(), from.negativePrompt())
                .towards(
                        prompts(to.prompt(), to.negativePrompt()),
                        place,
                        () -> opened.model().towards("", seen, manager),
                        manager);
        return predictor(network(progress), from.prompt(), node -> prompts);
    }

    /**
     * @param nullText leads the prompts of each node away from an embedding of its own, if it is there
     * @return what the model is told at each node of this walk, which owns it
     */
    IntFunction<GuidedNoise.Prompts> prompts(
            final String prompt, final String negativePrompt, final Optional<Inversion.NullText> nullText) {
        final GuidedNoise.Prompts anywhere = prompts(prompt, negativePrompt);
        if (nullText.isEmpty()) return node -> anywhere;
        final NullTextEmbeddings embeddings = nullText.get().embeddings();
        if (embeddings.nodes() != grid.steps())
            throw new IllegalArgumentException("The latent has embeddings for " + embeddings.nodes()
                    + " steps, but its record leads over " + grid.steps() + ". Invert the image again.");
        final List<GuidedNoise.Prompts> prompts = IntStream.rangeClosed(1, embeddings.nodes())
                .mapToObj(node -> anywhere.awayFrom(embeddings.at(node, manager)))
                .toList();
        return node -> prompts.get(node - 1);
    }

    /**
     * @param prompt which a classifier leads to, if the settings have one
     * @param prompts what the model is told at each node
     * @return the model's noise; cancels before any network call
     */
    Predictor predictor(final String prompt, final IntFunction<GuidedNoise.Prompts> prompts, final Progress progress) {
        return predictor(network(progress), prompt, prompts);
    }

    private Predictor predictor(
            final ContextNoise network, final String prompt, final IntFunction<GuidedNoise.Prompts> prompts) {
        final Predictor noise = new GuidedNoise(
                network,
                prompts,
                settings.guidanceScale(),
                opened.configuration().guidance());
        return settings.classifierScale() == 0
                ? noise
                : ClassifierGuidance.toPrompt(noise, opened.model(), grid, prompt, settings.classifierScale(), manager);
    }

    /** Shows a clean state to whoever wants to look at one. */
    void show(final NDArray state, final Progress progress) {
        if (progress.wantsEstimate()) progress.estimate(new EstimatePicture(opened, padding).of(state));
    }

    /** @return the model's noise under a prompt, with guidance that rises from 1 at the image; cancels as above */
    Predictor risingPredictor(final String prompt, final String negativePrompt, final Progress progress) {
        final double scale = settings.guidanceScale();
        opened.model().requireGuidance(scale);
        return new RisingGuidance(
                network(progress),
                // A scale of 0 alone would leave out the prompt, which is heard on the way there.
                prompts(prompt, negativePrompt, scale == 0 ? HALF_GUIDED : scale),
                scale,
                grid.steps(),
                opened.configuration().guidance());
    }

    /** @return the same noise, with pictures of the image as it forms for whoever wants to look at them */
    Predictor watched(final Predictor predictor, final Progress progress) {
        return new WatchedPredictor(predictor, grid, new EstimatePicture(opened, padding), progress);
    }

    /** @return the model's noise whatever it is told; cancels before any network call */
    ContextNoise network(final Progress progress) {
        if (control.isEmpty())
            return new WindowedNoise(NetworkNoise.of(opened.model(), grid, progress::checkCanceled), plan.network());
        return control.get().noise(grid, plan, padding, progress::checkCanceled);
    }

    /**
     * @param mask float64 [1, 1, H, W], 1 where an inpainting model may paint
     * @param image float64 [1, C, H, W], the state of the image without what is masked
     * @return its noise, as above; the walk owns what is kept for it
     */
    ContextNoise painting(final NDArray mask, final NDArray image, final Progress progress) {
        return NetworkNoise.painting(
                opened.model(), grid, mask, image, plan.network(), manager, progress::checkCanceled);
    }

    /** @return what the model is told on this walk, which owns it */
    GuidedNoise.Prompts prompts(final String prompt, final String negativePrompt) {
        return prompts(prompt, negativePrompt, settings.guidanceScale());
    }

    private GuidedNoise.Prompts prompts(final String prompt, final String negativePrompt, final double guidanceScale) {
        return GuidedNoise.Prompts.of(opened.model(), prompt, negativePrompt, guidanceScale, seen, manager);
    }

    /** Warns if there may be too little memory for states of that shape. */
    void checkMemory(final NDArray state, final Progress progress) {
        checkMemory(state, sampler.recordedStates(grid), progress);
    }

    /**
     * As above.
     *
     * @param recorded states that are held besides those computed with
     */
    void checkMemory(final NDArray state, final int recorded, final Progress progress) {
        MemoryCheck.of(
                        memoryNeed(state.getShape(), recorded),
                        opened.configuration().device())
                .ifPresent(progress::note);
    }

    /**
     * @param state [B, C, H, W]
     * @param recorded as above
     * @return bytes that this walk takes at once besides the weights, about
     */
    long memoryNeed(final Shape state, final int recorded) {
        final boolean together = opened.configuration().guidance() == GuidanceEvaluation.BATCHED
                && settings.guidanceScale() != 0
                && settings.guidanceScale() != 1;
        final long batch = state.get(0) * (together ? 2 : 1);
        final int rows = (int) state.get(2);
        final int columns = (int) state.get(3);
        final DiffusionModel model = opened.model();
        final long evaluation = control.map(led -> led.evaluationBytes(batch, rows, columns, plan))
                .orElseGet(() -> model.evaluationBytes(batch, rows, columns, plan));
        return Math.max(evaluation, model.autoencoderBytes(rows, columns, plan))
                + (STATES + recorded) * Double.BYTES * state.size();
    }

    /** @return reports each network evaluation, and stops the run where the user wants it stopped */
    static StepListener reporting(final Progress progress) {
        return (done, total) -> {
            progress.step(done, total);
            progress.checkCanceled();
        };
    }

    RunRecord record(final String prompt, final String negativePrompt) throws IOException {
        return record(prompt, negativePrompt, Map.of(), List.of());
    }

    /**
     * @param parameters numbers of the method that the sampler does not know
     * @param warnings what there is to say besides what the model and the sampler say
     */
    RunRecord record(
            final String prompt,
            final String negativePrompt,
            final Map<String, Double> parameters,
            final List<String> warnings)
            throws IOException {
        final Map<String, Double> all = new TreeMap<>(sampler.parameters(grid));
        all.putAll(parameters);
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
                settings.classifierScale(),
                controls(),
                all,
                List.of(),
                grid.hash(),
                prompt,
                negativePrompt,
                Stream.of(opened.model().scheduler().notes(), opened.notices(), sampler.warnings(grid), warnings)
                        .flatMap(List::stream)
                        .toList());
    }

    /** @return what leads besides the prompt: one control image, or none */
    List<ControlRecord> controls() throws IOException {
        return control.isPresent() ? List.of(control.get().record()) : List.of();
    }

    @Override
    public void close() {
        control.ifPresent(OpenedControl::close);
        manager.close();
    }
}
