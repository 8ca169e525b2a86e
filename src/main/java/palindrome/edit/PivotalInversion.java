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
import palindrome.sampler.LatentHealth;

/** What {@link Invert} does where the sampler is Null-text. */
final class PivotalInversion {

    /** Beyond so many steps the learning rate no longer falls. */
    private static final int USUAL_STEPS = 100;

    private final Walk walk;
    private final NullTextSettings search;
    private final Optional<Control> control;

    /** @throws IllegalArgumentException if the guidance leaves nothing to optimise */
    PivotalInversion(final Walk walk, final SamplingSettings settings) {
        this.walk = walk;
        control = settings.control();
        search = NullTextSettings.of(settings.guidanceScale());
    }

    /**
     * @param state the image as the network's state
     * @param image where it comes from
     * @param negativePrompt where the search for the embeddings begins
     */
    Inversion run(
            final NDArray state,
            final EncodedImage image,
            final String prompt,
            final String negativePrompt,
            final Progress progress)
            throws IOException {
        try (NullTextInversion.Result result = new NullTextInversion(walk.network(progress), walk.grid(), search)
                .invert(state, walk.prompts(prompt, negativePrompt), Walk.reporting(progress))) {
            return new Inversion(
                    walk.record(prompt, negativePrompt, parameters(), warnings(result, image)),
                    image.padding(),
                    image.plan(),
                    result.latent().store(),
                    LatentHealth.of(result.latent(), walk.grid(), walk.sampler()),
                    Optional.of(new Inversion.NullText(result.embeddings(), result.rmsError(), result.maxError())),
                    image.autoencoderError(),
                    control);
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

    private List<String> warnings(final NullTextInversion.Result result, final EncodedImage image) {
        final List<String> warnings = new ArrayList<>();
        warnings.add(String.format(
                Locale.ROOT,
                "Null-text is approximate: reconstruction misses the %s by %.2g in the mean (rms) and %.2g at most,"
                        + " where %s. Use O-BELM, BDIA or EDICT for every bit.",
                image.autoencoderError().isPresent() ? "latent" : "image",
                result.rmsError(),
                result.maxError(),
                image.autoencoderError().isPresent()
                        ? "values are about 1 in the mean"
                        : "black and white are 2 apart"));
        if (walk.grid().steps() > USUAL_STEPS)
            warnings.add("Null-text is made for at most " + USUAL_STEPS + " steps; after the first " + USUAL_STEPS
                    + " of " + walk.grid().steps() + " it searched at a hundredth of its learning rate.");
        return warnings;
    }
}
