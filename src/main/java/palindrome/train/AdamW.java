package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collection;
import java.util.Map;
import palindrome.engine.Kernel;
import palindrome.engine.Tensors;

/**
 * Decoupled weight decay Adam (Loshchilov and Hutter 2019) with gradient
 * clipping and the moving average of the weights, one native call a parameter.
 */
final class AdamW implements AutoCloseable {

    private static final double EPSILON = 1e-8;

    private final TrainingRecipe recipe;
    private final Kernel kernel = Kernel.load(AdamW.class, "adamw.py", Map.of());

    AdamW(final TrainingRecipe recipe) {
        this.recipe = recipe;
    }

    /**
     * Takes one step and clears the gradients.
     *
     * @param parameters what to update; each has a gradient
     * @param step index of this step, from 0
     * @return the norm of the gradient before clipping
     */
    double step(final Collection<TrainedParameter> parameters, final long step) {
        final double norm = gradientNorm(parameters);
        final double clip = Math.min(1, recipe.clipNorm() / Math.max(norm, 1e-12));
        final double[] numbers = {
            recipe.learningRateAt(step),
            recipe.beta1(),
            recipe.beta2(),
            EPSILON,
            0,
            1 - Math.pow(recipe.beta1(), step + 1),
            1 - Math.pow(recipe.beta2(), step + 1),
            recipe.averageDecayAt(step),
            clip
        };
        for (final TrainedParameter parameter : parameters) {
            // Norms and biases are not decayed.
            numbers[4] = parameter.weight().getShape().dimension() > 1 ? recipe.weightDecay() : 0;
            try (NDManager scope = parameter.weight().getManager().newSubManager();
                    NDArray gradient = parameter.weight().getGradient()) {
                kernel.call(
                                "update",
                                parameter.weight(),
                                gradient,
                                parameter.firstMoment(),
                                parameter.secondMoment(),
                                parameter.average(),
                                Tensors.of(scope, numbers, numbers.length))
                        .close();
            }
        }
        return norm;
    }

    private double gradientNorm(final Collection<TrainedParameter> parameters) {
        double sum = 0;
        for (final TrainedParameter parameter : parameters) {
            try (NDArray gradient = parameter.weight().getGradient();
                    NDArray square = kernel.call("squared_norm", gradient)) {
                sum += square.getFloat();
            }
        }
        return Math.sqrt(sum);
    }

    @Override
    public void close() {
        kernel.close();
    }
}
