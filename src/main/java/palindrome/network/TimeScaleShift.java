package palindrome.network;

/** How a resnet block takes in the time embedding. */
public enum TimeScaleShift {
    /** Added after the first convolution. */
    DEFAULT,
    /** Scale and shift of the second norm's output. */
    SCALE_SHIFT
}
