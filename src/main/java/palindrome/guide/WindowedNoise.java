package palindrome.guide;

import ai.djl.ndarray.NDArray;
import java.util.function.IntFunction;
import palindrome.network.Conditioning;
import palindrome.network.WindowedMap;
import palindrome.network.Windows;

/**
 * ε of a state larger than a network was trained on: the network sees overlapping windows of it, and what it says of
 * them is blended (MultiDiffusion, Bar-Tal et al. 2023). The windows, their weights and their order are fixed, so that ε
 * is a function of the state like any other, and inversion is as exact as with one window.
 */
public final class WindowedNoise implements ContextNoise {

    private final IntFunction<ContextNoise> networks;
    private final WindowedMap windows;

    /**
     * @param network asked once for each window
     * @param windows in places of the state
     */
    public WindowedNoise(final ContextNoise network, final Windows windows) {
        this(window -> network, windows);
    }

    /**
     * As above, where what the network hears besides the state depends on the place.
     *
     * @param networks the noise of each window by its index, row by row, always the same one
     */
    public WindowedNoise(final IntFunction<ContextNoise> networks, final Windows windows) {
        this.networks = networks;
        this.windows = new WindowedMap(windows, 1, 1);
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node, final Conditioning conditioning) {
        return windows.apply(state, (part, window) -> networks.apply(window).epsilon(part, node, conditioning));
    }

    @Override
    public NDArray clean(final NDArray state, final int node, final Conditioning conditioning) {
        return windows.apply(state, (part, window) -> networks.apply(window).clean(part, node, conditioning));
    }
}
