package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import palindrome.edit.Progress;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Placement;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;
import palindrome.engine.TorchRandom;
import palindrome.model.DiffusionModel;
import palindrome.model.ModelCatalog;
import palindrome.model.PrecisionTiming;
import palindrome.model.PrecisionTrial;
import palindrome.sampler.SamplerChoice;

/** Whether a device computes what it should, and how fast, in a few seconds. */
final class SelfTest {

    private static final int PARTS = 3;
    private static final int MATRIX = 1024;
    private static final long MATRIX_NANOS = 500_000_000L;
    private static final int SIDE = 64;
    private static final int STEPS = 4;

    private final DeviceChoice device;
    private final Progress progress;

    /** @param progress reported to, and asked whether to go on */
    SelfTest(final DeviceChoice device, final Progress progress) {
        this.device = device;
        this.progress = progress;
    }

    /** Runs all parts; what each finds is a line. */
    void writeTo(final PlainReport report) throws IOException {
        progress.stage("Testing " + device.name());
        progress.step(0, PARTS);
        progress.checkCanceled();
        report.line("matrix product", String.format(Locale.ROOT, "%.1f GFLOP/s, float32", matrixRate() * 1e-9));
        progress.step(1, PARTS);
        progress.checkCanceled();
        roundTrip(report);
        progress.step(2, PARTS);
        progress.checkCanceled();
        report.line("half precision", halfPrecision());
        progress.step(PARTS, PARTS);
    }

    /** @return floating-point operations a second of a product of two matrices */
    private double matrixRate() {
        try (NDManager manager = TorchEngine.start().newManager(device.device())) {
            final NDArray matrix = Tensors.of(manager, new TorchRandom(0).randn(MATRIX * MATRIX), MATRIX, MATRIX);
            multiply(matrix);
            final long start = System.nanoTime();
            int products = 0;
            do {
                progress.checkCanceled();
                multiply(matrix);
                products++;
            } while (System.nanoTime() - start < MATRIX_NANOS);
            return 2.0 * MATRIX * MATRIX * MATRIX * products / ((System.nanoTime() - start) * 1e-9);
        }
    }

    /** NB: a GPU has computed only when something is read. */
    private static void multiply(final NDArray matrix) {
        try (NDArray product = matrix.matMul(matrix);
                NDArray corner = product.get("0, 0")) {
            corner.getFloat();
        }
    }

    private void roundTrip(final PlainReport report) throws IOException {
        try (DiffusionModel model = ModelCatalog.open(ModelCatalog.BUNDLED, Placement.on(device.device()));
                NDManager manager = model.manager().newSubManager(device.stateDevice())) {
            final double[] values = new double[3 * SIDE * SIDE];
            Arrays.setAll(values, i -> (i * 37 % 255 - 127) / 128.0);
            final NDArray pixels = Tensors.of(manager, values, 1, 3, SIDE, SIDE);
            // The first compiles kernels.
            final RoundTrip first = RoundTrip.run(model, SamplerChoice.O_BELM, STEPS, pixels);
            progress.checkCanceled();
            final RoundTrip second = RoundTrip.run(model, SamplerChoice.O_BELM, STEPS, pixels);
            report.line(
                    "network",
                    String.format(
                            Locale.ROOT,
                            "%.4f s an evaluation of the bundled model at %d x %d pixels",
                            second.seconds() / second.evaluations(),
                            SIDE,
                            SIDE));
            report.line(
                    "round trip",
                    (first.identical() && second.identical() ? "every bit came back" : "NOT EXACT")
                            + (first.fingerprint().equals(second.fingerprint())
                                    ? ", the same noise twice"
                                    : ", but OTHER NOISE the second time")
                            + ", noise " + second.fingerprint());
        }
    }

    private String halfPrecision() {
        if (device.isCpu()) return "not used on a CPU";
        final PrecisionTiming timing = PrecisionTrial.USUAL.run(device.device(), progress::checkCanceled);
        return String.format(
                Locale.ROOT,
                "%.2f times as fast (%.4f s against %.4f s), so auto takes %s",
                timing.speedup(),
                timing.float16(),
                timing.float32(),
                timing.pays() ? "float16" : "float32");
    }
}
