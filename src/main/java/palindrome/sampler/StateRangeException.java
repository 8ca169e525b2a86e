package palindrome.sampler;

/** A state left the range of its arithmetic. */
final class StateRangeException extends ArithmeticException {

    private static final long serialVersionUID = 1L;

    private final boolean finite;

    /** @param finite whether what was added was finite, only too large */
    StateRangeException(final boolean finite) {
        super(finite ? "state out of range" : "not a finite number");
        this.finite = finite;
    }

    boolean isFinite() {
        return finite;
    }
}
