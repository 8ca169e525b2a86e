package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import palindrome.engine.Kernel;
import palindrome.engine.TorchEngine;

/**
 * The compiled kernels of one network, shared by all modules that need the same
 * text with the same constants. A kernel is compiled when it is first called.
 */
final class Kernels implements AutoCloseable {

    /** Sums in an order that keeps their precision, called by other kernel texts. */
    private static final String GROUP_NORM = "group_norm.py";

    private record Key(List<String> resources, Map<String, Number> constants) {

        Kernel compile() {
            final List<String> texts = new ArrayList<>(resources);
            texts.add(Layers.TEXT);
            texts.add(GROUP_NORM);
            return Kernel.load(Kernels.class, texts, constants);
        }
    }

    /** Linear layers that kernel texts call, as this build of libtorch has them. */
    private static final class Layers {

        static final String TEXT = TorchEngine.start().hasOneDnn() ? "layers_onednn.py" : "layers_aten.py";
    }

    private final Map<Key, Kernel> compiled = new ConcurrentHashMap<>();

    /**
     * @param resources kernel texts beside this class, whose methods may call each other; the first names the kernel
     * @param constants their constants
     * @return a handle that compiles on first use
     */
    Handle get(final List<String> resources, final Map<String, Number> constants) {
        return new Handle(new Key(List.copyOf(resources), Map.copyOf(constants)));
    }

    @Override
    public void close() {
        compiled.values().forEach(Kernel::close);
        compiled.clear();
    }

    /** One kernel as a module holds it. */
    final class Handle {

        private final Key key;

        private Handle(final Key key) {
            this.key = key;
        }

        /**
         * @param method method of the kernel
         * @param parameters weights, passed after the activations
         * @param activations at least one; the result goes to the first one's
         *          manager
         * @return what the method returns
         */
        NDArray call(final String method, final Parameters parameters, final NDArray... activations) {
            return compiled.computeIfAbsent(key, Key::compile).call(method, parameters.after(activations));
        }
    }
}
