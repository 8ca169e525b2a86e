package palindrome.engine;

import java.util.Optional;

/**
 * What there is on a computer, as far as it decides where a network can run.
 *
 * @param platform operating system and processor, such as {@code Linux amd64}
 * @param cudaBuild whether the libtorch in use was built with CUDA
 * @param visibleGpus NVIDIA GPUs that the CUDA runtime library reports; 0 also where
 *          there is no such library
 * @param driver whether an NVIDIA driver is installed
 * @param runtimeLibrary whether the CUDA runtime library was found
 * @param appleGpu whether libtorch can compute on the GPU of an Apple computer
 * @param libtorch folder that libtorch was loaded from
 * @param libraryPath what {@code PYTORCH_LIBRARY_PATH} says, if it is set
 * @param flavor what {@code PYTORCH_FLAVOR} says, if it is set
 * @param visibleDevices what {@code CUDA_VISIBLE_DEVICES} says, if it is set
 */
record DeviceFacts(
        String platform,
        boolean cudaBuild,
        int visibleGpus,
        boolean driver,
        boolean runtimeLibrary,
        boolean appleGpu,
        String libtorch,
        Optional<String> libraryPath,
        Optional<String> flavor,
        Optional<String> visibleDevices) {

    /** What to set for a libtorch of one's own. */
    private static final String CUDA_BUILD = "a CUDA 12.8 build of libtorch " + TorchEngine.LIBTORCH
            + ", PYTORCH_LIBRARY_PATH at its lib folder and PYTORCH_FLAVOR=cu128 (docs/gpu.md)";

    /** @return NVIDIA GPUs that libtorch can compute on */
    int gpus() {
        return cudaBuild ? visibleGpus : 0;
    }

    /** @return why libtorch can use no NVIDIA GPU and what to do, as a part of a sentence; meaningless if it can */
    String obstacle() {
        if (platform.startsWith("Mac")) return "there is no CUDA on macOS";
        if (!driver && visibleGpus == 0) return "no NVIDIA driver is installed on this computer";
        if (!cudaBuild) return noCudaBuild();
        if (!runtimeLibrary)
            return "libtorch has CUDA, but the CUDA runtime library (cudart) was not found; put its folder on "
                    + (platform.startsWith("Windows") ? "PATH, or set CUDA_PATH" : "LD_LIBRARY_PATH")
                    + " before ImageJ starts";
        return visibleDevices
                .map(devices ->
                        "CUDA reports no GPU, and CUDA_VISIBLE_DEVICES is '" + devices + "'; remove it or name a GPU")
                .orElse("CUDA reports no GPU; the driver may be older than the libtorch in " + libtorch + " needs");
    }

    private String noCudaBuild() {
        if (libraryPath.isEmpty())
            return "an NVIDIA GPU is here, but the libtorch in use computes on the CPU only; start ImageJ with "
                    + CUDA_BUILD;
        // NB: DJL goes on to its own libtorch without a word where that path holds none.
        return "an NVIDIA GPU is here and PYTORCH_LIBRARY_PATH is '" + libraryPath.get()
                + "', but the libtorch in use, from " + libtorch + ", computes on the CPU only; "
                + (flavor.isPresent() ? "" : "PYTORCH_FLAVOR is not set; ") + "it takes " + CUDA_BUILD;
    }
}
