package palindrome.edit;

import java.util.List;
import java.util.Optional;
import palindrome.guide.AttentionEdit;
import palindrome.guide.AttentionSettings;
import palindrome.image.Padding;
import palindrome.model.PromptTokens;

/** What is done to the attention of one edit: nothing, or what was asked for, with its words found in the prompts. */
final class AttentionControl {

    private final OpenedModel model;
    private final String target;
    private final Optional<AttentionEdit> edit;

    private AttentionControl(final OpenedModel model, final String target, final Optional<AttentionEdit> edit) {
        this.model = model;
        this.target = target;
        this.edit = edit;
    }

    /**
     * @param tuning what is asked for
     * @param model to edit with
     * @param source the source prompt
     * @param target the target prompt, whose words may have weights
     * @param guidanceScale at 0 the network is told neither prompt, so that there is nothing to attend to
     * @throws IllegalArgumentException if something is asked for that cannot be done with these prompts or this model
     */
    static AttentionControl of(
            final AttentionTuning tuning,
            final OpenedModel model,
            final String source,
            final String target,
            final double guidanceScale) {
        final AttentionSettings settings = tuning.settings();
        if (!model.model().hearsText()) {
            if (!settings.equals(AttentionSettings.NONE))
                throw new IllegalArgumentException("The model '" + model.choice()
                        + "' attends to no words; leave mapping, cross, self, reweight and blend out, or use a model that"
                        + " hears text.");
            return new AttentionControl(model, target, Optional.empty());
        }
        final WeightedPrompt weighted = WeightedPrompt.of(target);
        if (settings.equals(AttentionSettings.NONE) && !weighted.hasWeights())
            return new AttentionControl(model, weighted.text(), Optional.empty());
        final AttentionEdit edit =
                new AttentionEdit(settings, tokens(model, source), tokens(model, weighted.text()), weighted.weights());
        if (!edit.isNone() && WeightedPrompt.of(source).hasWeights())
            throw new IllegalArgumentException("The source prompt '" + source
                    + "' has weights, but the source is what it is; give them to words of the target prompt alone.");
        final boolean free = edit.isNone() || guidanceScale == 0;
        return new AttentionControl(model, weighted.text(), free ? Optional.empty() : Optional.of(edit));
    }

    private static PromptTokens tokens(final OpenedModel model, final String prompt) {
        final List<PromptTokens> encoders = model.model().words(prompt);
        for (final PromptTokens other : encoders)
            if (other.ids().length != encoders.get(0).ids().length)
                throw new IllegalArgumentException("The text encoders of the model '" + model.choice()
                        + "' read '" + prompt + "' as different numbers of tokens, so its words have no places of their"
                        + " own; use other words, or leave cross, self, reweight and blend out.");
        return encoders.get(0);
    }

    /** @return whether the edit attends freely */
    boolean isNone() {
        return edit.isEmpty();
    }

    /** @return the target prompt as the text encoder reads it */
    String target() {
        return target;
    }

    /** @return what is done */
    AttentionEdit edit() {
        return edit.orElseThrow();
    }

    /** @throws IllegalArgumentException if the edit is to be limited to words in an image that the network sees in windows */
    void requireFits(final EncodedImage image) {
        if (edit.isEmpty() || !edit.get().isLocal()) return;
        final Padding padding = image.padding();
        final int factor = model.model().factor();
        if (!image.plan().isOneWindow(padding.paddedHeight() / factor, padding.paddedWidth() / factor))
            throw new IllegalArgumentException(
                    "'blend' looks for words in an image that the network sees at once, but this"
                            + " one, of " + padding.width() + " × " + padding.height()
                            + " pixels, is seen in windows; leave blend out and select an area, or use a smaller image.");
    }
}
