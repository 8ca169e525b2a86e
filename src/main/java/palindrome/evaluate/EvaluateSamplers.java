package palindrome.evaluate;

import ij.process.ColorProcessor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Makes every table and figure of {@code docs/evaluation.md} anew:
 *
 * <pre>
 * mvn -q compile exec:java@evaluate
 * </pre>
 */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Writes the tables and figures of docs/evaluation.md.")
public final class EvaluateSamplers implements Callable<Integer> {

    @Option(
            names = "--docs",
            defaultValue = "docs",
            description = "folder of evaluation.md (default: ${DEFAULT-VALUE})")
    private Path docs;

    @Option(
            names = "--model",
            defaultValue = "bundled",
            description = "bundled, or a folder that holds a diffusers checkpoint (default: ${DEFAULT-VALUE})")
    private String model;

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "auto, cpu, gpu or gpu:1 (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(
            names = "--prompt",
            defaultValue = "fluorescence microscopy, many medium bright nuclei",
            description = "what images show (default: ${DEFAULT-VALUE})")
    private String prompt;

    @Option(
            names = "--guidance",
            defaultValue = "1",
            description = "weight of classifier-free guidance (default: ${DEFAULT-VALUE})")
    private double guidance;

    @Option(
            names = "--images",
            paramLabel = "FOLDER",
            description = "real images to invert and to compare samples with; with an index.csv, only those held back"
                    + " from training. Without it, sample-images are inverted, and samples compared with a fine-grid"
                    + " run alone")
    private Path images;

    @Option(
            names = "--modality",
            defaultValue = "fluorescence",
            description = "of the real images to compare with (default: ${DEFAULT-VALUE})")
    private String modality;

    @Option(
            names = "--samples-folder",
            defaultValue = "sample-images",
            description = "images to invert where no real ones are given (default: ${DEFAULT-VALUE})")
    private Path sampleImages;

    @Option(
            names = "--size",
            defaultValue = "64",
            description = "width and height of all images in pixels (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(
            names = "--evaluations",
            split = ",",
            defaultValue = "10,20,50,100",
            description = "steps and budgets to compare at (default: ${DEFAULT-VALUE})")
    private List<Integer> evaluations;

    @Option(
            names = "--invert",
            defaultValue = "2",
            description = "how many images to invert (default: ${DEFAULT-VALUE})")
    private int inverted;

    @Option(
            names = "--samples",
            defaultValue = "8",
            description = "images in a group of samples (default: ${DEFAULT-VALUE})")
    private int samples;

    @Option(
            names = "--groups",
            defaultValue = "4",
            description = "groups of samples, whose spread gives the error bars (default: ${DEFAULT-VALUE})")
    private int groups;

    @Option(
            names = "--references",
            defaultValue = "32",
            description = "images of the fine-grid run (default: ${DEFAULT-VALUE})")
    private int references;

    @Option(
            names = "--fine-steps",
            defaultValue = "400",
            description = "steps of the solution that samplers are compared with (default: ${DEFAULT-VALUE})")
    private int fineSteps;

    @Option(
            names = "--mixture-samples",
            defaultValue = "400000",
            description = "numbers of the mixture experiment (default: ${DEFAULT-VALUE})")
    private int mixtureSamples;

    @Option(
            names = "--only",
            split = ",",
            description = "parts to make anew: inversion, accuracy, quality, randomness, inpainting,"
                    + " variation (default: all)")
    private List<Part> only = List.of(Part.values());

    @Spec
    private CommandSpec spec;

    /** What can be made by itself. */
    enum Part {
        inversion,
        accuracy,
        quality,
        randomness,
        inpainting,
        variation;

        /** @return whether it compares images with those of the fine-grid run */
        boolean needsFineImages() {
            return this != inversion && this != accuracy;
        }
    }

    /** @param args see {@code --help} */
    public static void main(final String... args) {
        System.setProperty("java.awt.headless", "true");
        final int status = program().execute(args);
        // NB: the tensor engine leaves threads behind.
        System.exit(status);
    }

    static CommandLine program() {
        return new CommandLine(new EvaluateSamplers()).setExecutionExceptionHandler(new ModelComplaint());
    }

    @Override
    public Integer call() throws IOException {
        for (final int count : evaluations)
            if (count < 4 || count % 2 != 0)
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--evaluations has " + count + "; use even numbers from 4 up.");
        final PrintWriter out = spec.commandLine().getOut();
        final Report report = new Report(docs);
        try (OpenedModel opened = OpenedModel.open(model, device, Progress.NONE)) {
            final Subject subject = new Subject(opened, prompt, guidance, () -> {});
            final Study study = new Study(
                    subject,
                    size,
                    evaluations.stream().sorted().toList(),
                    samples,
                    groups,
                    references,
                    fineSteps,
                    mixtureSamples);
            final Parts parts = new Parts(report, opened, out);
            parts.run(Part.inversion, () -> new InversionPart(study, toInvert()).run(report));
            parts.run(Part.accuracy, () -> new AccuracyPart(study).run(report));
            final List<ColorProcessor> fine =
                    only.stream().anyMatch(Part::needsFineImages) ? study.fineGridImages() : List.of();
            parts.run(Part.quality, () -> new QualityPart(study, fine, real()).run(report));
            parts.run(Part.randomness, () -> new RandomnessPart(study, fine).run(report));
            parts.run(Part.inpainting, () -> new InpaintingPart(study, fine).run(report));
            parts.run(Part.variation, () -> new VariationPart(study, fine).run(report));
            report.text("conditions", "```\n" + Machine.describe() + "\n```");
        }
        return 0;
    }

    /** Runs what was asked for, and says under which conditions: parts may be made on different days. */
    private final class Parts {

        private final Report report;
        private final OpenedModel opened;
        private final PrintWriter out;

        private Parts(final Report report, final OpenedModel opened, final PrintWriter out) {
            this.report = report;
            this.opened = opened;
            this.out = out;
        }

        private void run(final Part part, final Work work) throws IOException {
            if (!only.contains(part)) return;
            final long start = System.nanoTime();
            work.run();
            final double seconds = (System.nanoTime() - start) * 1e-9;
            report.text("conditions-" + part, conditions(part, opened, seconds));
            out.printf("%s done in %.0f s%n", part, seconds);
            out.flush();
        }
    }

    private interface Work {

        void run() throws IOException;
    }

    private List<ColorProcessor> real() throws IOException {
        return images == null ? List.of() : new ImageFolder(images, modality).crops(size, references);
    }

    private List<ColorProcessor> toInvert() throws IOException {
        return images == null
                ? new ImageFolder(sampleImages, modality).crops(size, inverted)
                : new ImageFolder(images, modality).crops(size, inverted);
    }

    private String conditions(final Part part, final OpenedModel opened, final double seconds) throws IOException {
        final String name = part.name();
        return "- " + Character.toUpperCase(name.charAt(0)) + name.substring(1) + ": " + LocalDate.now() + ", "
                + Math.round(seconds / 60) + " minutes, load "
                + Machine.load().stream().mapToObj(Estimate::text).findFirst().orElse("unknown")
                + " at the end, model " + opened.choice() + " with weights "
                + opened.sha256().substring(0, 12) + "; " + size + " × " + size + " pixels, prompt '" + prompt
                + "', guidance " + guidance + "; " + samples(part) + ".";
    }

    private String samples(final Part part) {
        return switch (part) {
            case inversion -> inverted + " images";
            case accuracy -> fineSteps + " fine steps";
            case quality, randomness, inpainting, variation ->
                groups + " groups of " + samples + " samples, " + references + " fine-grid images, " + fineSteps
                        + " fine steps"
                        + (part == Part.quality && images != null ? ", real images of " + modality : "");
        };
    }
}
