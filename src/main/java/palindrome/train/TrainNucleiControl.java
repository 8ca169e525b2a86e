package palindrome.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Trains the ControlNet that makes the bundled model draw nuclei where they are
 * drawn. Run it again with the same output folder and it goes on where it
 * stopped; stop it at any time.
 */
@Command(
        name = "train-control",
        mixinStandardHelpOptions = true,
        description = "Trains the bundled model's ControlNet; resumes if the output folder holds a run.")
public final class TrainNucleiControl implements Callable<Integer> {

    @Mixin
    private final TrainingOptions options = new TrainingOptions();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "src/main/resources/palindrome/models/nuclei",
            description = "folder of the model to steer, which stays as it is (default: ${DEFAULT-VALUE})")
    private Path model;

    /** @param args see {@code --help} */
    public static void main(final String... args) {
        System.exit(new CommandLine(new TrainNucleiControl()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        final ControlRecipe recipe = ControlRecipe.load();
        options.train(
                recipe.training(),
                (output, manager) -> new ControlDenoiser(recipe, model, output.resolve("controlnet"), manager));
        return 0;
    }
}
