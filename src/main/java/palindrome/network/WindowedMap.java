package palindrome.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import palindrome.engine.Kernel;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/**
 * A map of arrays, applied to overlapping windows and blended. Always in the same order, so that the same bits go in
 * and come out; gradients pass.
 */
public final class WindowedMap {

    private final Windows windows;
    private final int inputFactor;
    private final int outputFactor;

    /**
     * @param windows of the grid that input and output have in common
     * @param inputFactor places of the input for each of the grid's, along each side
     * @param outputFactor places of the output
     */
    public WindowedMap(final Windows windows, final int inputFactor, final int outputFactor) {
        this.windows = windows;
        this.inputFactor = inputFactor;
        this.outputFactor = outputFactor;
    }

    /**
     * @param input [B, C, H, W]; neither changed nor closed
     * @param map from a window of the input to that of the output, which it makes in the window's manager
     * @return the blended output, or what the map makes of the whole input if one window covers it; owned by the
     *         manager of {@code input}, to which nothing else is added
     */
    public NDArray apply(final NDArray input, final UnaryOperator<NDArray> map) {
        return apply(input, (part, window) -> map.apply(part));
    }

    /** What is done to a window, which may depend on where it is. */
    @FunctionalInterface
    public interface PlacedMap {

        /**
         * @param part a window of the input
         * @param window its index, row by row
         * @return that of the output, in the window's manager
         */
        NDArray apply(NDArray part, int window);
    }

    /**
     * @param input [B, C, H, W]; neither changed nor closed
     * @return its windows in their order, owned by its manager; the input itself if one window covers it
     */
    public List<NDArray> cut(final NDArray input) {
        final Shape shape = input.getShape();
        final int rows = (int) shape.get(2) / inputFactor;
        final int columns = (int) shape.get(3) / inputFactor;
        if (windows.isOne(rows, columns)) return List.of(input);
        try (NDManager host = TorchEngine.start().newManager(Device.cpu())) {
            return windows.over(rows, columns, inputFactor).stream()
                    .map(window -> Kernels.WINDOWS.call("crop", input, place(window, host)))
                    .toList();
        }
    }

    /** As {@link #apply(NDArray, UnaryOperator)}, with another map for each window. */
    public NDArray apply(final NDArray input, final PlacedMap map) {
        final Shape shape = input.getShape();
        final int rows = (int) shape.get(2) / inputFactor;
        final int columns = (int) shape.get(3) / inputFactor;
        if (windows.isOne(rows, columns)) return map.apply(input, 0);
        if (shape.get(2) != (long) rows * inputFactor || shape.get(3) != (long) columns * inputFactor)
            throw new IllegalArgumentException("An array of shape " + shape + " cannot be cut into windows: its sides"
                    + " are no multiples of " + inputFactor + ".");
        final NDManager owner = input.getManager();
        try (NDManager scope = owner.newSubManager();
                NDManager host = TorchEngine.start().newManager(Device.cpu())) {
            final List<Windows.Window> sources = windows.over(rows, columns, inputFactor);
            final Iterator<Windows.Window> targets =
                    windows.over(rows, columns, outputFactor).iterator();
            NDArray sum = null;
            for (int i = 0; i < sources.size(); i++) {
                final int index = i;
                final NDArray part = mapped(input, sources.get(i), window -> map.apply(window, index), scope, host);
                if (sum == null)
                    sum = Tensors.zeros(
                            // NB: the part may be on another device than the manager's
                            scope.newSubManager(part.getDevice()),
                            part.getDataType(),
                            shape.get(0),
                            part.getShape().get(1),
                            (long) rows * outputFactor,
                            (long) columns * outputFactor);
                sum = added(sum, part, targets.next(), scope, host);
            }
            sum.attach(owner);
            return sum;
        }
    }

    private static NDArray mapped(
            final NDArray input,
            final Windows.Window source,
            final UnaryOperator<NDArray> map,
            final NDManager scope,
            final NDManager host) {
        final NDArray window = Kernels.WINDOWS.call("crop", input, place(source, host));
        window.attach(scope);
        final NDArray part = map.apply(window);
        part.attach(scope);
        window.close();
        return part;
    }

    private static NDArray added(
            final NDArray sum,
            final NDArray part,
            final Windows.Window target,
            final NDManager scope,
            final NDManager host) {
        try (NDArray rows = weights(scope, target.rows());
                NDArray columns = weights(scope, target.columns())) {
            final NDArray next = Kernels.WINDOWS.call("add", sum, part, rows, columns, place(target, host));
            sum.close();
            part.close();
            return next;
        }
    }

    private static NDArray weights(final NDManager manager, final Windows.Span span) {
        return Tensors.of(manager, span.weights(), span.weights().length);
    }

    private static NDArray place(final Windows.Window window, final NDManager host) {
        return Tensors.of(
                host,
                new long[] {
                    window.rows().start(),
                    window.rows().end(),
                    window.columns().start(),
                    window.columns().end()
                },
                4);
    }

    /** Compiled when first used; one for all. */
    private static final class Kernels {

        static final Kernel WINDOWS = Kernel.load(WindowedMap.class, "windows.py", Map.of());
    }
}
