package palindrome.network;

/** How levels with attention change the resolution. */
public enum Resampling {
    /** By a convolution. */
    CONV,
    /** By a resnet block. */
    RESNET
}
