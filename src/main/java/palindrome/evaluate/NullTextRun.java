package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import palindrome.guide.GuidedNoise;
import palindrome.guide.NetworkNoise;
import palindrome.guide.NullTextInversion;
import palindrome.guide.NullTextSettings;
import palindrome.guide.TalliedNoise;
import palindrome.model.DiffusionModel;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.StepListener;

/**
 * What null-text inversion of an image and the way back take.
 *
 * @param evaluations of the network, those under guidance counted as the two they are
 * @param gradients how many of them were run backwards as well
 * @param seconds both ways
 */
record NullTextRun(int evaluations, int gradients, double seconds) {

    /**
     * @param steps number of steps
     * @param guidance of the way back, above 1
     * @param image float64 [1, C, H, W], neither changed nor closed
     */
    static NullTextRun measure(final Subject subject, final int steps, final double guidance, final NDArray image) {
        final Setup setup = Setup.of(SamplerChoice.NULL_TEXT, steps, new FloatingPoint());
        final DiffusionModel model = subject.model();
        final NodeGrid grid = setup.grid(model);
        try (NDManager manager = model.manager().newSubManager()) {
            final NDArray start = image.duplicate();
            start.attach(manager);
            final GuidedNoise.Prompts prompts =
                    GuidedNoise.Prompts.of(model, subject.prompt(), "", guidance, model.nativeSize(), manager);
            final TalliedNoise network = new TalliedNoise(NetworkNoise.of(model, grid, subject.beforeNetworkCall()));
            final long before = System.nanoTime();
            try (NullTextInversion.Result result = new NullTextInversion(network, grid, NullTextSettings.of(guidance))
                    .invert(start, prompts, StepListener.NONE)) {
                final GuidedNoise replay = new GuidedNoise(
                        network, node -> prompts.awayFrom(result.embeddings().at(node, manager)), guidance);
                setup.sampler().sample(result.latent(), grid, replay, StepListener.NONE);
            }
            final double seconds = (System.nanoTime() - before) * 1e-9;
            return new NullTextRun(network.evaluations(), network.gradients(), seconds);
        }
    }
}
