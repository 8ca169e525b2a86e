package palindrome.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceChoiceTest {

    private static final int GPUS = TorchEngine.start().gpuCount();

    @Test
    void autoTakesWhatIsThereAndSaysWhy() {
        final DeviceChoice choice = DeviceChoice.of("auto");
        assertEquals(GPUS > 0 ? Device.gpu(0) : Device.cpu(), choice.device());
        assertTrue(choice.reason().startsWith("auto: "), choice.reason());
        assertEquals(Device.cpu(), DeviceChoice.of(" CPU ").device());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "gpu:0", "gpu:7", "gpu:999", "GPU:63"})
    void gpusThatAreNotThereAreNeverReplaced(final String request) {
        final int index = request.length() > 3 ? Integer.parseInt(request.substring(4)) : 0;
        if (index < GPUS) {
            assertEquals(Device.gpu(index), DeviceChoice.of(request).device());
            return;
        }
        assertEquals(
                "Device '" + request + "' was asked for, but libtorch sees " + GPUS
                        + " CUDA device(s). Use device=cpu or device=auto.",
                refusal(request));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantum", "", "mps", "gpu:", "gpu:-1", "gpu 1", "cuda", "gpu:99999999999"})
    void unknownDevicesAreNamed(final String request) {
        assertEquals("Unknown device '" + request + "'. Use auto, cpu, gpu or gpu:1.", refusal(request));
    }

    private static String refusal(final String request) {
        return assertThrows(IllegalArgumentException.class, () -> DeviceChoice.of(request))
                .getMessage();
    }
}
