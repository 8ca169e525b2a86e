package palindrome.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Trains the bundled model. Run it again with the same output folder and it
 * goes on where it stopped; stop it at any time.
 */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Trains the bundled nuclei model; resumes if the output folder holds a run.")
public final class TrainNucleiModel implements Callable<Integer> {

    @Mixin
    private final TrainingOptions options = new TrainingOptions();

    @Option(
            names = "--from",
            paramLabel = "MODEL",
            description = "folder of a model to begin a new run with; a run that is resumed ignores it")
    private Path beginning;

    /** @param args see {@code --help} */
    public static void main(final String... args) {
        System.exit(new CommandLine(new TrainNucleiModel()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        final NucleiRecipe recipe = NucleiRecipe.load();
        options.train(
                recipe.training(),
                (output, manager) -> new NucleiDenoiser(
                        recipe,
                        output.resolve("model"),
                        Optional.ofNullable(beginning).map(PretrainedWeights::new),
                        manager));
        return 0;
    }
}
