package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/**
 * A method whose every step is held to what is known of the image. The method sees the states that come of it and nothing
 * else: what a multistep method remembers are its own predictions from them.
 *
 * @param method makes the steps
 * @param blend holds them
 */
record BlendedMethod(OneWayMethod method, StateBlend blend) implements OneWayMethod {

    @Override
    public Walk begin(final NodeGrid grid, final Predictor network, final NDManager memory) {
        final Walk walk = method.begin(grid, network, memory);
        return (state, from, to) -> {
            try (NDArray moved = walk.step(state, from, to)) {
                return blend.blend(moved, to, grid);
            }
        };
    }

    @Override
    public String name() {
        return method.name();
    }

    @Override
    public int minimumSteps() {
        return method.minimumSteps();
    }

    @Override
    public int[] nodes(final NodeGrid grid) {
        return method.nodes(grid);
    }

    @Override
    public int evaluations(final NodeGrid grid) {
        return method.evaluations(grid);
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return method.parameters(grid);
    }

    @Override
    public boolean isStochastic() {
        return method.isStochastic();
    }

    @Override
    public List<String> warnings(final NodeGrid grid) {
        return method.warnings(grid);
    }
}
