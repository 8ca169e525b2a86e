package palindrome.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;
import palindrome.engine.KernelWatch;

/** Adds up the time of each kind of kernel, and keeps the longest call: how long a cancel may wait. On the CPU. */
final class KernelTimes implements KernelWatch {

    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private long start;
    private double longest;

    @Override
    public void before(final String kernel, final String method) {
        start = System.nanoTime();
    }

    @Override
    public void after(final String kernel, final String method) {
        final double elapsed = (System.nanoTime() - start) * 1e-9;
        seconds.merge(kind(kernel, method), elapsed, Double::sum);
        longest = Math.max(longest, elapsed);
    }

    /** @return seconds by kind of kernel */
    Map<String, Double> seconds() {
        return seconds;
    }

    /** @return seconds in all kernels */
    double total() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** @return seconds of the longest call */
    double longest() {
        return longest;
    }

    private static String kind(final String kernel, final String method) {
        return switch (kernel) {
            case "basic_transformer_block.py" -> method.replace('_', ' ');
            case "resnet_block_2d.py" -> "resnet";
            case "transformer_2d.py" -> "projections of transformers";
            case "upsample_2d.py", "downsample_2d.py" -> "up- and downsampling";
            default -> "embeddings, first and last convolution";
        };
    }
}
