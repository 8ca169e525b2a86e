package palindrome.network;

import ai.djl.ndarray.NDArray;

/** A level of resnet blocks only. */
final class UpBlock2D extends UpBlock {

    UpBlock2D(final ModuleScope scope, final UNet2DConditionConfig config, final int level) {
        super(scope, config, level);
    }

    @Override
    NDArray attend(final int layer, final NDArray hidden, final NDArray context) {
        return hidden;
    }
}
