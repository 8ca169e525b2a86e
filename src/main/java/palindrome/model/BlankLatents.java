package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import palindrome.engine.Tensors;
import palindrome.network.Autoencoder;

/**
 * What is left of an image that is masked everywhere, as an inpainting network on
 * latents sees it: the latent of grey. Computed once for each size.
 */
final class BlankLatents implements UnaryOperator<NDArray> {

    private record Size(int rows, int columns) {}

    private final Autoencoder autoencoder;
    private final Map<Size, HostArray> known = new ConcurrentHashMap<>();

    BlankLatents(final Autoencoder autoencoder) {
        this.autoencoder = autoencoder;
    }

    /**
     * @param sample [B, C, h, w]
     * @return [1, C, h, w], of the sample's type, on its device and owned by its manager
     */
    @Override
    public NDArray apply(final NDArray sample) {
        final Size size =
                new Size((int) sample.getShape().get(2), (int) sample.getShape().get(3));
        final HostArray latent = known.computeIfAbsent(size, any -> encoded(size, sample));
        return Tensors.cast(latent.on(sample.getManager().newSubManager(sample.getDevice())), sample.getDataType());
    }

    private HostArray encoded(final Size size, final NDArray sample) {
        try (NDManager scope = sample.getManager().newSubManager(sample.getDevice())) {
            final int factor = autoencoder.factor();
            final NDArray grey = Tensors.zeros(
                    scope,
                    DataType.FLOAT32,
                    1,
                    autoencoder.imageChannels(),
                    (long) size.rows() * factor,
                    (long) size.columns() * factor);
            final NDArray latent = Tensors.cast(autoencoder.encode(grey, () -> {}), DataType.FLOAT64);
            return HostArray.of(Tensors.cast(autoencoder.scaling().toState(latent), DataType.FLOAT32));
        }
    }
}
