package palindrome.network;

import ai.djl.ndarray.NDArray;

/** A level of resnet blocks only. */
final class UpBlock2D extends UpBlock {

    UpBlock2D(final ModuleScope scope, final UNetConfig config, final int level) {
        super(scope, config, level, Resampling.CONV);
    }

    @Override
    NDArray attend(final int layer, final NDArray hidden, final BlockContext context) {
        return hidden;
    }
}
