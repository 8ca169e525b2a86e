package palindrome.edit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Inverts, and where a number that was left to the plugin turns out not to suit the image, inverts again with healthier
 * ones, twice at most. What the user chose is never changed.
 */
final class HealthSearch {

    private final SamplingSettings settings;
    private final Progress progress;

    /** An inversion of one image under one prompt. */
    @FunctionalInterface
    interface Attempt {
        Inversion invert(SamplingSettings settings) throws IOException;
    }

    HealthSearch(final SamplingSettings settings, final Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /** @return the first inversion that is healthy, else the one whose states disagree least */
    Inversion run(final Attempt attempt) throws IOException {
        progress.stage("Inverting");
        final Inversion first = attempt.invert(settings);
        final Optional<AutomaticNumber> number = AutomaticNumber.of(first.record());
        // Part of the way there is no noise to be compared with.
        if (settings.strength() < 1 || number.isEmpty() || number.get().suits(first.health())) return first;
        return improved(first, number.get(), attempt);
    }

    private Inversion improved(final Inversion first, final AutomaticNumber number, final Attempt attempt)
            throws IOException {
        final List<Trial> trials = new ArrayList<>(List.of(number.trial(first)));
        Inversion best = first;
        for (final double value : number.healthier(trials.get(0).value())) {
            progress.checkCanceled();
            progress.stage(String.format(
                    Locale.ROOT, "Inverting again, %s %s", trials.get(0).key(), value));
            final Inversion next = attempt.invert(settings.withTuning(number.set(settings.tuning(), value)));
            trials.add(number.trial(next));
            if (!(number.disagreement(next.health()) < number.disagreement(best.health()))) break;
            best = next;
            if (number.suits(next.health())) break;
        }
        return best.withTrials(trials);
    }
}
