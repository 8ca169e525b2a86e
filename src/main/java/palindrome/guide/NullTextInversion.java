package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import palindrome.network.Conditioning;
import palindrome.sampler.Ddim;
import palindrome.sampler.Latent;
import palindrome.sampler.Lattice;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.OneWaySampler;
import palindrome.sampler.Sampler;
import palindrome.sampler.StepListener;

/**
 * Null-text inversion (Mokady, Hertz, Aberman, Pritch and Cohen-Or 2023): DDIM
 * inversion under the prompt alone gives the pivot, a path from the image to
 * noise; then, from the noise back, the unconditional embedding of every step is
 * optimised so that the <i>guided</i> step stays on the pivot. DDIM under the same
 * guidance with those embeddings returns nearly the image, and with another prompt
 * an edit of it.
 * <p>
 * Approximate: what is left of the error is told. Costs N evaluations of the
 * network for the pivot and, at each of N steps, at most 3 more and
 * {@link NullTextSettings#iterations()} with their gradients, which need the
 * memory of training.
 */
public final class NullTextInversion {

    private final ContextNoise network;
    private final NodeGrid grid;
    private final NullTextSettings settings;
    private final Sampler ddim;

    /**
     * @param network ε under a conditioning, which lets gradients pass to its text states
     * @param grid the nodes to walk
     * @param settings how to search
     */
    public NullTextInversion(final ContextNoise network, final NodeGrid grid, final NullTextSettings settings) {
        this(network, grid, settings, new OneWaySampler(Ddim.pivotal(), new Lattice()));
    }

    NullTextInversion(
            final ContextNoise network, final NodeGrid grid, final NullTextSettings settings, final Sampler ddim) {
        this.network = network;
        this.grid = grid;
        this.settings = settings;
        this.ddim = ddim;
    }

    /**
     * An image as noise, and the way back. Owns the latent; close it.
     *
     * @param latent the pivot's noisy end
     * @param embeddings the unconditional text states of every node
     * @param rmsError root mean square by which the replay misses the image
     * @param maxError the most by which it misses a value of the image
     */
    public record Result(Latent latent, NullTextEmbeddings embeddings, double rmsError, double maxError)
            implements AutoCloseable {

        @Override
        public void close() {
            latent.close();
        }
    }

    /** @return network evaluations of an inversion at most */
    public int evaluations() {
        return grid.steps() * (1 + NullTextOptimizer.evaluationsPerNode(settings));
    }

    /**
     * @param image float64 [1, C, H, W] in the range of the model
     * @param prompts what the image shows, and, usually empty, whose text states the first
     *          search begins at; [1, L, D], float32
     * @param listener told after every evaluation; steps that are content early leave
     *          the rest of theirs out at once
     * @return the noise, owned by the image's manager, and the embeddings
     * @throws IllegalArgumentException if there is more than one image, or the prompts have
     *           no text states
     * @throws palindrome.sampler.SamplingException if the network returns what is not
     *           finite
     */
    public Result invert(final NDArray image, final GuidedNoise.Prompts prompts, final StepListener listener) {
        if (image.getShape().get(0) != 1)
            throw new IllegalArgumentException("Null-text inversion takes one image at a time, but was given "
                    + image.getShape().get(0) + ".");
        final Conditioning.Text prompt = GuidedNoise.Prompts.text(prompts.positive());
        final Conditioning.Text start = GuidedNoise.Prompts.text(prompts.negative());
        final NDManager owner = image.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(image);
            final CountedNoise counted = new CountedNoise(network, listener, evaluations());
            final Pivot pivot = new Pivot((state, node) -> counted.epsilon(state, node, prompt));
            final Latent noisy = ddim.invert(image, grid, pivot, StepListener.NONE);
            final NullTextOptimizer optimizer = new NullTextOptimizer(counted, grid, pivot, prompt, start, settings);
            final Latent clean = ddim.sample(
                    noisy,
                    grid,
                    optimizer,
                    (done, total) ->
                            counted.skipTo(grid.steps() + done * NullTextOptimizer.evaluationsPerNode(settings)));
            final NDArray miss = clean.image().sub(image);
            final double rms = Math.sqrt(miss.square().mean().getDouble());
            final double max = miss.abs().max().getDouble();
            noisy.attach(owner);
            return new Result(noisy, optimizer.embeddings(), rms, max);
        }
    }
}
