package palindrome.network;

import java.util.List;

/** What blocks that hear the timestep read of their network's configuration, in diffusers' words. */
interface TimeConditionedConfig {

    /** @return channels of each level, the finest first */
    List<Integer> blockOutChannels();

    /** @return groups of every group norm */
    int normNumGroups();

    /** @return epsilon of every group norm */
    double normEps();

    /** @return width of the time embedding */
    int timeEmbeddingDim();

    /** @return how resnet blocks take in the time embedding */
    TimeScaleShift resnetTimeScaleShift();
}
