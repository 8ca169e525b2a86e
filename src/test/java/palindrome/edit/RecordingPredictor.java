package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import palindrome.engine.Tensors;
import palindrome.sampler.Predictor;

/** Keeps the states at which a run asks the network, the noisiest first. */
final class RecordingPredictor implements Predictor {

    private final Predictor network;
    private final List<float[]> states = new ArrayList<>();

    RecordingPredictor(final Predictor network) {
        this.network = network;
    }

    float[] state(final int evaluation) {
        return states.get(evaluation);
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        states.add(Tensors.cast(state, DataType.FLOAT32).toFloatArray());
        return network.epsilon(state, node);
    }
}
