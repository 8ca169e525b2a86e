package palindrome.network;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;

/** What the levels of a UNet read of its configuration, in diffusers' words. */
interface UNetConfig extends TimeConditionedConfig {

    /** @return resnet blocks of each level on the way down, the finest first; one more on the way up */
    List<Integer> layersPerBlock();

    /** @return 1, or 0 for a row and column of zeros at the bottom and right */
    int downsamplePadding();

    /** @return divides the output of the middle block's resnets */
    double midBlockScaleFactor();

    /**
     * @param level resolution level, 0 the finest
     * @return whether its resnet blocks are followed by transformers
     */
    boolean hasTransformers(int level);

    /**
     * @param level as above
     * @return transformer blocks behind each of its resnet blocks
     */
    default int transformerDepth(final int level) {
        return hasTransformers(level) ? 1 : 0;
    }

    /** @return names and shapes of all parameters; needs neither a checkpoint nor native code */
    Map<String, Shape> parameterShapes();

    /** @return the number of resolution levels */
    int levels();
}
