package palindrome.model;

import java.util.Map;

/**
 * What a diffusers scheduler takes for keys that its configuration lacks; each
 * class has its own.
 *
 * @param betaStart default of {@code beta_start}
 * @param betaEnd default of {@code beta_end}
 * @param betaSchedule default of {@code beta_schedule}
 * @param timestepSpacing default of {@code timestep_spacing}
 * @param clipSample default of {@code clip_sample}; false if it has no such key
 * @param setAlphaToOne default of {@code set_alpha_to_one}; true if it has no such
 *          key, as it then ends at the clean image
 */
record SchedulerDefaults(
        double betaStart,
        double betaEnd,
        String betaSchedule,
        String timestepSpacing,
        boolean clipSample,
        boolean setAlphaToOne) {

    private static final SchedulerDefaults DDIM = new SchedulerDefaults(1e-4, 0.02, "linear", "leading", true, true);
    private static final SchedulerDefaults PNDM = new SchedulerDefaults(1e-4, 0.02, "linear", "leading", false, false);
    private static final SchedulerDefaults SOLVER =
            new SchedulerDefaults(1e-4, 0.02, "linear", "linspace", false, true);
    private static final SchedulerDefaults KARRAS =
            new SchedulerDefaults(0.00085, 0.012, "linear", "linspace", false, true);
    private static final SchedulerDefaults LCM =
            new SchedulerDefaults(0.00085, 0.012, "scaled_linear", "leading", false, true);

    private static final Map<String, SchedulerDefaults> BY_CLASS = Map.ofEntries(
            Map.entry("DDIMScheduler", DDIM),
            Map.entry("DDIMInverseScheduler", DDIM),
            Map.entry("DDIMParallelScheduler", DDIM),
            Map.entry("DDPMScheduler", DDIM),
            Map.entry("DDPMParallelScheduler", DDIM),
            Map.entry("PNDMScheduler", PNDM),
            Map.entry("LMSDiscreteScheduler", SOLVER),
            Map.entry("EulerDiscreteScheduler", SOLVER),
            Map.entry("EulerAncestralDiscreteScheduler", SOLVER),
            Map.entry("DPMSolverMultistepScheduler", SOLVER),
            Map.entry("DPMSolverMultistepInverseScheduler", SOLVER),
            Map.entry("DPMSolverSinglestepScheduler", SOLVER),
            Map.entry("DEISMultistepScheduler", SOLVER),
            Map.entry("UniPCMultistepScheduler", SOLVER),
            Map.entry("HeunDiscreteScheduler", KARRAS),
            Map.entry("KDPM2DiscreteScheduler", KARRAS),
            Map.entry("KDPM2AncestralDiscreteScheduler", KARRAS),
            Map.entry("DPMSolverSDEScheduler", KARRAS),
            Map.entry("LCMScheduler", LCM));

    static boolean isKnown(final String className) {
        return BY_CLASS.containsKey(className);
    }

    /** The class's defaults, those of DDIM for an unknown class. */
    static SchedulerDefaults of(final String className) {
        return BY_CLASS.getOrDefault(className, DDIM);
    }
}
