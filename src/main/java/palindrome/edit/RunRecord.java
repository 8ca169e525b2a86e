package palindrome.edit;

import java.util.List;
import java.util.Map;

/**
 * All that defines a run but the pixels: what an operation was asked for and
 * what followed from it. Recorded with every result.
 *
 * @param model what opened the model, {@code bundled} or a folder
 * @param modelSha256 hash of its weights
 * @param runtime device, precision, library and threads; another one may round
 *          differently
 * @param sampler name of the method
 * @param steps steps between image and pure noise
 * @param gamma BDIA's γ or BELM's coefficients as asked for, or the one that was taken after trials
 * @param mixing EDICT's p as asked for, or the one that was taken after trials
 * @param eta η as asked for
 * @param churn EDM's churn
 * @param stepSeed seed of the noise drawn in steps
 * @param strength share of the steps taken
 * @param guidanceScale weight of classifier-free guidance
 * @param classifierScale weight of classifier guidance; 0 is none
 * @param controls what led the network besides the prompt: one control image, or none
 * @param samplerParameters the method's own numbers as used
 * @param trials what was tried for a number that was left to the plugin, in this order; empty where the first did
 * @param gridHash hash of the noise levels visited
 * @param prompt what the image shows, or should show
 * @param negativePrompt what guidance leads away from
 * @param warnings what the sampler had to say about these settings
 */
public record RunRecord(
        String model,
        String modelSha256,
        ComputeRuntime runtime,
        String sampler,
        int steps,
        String gamma,
        String mixing,
        String eta,
        double churn,
        long stepSeed,
        double strength,
        double guidanceScale,
        double classifierScale,
        List<ControlRecord> controls,
        Map<String, Double> samplerParameters,
        List<Trial> trials,
        String gridHash,
        String prompt,
        String negativePrompt,
        List<String> warnings) {

    /** @return this record of the run that was taken of several */
    RunRecord withTrials(final List<Trial> tried) {
        return new RunRecord(
                model,
                modelSha256,
                runtime,
                sampler,
                steps,
                gamma,
                mixing,
                eta,
                churn,
                stepSeed,
                strength,
                guidanceScale,
                classifierScale,
                controls,
                samplerParameters,
                List.copyOf(tried),
                gridHash,
                prompt,
                negativePrompt,
                warnings);
    }

    /** @return this record of a run that took another share of the steps */
    RunRecord withStrength(final double share) {
        return new RunRecord(
                model,
                modelSha256,
                runtime,
                sampler,
                steps,
                gamma,
                mixing,
                eta,
                churn,
                stepSeed,
                share,
                guidanceScale,
                classifierScale,
                controls,
                samplerParameters,
                trials,
                gridHash,
                prompt,
                negativePrompt,
                warnings);
    }

    /** @return the settings that lead to the same grid and sampler, without a control image */
    public SamplingSettings settings() {
        return new SamplingSettings(
                sampler,
                steps,
                new SamplerTuning(gamma, mixing, eta, churn, stepSeed),
                strength,
                guidanceScale,
                classifierScale);
    }
}
