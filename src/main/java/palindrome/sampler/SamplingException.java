package palindrome.sampler;

/** A run that cannot go on because its numbers left their range; the message is one for the user. */
public final class SamplingException extends ArithmeticException {

    private static final long serialVersionUID = 1L;

    SamplingException(final String message, final Throwable cause) {
        super(message);
        initCause(cause);
    }

    /** What a run was given cannot be worked with. */
    static SamplingException unusableStart(final End from, final Throwable cause) {
        return new SamplingException(
                "The " + (from == End.CLEAN ? "image" : "noise")
                        + " holds NaN, infinite or enormous values, which no sampler can take; replace them first.",
                cause);
    }

    /** A network that predicts noise was asked for the image in pure noise. */
    static SamplingException noSignal() {
        return new SamplingException(
                "The noise schedule ends in noise alone (zero terminal signal-to-noise), where a network that predicts"
                        + " noise cannot start. Use a model of v or sample prediction, or leading timestep spacing.",
                null);
    }
}
