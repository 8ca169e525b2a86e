package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/** The list {@code attentions} of a block, one transformer a layer. */
final class Attentions {

    private final List<Transformer2DModel> transformers = new ArrayList<>();

    Attentions(final ModuleScope scope, final UNet2DConditionConfig config, final int level, final int layers) {
        for (int j = 0; j < layers; j++)
            transformers.add(new Transformer2DModel(scope.child("attentions", j), config, level));
    }

    /**
     * @param layer which transformer
     * @param hidden closed when done
     * @return the transformer's result
     */
    NDArray consume(final int layer, final NDArray hidden, final BlockContext context) {
        final NDArray result = transformers.get(layer).forward(hidden, context);
        hidden.close();
        return result;
    }
}
