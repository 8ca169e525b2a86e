package palindrome.network;

/** A denoising network with a way down, a way up, and what was seen on the way down kept for the way up. */
public sealed interface UNet extends NoiseNetwork, AutoCloseable permits UNet2DModel, UNet2DConditionModel {

    /** @return channels of the sample */
    int inChannels();

    /** @return channels of the prediction */
    int outChannels();

    /** @return number of resolution levels; each halves the one before */
    int levels();

    /**
     * @param batch states evaluated together
     * @param height of a state
     * @param width of a state
     * @return bytes that an evaluation takes besides the weights, estimated
     */
    long evaluationBytes(long batch, long height, long width);

    /**
     * @param batch as above
     * @param height as above
     * @param width as above
     * @return bytes that an evaluation and its gradient with respect to the conditioning take besides the weights,
     *         estimated
     */
    long gradientBytes(long batch, long height, long width);

    /** Frees what was compiled for this network; the weights stay their owner's. */
    @Override
    void close();
}
