package palindrome.guide;

import ai.djl.ndarray.NDArray;
import palindrome.network.Conditioning;

/** Between text states and what a network is told. */
final class Told {

    private Told() {}

    static Conditioning text(final NDArray states) {
        return new Conditioning.Text(states);
    }

    static NDArray states(final Conditioning conditioning) {
        return GuidedNoise.Prompts.text(conditioning).encoderHiddenStates();
    }

    static GuidedNoise.Prompts prompts(final NDArray positive, final NDArray negative) {
        return new GuidedNoise.Prompts(text(positive), text(negative));
    }
}
