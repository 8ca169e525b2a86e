package palindrome.network;

import ai.djl.ndarray.types.Shape;
import java.util.Map;

/** A UNet as its {@code config.json} describes it, before its weights are known. */
public sealed interface UNetArchitecture permits UNet2DConfig, UNet2DConditionConfig {

    /** @return side of the samples it was trained on, 0 if not stated */
    int sampleSize();

    /** @return channels of the sample */
    int inChannels();

    /** @return channels of the prediction */
    int outChannels();

    /** @return number of resolution levels; each halves the one before */
    int levels();

    /** @return names and shapes of all parameters; needs neither a checkpoint nor native code */
    Map<String, Shape> parameterShapes();

    /**
     * @param weights its tensors, which must outlive the network
     * @return the network
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    UNet build(Weights weights);
}
