package palindrome.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices of computers that are described, and of this one. */
class DeviceChoiceTest {

    private static final DeviceFacts NOTHING = linux(false, 0, false, false);
    private static final DeviceFacts TWO_GPUS = linux(true, 2, true, true);
    private static final DeviceFacts MAC = mac(true);

    private static DeviceFacts linux(
            final boolean cudaBuild, final int gpus, final boolean driver, final boolean runtimeLibrary) {
        return new DeviceFacts(
                "Linux amd64",
                cudaBuild,
                gpus,
                driver,
                runtimeLibrary,
                false,
                "/cache/libtorch",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static DeviceFacts mac(final boolean appleGpu) {
        return new DeviceFacts(
                "Mac OS X aarch64",
                false,
                0,
                false,
                false,
                appleGpu,
                "/cache/libtorch",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static DeviceFacts with(
            final DeviceFacts facts, final String libraryPath, final String flavor, final String visibleDevices) {
        return new DeviceFacts(
                facts.platform(),
                facts.cudaBuild(),
                facts.visibleGpus(),
                facts.driver(),
                facts.runtimeLibrary(),
                facts.appleGpu(),
                facts.libtorch(),
                Optional.ofNullable(libraryPath),
                Optional.ofNullable(flavor),
                Optional.ofNullable(visibleDevices));
    }

    private static String refusal(final String request, final DeviceFacts facts) {
        return assertThrows(IllegalArgumentException.class, () -> DeviceChoice.of(request, facts))
                .getMessage();
    }

    @Test
    void thisComputerHasACpu() {
        assertEquals(Device.cpu(), DeviceChoice.of(" CPU ").device());
        assertTrue(DeviceChoice.of("auto").reason().startsWith("auto: "));
        assertFalse(TorchEngine.start().libtorchFolder().isEmpty());
        assertFalse(TorchEngine.start().features().isEmpty());
    }

    @Test
    void autoTakesTheFirstGpuThatCanBeUsed() {
        assertEquals(
                new DeviceChoice(Device.gpu(0), "auto", "auto: the first of 2 GPUs that libtorch can use."),
                DeviceChoice.of("auto", TWO_GPUS));
        assertEquals(
                new DeviceChoice(
                        Device.cpu(), "auto", "auto: the CPU, because no NVIDIA driver is installed on this computer."),
                DeviceChoice.of("auto", NOTHING));
        assertEquals(Device.cpu(), DeviceChoice.of("auto", MAC).device());
        assertTrue(DeviceChoice.of(" Auto", NOTHING).isAutomatic());
        assertFalse(DeviceChoice.of("cpu", NOTHING).isAutomatic());
    }

    @ParameterizedTest
    @CsvSource({"gpu, 0, gpu:0", "gpu:0, 0, gpu:0", "GPU:1, 1, gpu:1"})
    void aGpuIsTakenByItsNumber(final String request, final int index, final String name) {
        final DeviceChoice choice = DeviceChoice.of(request, TWO_GPUS);
        assertEquals(Device.gpu(index), choice.device());
        assertEquals(Device.gpu(index), choice.stateDevice());
        assertEquals(name, choice.name());
        assertEquals(choice.device(), DeviceChoice.of(name, TWO_GPUS).device());
    }

    @Test
    void onAppleGpusTheStatesStayOnTheCpu() {
        final DeviceChoice choice = DeviceChoice.of("mps", MAC);
        assertEquals(Device.of("mps", 0), choice.device());
        assertEquals(Device.cpu(), choice.stateDevice());
        assertEquals("mps", choice.name());
        assertTrue(choice.reason().contains("float64"));
    }

    @Test
    void whatIsNotThereIsNeverReplaced() {
        assertEquals(
                "Device 'gpu:2' was asked for, but is not there: libtorch can use 2 GPUs, counted from gpu:0."
                        + " Use device=cpu or device=auto instead.",
                refusal("gpu:2", TWO_GPUS));
        assertEquals(
                "Device 'gpu' was asked for, but is not there: no NVIDIA driver is installed on this computer."
                        + " Use device=cpu or device=auto instead.",
                refusal("gpu", NOTHING));
        assertEquals(
                "Device 'mps' was asked for, but is not there: mps is the GPU of Apple computers, and this is Linux"
                        + " amd64. Use device=cpu or device=auto instead.",
                refusal("mps", NOTHING));
        assertTrue(refusal("mps", mac(false)).contains("the libtorch in use cannot compute on this computer's GPU"));
        assertTrue(refusal("gpu", MAC).contains("there is no CUDA on macOS"));
        for (final String request : new String[] {"gpu:7", "gpu:999", "GPU:63"})
            assertTrue(refusal(request, NOTHING).startsWith("Device '" + request + "' was asked for"));
    }

    /** The traps between a graphics card in the computer and a network on it. */
    @Test
    void theReasonNamesTheRemedy() {
        assertEquals(
                "an NVIDIA GPU is here, but the libtorch in use computes on the CPU only; start ImageJ with a CUDA 12.8"
                        + " build of libtorch 2.7.1, PYTORCH_LIBRARY_PATH at its lib folder and PYTORCH_FLAVOR=cu128"
                        + " (docs/gpu.md)",
                linux(false, 1, true, true).obstacle());
        final DeviceFacts ignored = with(linux(false, 1, true, true), "/opt/nothing", null, null);
        assertTrue(ignored.obstacle().contains("PYTORCH_LIBRARY_PATH is '/opt/nothing'"), ignored.obstacle());
        assertTrue(ignored.obstacle().contains("from /cache/libtorch"), ignored.obstacle());
        assertTrue(ignored.obstacle().contains("PYTORCH_FLAVOR is not set"), ignored.obstacle());
        assertFalse(with(ignored, "/opt/nothing", "cpu", null).obstacle().contains("is not set"));
        // a CPU build sees GPUs that it cannot use
        assertEquals(0, linux(false, 1, true, true).gpus());
        assertTrue(linux(true, 0, true, false).obstacle().contains("cudart"));
        assertTrue(linux(true, 0, true, false).obstacle().contains("LD_LIBRARY_PATH"));
        assertTrue(
                with(linux(true, 0, true, true), null, null, "-1").obstacle().contains("CUDA_VISIBLE_DEVICES is '-1'"));
        assertTrue(linux(true, 0, true, true).obstacle().contains("driver may be older"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantum", "", "gpu:", "gpu:-1", "gpu 1", "cuda", "gpu:99999999999"})
    void unknownDevicesAreNamed(final String request) {
        assertEquals("Unknown device '" + request + "'. Use auto, cpu, gpu, gpu:1 or mps.", refusal(request, TWO_GPUS));
    }
}
