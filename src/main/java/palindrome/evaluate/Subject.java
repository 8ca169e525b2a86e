package palindrome.evaluate;

import ai.djl.ndarray.NDManager;
import palindrome.edit.OpenedModel;
import palindrome.guide.GuidedNoise;
import palindrome.model.DiffusionModel;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;

/**
 * What samplers are measured on: a model under one prompt.
 *
 * @param opened the model, which stays open
 * @param prompt what the images show; may be empty
 * @param guidance weight of classifier-free guidance, at least 0
 * @param beforeNetworkCall run before every single network call; leaves by an exception to stop
 */
record Subject(OpenedModel opened, String prompt, double guidance, Runnable beforeNetworkCall) {

    DiffusionModel model() {
        return opened.model();
    }

    Subject withGuidance(final double scale) {
        return new Subject(opened, prompt, scale, beforeNetworkCall);
    }

    /** @return network calls that one evaluation of the predictor takes */
    int networkCalls() {
        return guidance == 0 || guidance == 1 ? 1 : 2;
    }

    /** @param manager owner of the encoded prompts */
    Predictor predictor(final NodeGrid grid, final NDManager manager) {
        return GuidedNoise.of(
                model(),
                grid,
                GuidedNoise.Prompts.of(model(), prompt, "", guidance, model().nativeSize(), manager),
                guidance,
                beforeNetworkCall);
    }
}
