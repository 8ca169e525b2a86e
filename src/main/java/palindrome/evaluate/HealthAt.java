package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import palindrome.sampler.Latent;
import palindrome.sampler.LatentHealth;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.StepListener;

/**
 * How near to noise the latent of an image is.
 *
 * @param setup the sampler
 * @param gamma γ as used; NaN for a sampler that has none
 * @param guidance under which the image was inverted
 * @param numbers the numbers of {@link LatentHealth}, in its order, by its names as words, such as "excess kurtosis"
 */
record HealthAt(Setup setup, double gamma, double guidance, Map<String, Double> numbers) {

    /** @param image float64 [1, C, H, W], neither changed nor closed */
    static HealthAt measure(final Subject subject, final Setup setup, final NDArray image) {
        try (NDManager manager = subject.model().manager().newSubManager()) {
            final NDArray start = image.duplicate();
            start.attach(manager);
            final NodeGrid grid = setup.grid(subject.model());
            final Latent noisy =
                    setup.sampler().invert(start, grid, subject.predictor(grid, manager), StepListener.NONE);
            return new HealthAt(
                    setup,
                    setup.sampler().parameters(grid).getOrDefault("gamma", Double.NaN),
                    subject.guidance(),
                    numbers(LatentHealth.of(noisy, grid, setup.sampler())));
        }
    }

    /** Read from the record's own declaration, so that tables and plots have whatever it measures. */
    static Map<String, Double> numbers(final LatentHealth health) {
        final Map<String, Double> numbers = new LinkedHashMap<>();
        for (final RecordComponent component : LatentHealth.class.getRecordComponents()) {
            if (component.getType() != double.class) continue;
            try {
                numbers.put(words(component.getName()), (Double)
                        component.getAccessor().invoke(health));
            } catch (final ReflectiveOperationException exc) {
                throw new IllegalStateException("The accessors of a public record are public.", exc);
            }
        }
        return numbers;
    }

    private static String words(final String camelCase) {
        return camelCase.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
