package palindrome.edit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import palindrome.guide.NullTextEmbeddings;
import palindrome.image.Padding;
import palindrome.model.TilePlan;
import palindrome.sampler.LatentHealth;
import palindrome.sampler.Remedy;
import palindrome.sampler.StoredLatent;

/**
 * An image as noise: what {@link Invert} makes and {@link Reconstruct} takes.
 *
 * @param record how it was made
 * @param padding from the image to what the model saw
 * @param plan in which windows the networks saw it
 * @param latent the sampler's states, to the last bit
 * @param health how near to noise it is
 * @param nullText what else it takes to come back, where the sampler is Null-text
 * @param autoencoderError what the autoencoder alone loses of the image, where the model works on latents; the sampler
 *          has no part in it
 * @param control the control image it was made under, if there was one
 */
public record Inversion(
        RunRecord record,
        Padding padding,
        TilePlan plan,
        StoredLatent latent,
        LatentHealth health,
        Optional<NullText> nullText,
        Optional<RoundTripError> autoencoderError,
        Optional<Control> control) {

    /**
     * The way back of null-text inversion, and how near it comes.
     *
     * @param embeddings the unconditional text states of every node
     * @param rmsError root mean square of what it misses, in the model's numbers: about
     *          [−1, 1] for pixels, about 1 in the mean (rms) for latents
     * @param maxError the most it misses
     */
    public record NullText(NullTextEmbeddings embeddings, double rmsError, double maxError) {}

    /**
     * @return whether the sampler's way back returns every bit of the state it began with, on the same
     *         {@link OpenedModel#runtime()}
     */
    public boolean isExact() {
        return nullText.isEmpty();
    }

    /** @return what there is to say about the settings and, all the way to noise, about how noise-like the latent is */
    public List<String> warnings() {
        final List<String> warnings = new ArrayList<>(record.warnings());
        // Part of the way there is no noise to be compared with.
        if (record.strength() == 1) warnings.addAll(health.warnings(taken()));
        if (!record.trials().isEmpty()) warnings.add(search(record.trials()));
        return warnings;
    }

    /** What advice on the latent's health need not name. */
    private Set<Remedy> taken() {
        final Set<Remedy> taken = EnumSet.noneOf(Remedy.class);
        final boolean isBdia = record.sampler().startsWith("BDIA");
        final boolean isSearched = !record.trials().isEmpty();
        final boolean isGammaAuto = isSearched || record.gamma().equals(SamplerTuning.AUTO);
        if (record.guidanceScale() == 1) taken.add(Remedy.GUIDANCE_1);
        if (isGammaAuto || !isBdia && !record.sampler().equals("BELM")) taken.add(Remedy.GAMMA_AUTO);
        if (isGammaAuto && isBdia) taken.add(Remedy.BDIA_AUTO);
        if (isSearched || record.mixing().equals(SamplerTuning.AUTO)) taken.add(Remedy.MIXING_AUTO);
        if (record.sampler().equals("O-BELM")) taken.add(Remedy.O_BELM);
        return taken;
    }

    private static String search(final List<Trial> trials) {
        final String key = trials.get(0).key();
        final Trial taken = trials.stream()
                .min(Comparator.comparingDouble(Trial::disagreement))
                .orElseThrow();
        return String.format(
                Locale.ROOT,
                "The image was inverted %d times, since the latent's two states disagreed, by %s with %s=auto: %s. Taken:"
                        + " %s=%s.",
                trials.size(),
                number(trials.get(0).disagreement()),
                key,
                trials.stream()
                        .skip(1)
                        .map(trial ->
                                "by " + number(trial.disagreement()) + " with " + key + "=" + number(trial.value()))
                        .collect(Collectors.joining(", ")),
                key,
                number(taken.value()));
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }

    /** @return this inversion, taken of several that were tried */
    Inversion withTrials(final List<Trial> trials) {
        return new Inversion(
                record.withTrials(trials), padding, plan, latent, health, nullText, autoencoderError, control);
    }

    /** @return how it was made and how near to noise it is, as the columns of a table: numbers, and a few texts */
    public Map<String, Object> report() {
        final Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("Sampler", record.sampler());
        columns.put("Steps", (double) record.steps());
        for (final String parameter : List.of("gamma", "a", "mixing"))
            if (record.samplerParameters().containsKey(parameter))
                columns.put(
                        parameter.equals("mixing") ? "Mixing" : "Gamma",
                        record.samplerParameters().get(parameter));
        columns.put("Guidance", record.guidanceScale());
        columns.put("Strength", record.strength());
        columns.put("Latent rms", health.rms());
        columns.put(
                "Channel rms",
                health.channelRms().stream()
                        .map(rms -> String.format(Locale.ROOT, "%.3f", rms))
                        .collect(Collectors.joining(" ")));
        columns.put("KS distance", health.kolmogorovSmirnov());
        columns.put("Alternation", health.alternation());
        columns.put("Copy gap", health.copyGap());
        columns.put("Amplification", health.amplification());
        autoencoderError.ifPresent(error -> columns.put("Autoencoder PSNR (dB)", error.psnr()));
        return columns;
    }
}
