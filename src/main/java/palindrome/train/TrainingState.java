package palindrome.train;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import palindrome.model.SafetensorsFile;
import palindrome.model.SafetensorsWriter;

/**
 * A run on disk, so that it can be stopped at any moment and resumed: weights,
 * moments and averages in one safetensors file, replaced atomically.
 */
final class TrainingState {

    private static final Map<String, Function<TrainedParameter, NDArray>> PARTS = Map.of(
            "weight",
            TrainedParameter::weight,
            "first",
            TrainedParameter::firstMoment,
            "second",
            TrainedParameter::secondMoment,
            "average",
            TrainedParameter::average);

    private static final String NEXT_STEP = "next_step";

    private final Path file;

    TrainingState(final Path folder) {
        file = folder.resolve("training-state.safetensors");
    }

    boolean exists() {
        return Files.isRegularFile(file);
    }

    void save(final TrainedParameters parameters, final long nextStep) throws IOException {
        final SafetensorsWriter writer = new SafetensorsWriter().metadata(NEXT_STEP, Long.toString(nextStep));
        visit(parameters, writer::tensor);
        writer.write(file);
    }

    /**
     * Overwrites the parameters with the saved ones.
     *
     * @return the step to take next
     */
    long restore(final TrainedParameters parameters) throws IOException {
        try (SafetensorsFile saved = SafetensorsFile.open(file)) {
            visit(parameters, (name, array) -> {
                try (NDArray stored = saved.get(name, array.getManager())) {
                    stored.copyTo(array);
                }
            });
            return Long.parseLong(saved.metadata().get(NEXT_STEP));
        }
    }

    private interface Visitor {

        void visit(String name, NDArray array) throws IOException;
    }

    private static void visit(final TrainedParameters parameters, final Visitor visitor) throws IOException {
        for (final Map.Entry<String, TrainedParameter> entry :
                parameters.trained().entrySet())
            for (final Map.Entry<String, Function<TrainedParameter, NDArray>> part : PARTS.entrySet())
                visitor.visit(
                        parameters.network() + "." + entry.getKey() + "#" + part.getKey(),
                        part.getValue().apply(entry.getValue()));
        for (final Map.Entry<String, NDArray> entry : parameters.frozen().entrySet())
            visitor.visit("text_encoder." + entry.getKey() + "#weight", entry.getValue());
    }
}
