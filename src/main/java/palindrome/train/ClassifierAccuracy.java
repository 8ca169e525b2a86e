package palindrome.train;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import palindrome.network.CaptionClassifier;
import palindrome.sampler.NoiseSchedule;

/** How often a classifier is right on images it never saw, at each noise level: the same crops and noise each time. */
final class ClassifierAccuracy {

    private static final int CROPS = 512;
    private static final int BATCH = 32;
    private static final long SEED = 20240501;
    private static final int[] TIMESTEPS = {0, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 999};

    private final List<Crop> crops = new ArrayList<>();
    private final NoiseSchedule schedule;
    private final Objective objective;

    ClassifierAccuracy(
            final CropSampler sampler, final int cropSize, final NoiseSchedule schedule, final Objective objective) {
        this.schedule = schedule;
        this.objective = objective;
        final Random random = new Random(SEED);
        for (int i = 0; i < CROPS; i++) crops.add(sampler.draw(random, cropSize));
    }

    /**
     * One number of the report.
     *
     * @param attribute what was told
     * @param timestep noise level
     * @param sigma its noise scale
     * @param accuracy share of crops whose word had the greatest probability
     * @param mostFrequent share of the most frequent word, which needs no classifier
     */
    record Row(String attribute, int timestep, double sigma, double accuracy, double mostFrequent) {

        static final String HEADER = "attribute,timestep,noise_scale,accuracy,most_frequent_word";

        String csv() {
            return String.format(
                    Locale.ROOT, "%s,%d,%.4f,%.4f,%.4f", attribute, timestep, sigma, accuracy, mostFrequent);
        }
    }

    /** @return a row for each attribute and noise level */
    List<Row> measure(final CaptionClassifier classifier, final NDManager manager) {
        final CaptionLabels labels = new CaptionLabels(classifier.config().attributes());
        final List<Row> rows = new ArrayList<>();
        for (final int timestep : TIMESTEPS) {
            final Map<String, Integer> right = right(classifier, labels, timestep, manager);
            for (final String attribute : labels.attributes().keySet())
                rows.add(new Row(
                        attribute,
                        timestep,
                        Math.sqrt(1 - schedule.alphaCumprod(timestep)),
                        (double) right.getOrDefault(attribute, 0) / CROPS,
                        mostFrequent(labels, attribute)));
        }
        return rows;
    }

    private Map<String, Integer> right(
            final CaptionClassifier classifier,
            final CaptionLabels labels,
            final int timestep,
            final NDManager manager) {
        final RandomGenerator random = new Random(SEED);
        final int[] levels = new int[BATCH];
        Arrays.fill(levels, timestep);
        final Map<String, Integer> right = new HashMap<>();
        for (int first = 0; first < CROPS; first += BATCH) {
            final List<Crop> batch = crops.subList(first, first + BATCH);
            try (NDManager scope = manager.newSubManager()) {
                final NoisyStates states = NoisyStates.of(batch, levels, random, schedule, objective, scope);
                classifier.logits(states.noisy(), states.timesteps()).forEach((attribute, logits) -> {
                    final long[] guesses = logits.argMax(1).toLongArray();
                    for (int i = 0; i < BATCH; i++)
                        if (guesses[i] == labels.index(attribute, batch.get(i).caption()))
                            right.merge(attribute, 1, Integer::sum);
                });
            }
        }
        return right;
    }

    private double mostFrequent(final CaptionLabels labels, final String attribute) {
        final int[] counts = new int[labels.attributes().get(attribute).size()];
        for (final Crop crop : crops) counts[labels.index(attribute, crop.caption())]++;
        return (double) Arrays.stream(counts).max().orElseThrow() / CROPS;
    }
}
