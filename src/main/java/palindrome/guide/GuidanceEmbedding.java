package palindrome.guide;

import ai.djl.ndarray.NDManager;
import palindrome.engine.Tensors;
import palindrome.network.Conditioning;

/**
 * The guidance scale as a vector, which a network hears that was distilled from
 * guidance (Meng et al. 2023), such as a latent consistency model. It makes in one
 * evaluation what others make in two.
 */
final class GuidanceEmbedding {

    /** Scales are small next to timesteps, whose frequencies these are. */
    private static final double MAGNIFICATION = 1000;

    private static final double MAX_PERIOD = 10000;

    private GuidanceEmbedding() {}

    /**
     * @param told what the network is told besides
     * @param guidanceScale w
     * @param dim width of the vector
     * @param owner owner of the vector
     */
    static Conditioning addTo(
            final Conditioning told, final double guidanceScale, final int dim, final NDManager owner) {
        final float[] vector = of(guidanceScale, dim);
        return GuidedNoise.Prompts.text(told)
                .with(new Conditioning.TimestepCond(Tensors.of(owner, vector, 1, vector.length)));
    }

    /** sin and cos of 1000·(w − 1)·10000^(−i/(half − 1)), i = 0 … half − 1; the last entry of an odd width is 0. */
    static float[] of(final double guidanceScale, final int dim) {
        final int half = dim / 2;
        final float[] vector = new float[dim];
        for (int i = 0; i < half; i++) {
            final double angle =
                    MAGNIFICATION * (guidanceScale - 1) * Math.pow(MAX_PERIOD, -(double) i / Math.max(1, half - 1));
            vector[i] = (float) Math.sin(angle);
            vector[half + i] = (float) Math.cos(angle);
        }
        return vector;
    }
}
