package palindrome.evaluate;

import java.util.List;

/**
 * What a comparison of samplers measured.
 *
 * @param roundTrips from the image to noise and back
 * @param odeErrors from noise to an image, against the exact path
 * @param overGamma latents of BDIA at several γ
 * @param overGuidance latents of the exact samplers at several scales of guidance
 * @param notes one sentence for each run that could not be made
 */
record Comparison(
        List<RoundTripRun> roundTrips,
        List<OdeError> odeErrors,
        List<HealthAt> overGamma,
        List<HealthAt> overGuidance,
        List<String> notes) {}
