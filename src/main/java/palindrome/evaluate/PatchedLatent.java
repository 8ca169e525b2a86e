package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import palindrome.engine.Tensors;
import palindrome.sampler.Latent;

/**
 * An edit in latent space without any skill: a square is copied over another place, as when something is dragged there.
 * What comes out is no longer noise of the data, which the sampler then has to mend or to leave.
 */
final class PatchedLatent {

    /** Side of the square, and its way along both axes, as parts of the latent's sides. */
    private static final double SIDE = 0.375;

    private static final double FROM = 0.0625;
    private static final double TO = 0.5;

    private PatchedLatent() {}

    /**
     * @param latent float64 states; closed by its owner
     * @param states how many of its states, from the first on, are images with noise, and so are patched
     * @return the same with patched states, owned by the same manager
     */
    static Latent of(final Latent latent, final int states) {
        final List<NDArray> patched = new ArrayList<>(latent.states());
        for (int slot = 0; slot < states; slot++)
            patched.set(slot, patched(latent.states().get(slot)));
        return new Latent(patched, latent.scales(), latent.nodes(), latent.end(), latent.anchor(), latent.arithmetic());
    }

    private static NDArray patched(final NDArray state) {
        final long[] shape = state.getShape().getShape();
        final int channels = (int) shape[1];
        final int rows = (int) shape[2];
        final int columns = (int) shape[3];
        final double[] before = state.toDoubleArray();
        final double[] after = before.clone();
        final int height = (int) (SIDE * rows);
        final int width = (int) (SIDE * columns);
        for (int c = 0; c < channels; c++)
            for (int y = 0; y < height; y++)
                System.arraycopy(
                        before,
                        (c * rows + (int) (FROM * rows) + y) * columns + (int) (FROM * columns),
                        after,
                        (c * rows + (int) (TO * rows) + y) * columns + (int) (TO * columns),
                        width);
        return Tensors.of(state.getManager(), after, shape);
    }
}
