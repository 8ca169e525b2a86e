package palindrome.edit;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import palindrome.guide.NullTextInversion;
import palindrome.guide.NullTextSettings;
import palindrome.image.Padding;
import palindrome.sampler.LatentHealth;

/** What {@link Invert} does where the sampler is Null-text. */
final class PivotalInversion {

    /** Beyond so many steps the learning rate no longer falls. */
    private static final int USUAL_STEPS = 100;

    private final Walk walk;
    private final NullTextSettings search;

    /** @throws IllegalArgumentException if the guidance leaves nothing to optimise */
    PivotalInversion(final Walk walk, final SamplingSettings settings) {
        this.walk = walk;
        search = NullTextSettings.of(settings.guidanceScale());
    }

    /**
     * @param state the image as the network's state
     * @param negativePrompt where the search for the embeddings begins
     */
    Inversion run(
            final NDArray state,
            final Padding padding,
            final String prompt,
            final String negativePrompt,
            final Progress progress)
            throws IOException {
        try (NullTextInversion.Result result = new NullTextInversion(walk.network(progress), walk.grid(), search)
                .invert(state, walk.prompts(prompt, negativePrompt), Walk.reporting(progress))) {
            return new Inversion(
                    walk.record(prompt, negativePrompt, parameters(), warnings(result)),
                    padding,
                    result.latent().store(),
                    LatentHealth.of(result.latent(), walk.grid(), walk.sampler()),
                    Optional.of(new Inversion.NullText(result.embeddings(), result.rmsError(), result.maxError())));
        }
    }

    private Map<String, Double> parameters() {
        return Map.of(
                "iterations",
                (double) search.iterations(),
                "earlyStop",
                search.earlyStop(),
                "learningRate",
                search.learningRate());
    }

    private List<String> warnings(final NullTextInversion.Result result) {
        final List<String> warnings = new ArrayList<>();
        warnings.add(String.format(
                Locale.ROOT,
                "Null-text is approximate: reconstruction misses the image by %.2g in the mean (rms) and %.2g at most,"
                        + " where black and white are 2 apart. Use O-BELM, BDIA or EDICT for every bit.",
                result.rmsError(),
                result.maxError()));
        if (walk.grid().steps() > USUAL_STEPS)
            warnings.add("Null-text is made for at most " + USUAL_STEPS + " steps; after the first " + USUAL_STEPS
                    + " of " + walk.grid().steps() + " it searched at a hundredth of its learning rate.");
        return warnings;
    }
}
