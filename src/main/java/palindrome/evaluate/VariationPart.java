package palindrome.evaluate;

import ai.djl.ndarray.NDManager;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.util.List;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoisedImage;
import palindrome.sampler.Sampler;
import palindrome.sampler.StepListener;

/**
 * Variations by ODE and SDE (image-to-image, Meng et al. 2022): rough sketches, which are images of the model in coarse
 * squares, go part of the way into noise, and come back; what comes out should be distributed as the model's images are.
 */
final class VariationPart {

    /** Side of a square of a sketch, pixels: about that of a nucleus. */
    private static final int SQUARE = 8;

    private static final double STRENGTH = 0.5;

    private final Study study;
    private final List<ColorProcessor> fine;

    /** @param fine images of the model, to be sketched, and to be like */
    VariationPart(final Study study, final List<ColorProcessor> fine) {
        this.study = study;
        this.fine = fine;
    }

    void run(final Report report) throws IOException {
        new EquationComparison(study, fine, "Varied by", "makes of it")
                .run(report, "variation", this::sketch, this::varied);
    }

    /** An image in squares of their mean colour. */
    private ColorProcessor sketch(final int seed) {
        final ImageProcessor image = fine.get(seed % fine.size()).duplicate();
        image.setInterpolationMethod(ImageProcessor.NONE);
        final ImageProcessor small =
                image.resize(Math.max(1, image.getWidth() / SQUARE), Math.max(1, image.getHeight() / SQUARE), true);
        small.setInterpolationMethod(ImageProcessor.NONE);
        return (ColorProcessor) small.resize(image.getWidth(), image.getHeight());
    }

    private ColorProcessor varied(final EquationComparison.Way way, final int seed) {
        final Setup setup = way.setup(seed);
        final Sampler sampler = setup.sampler();
        final NodeGrid grid = setup.grid(study.subject().model()).withStrength(STRENGTH, sampler.minimumSteps());
        try (NDManager manager = study.subject().model().manager().newSubManager()) {
            final NoisedImage noised = new NoisedImage(study.state(sketch(seed), manager), study.noise(seed, manager));
            return study.image(sampler.generate(
                            noised.at(grid.steps(), grid, manager),
                            grid,
                            study.subject().predictor(grid, manager),
                            StepListener.NONE)
                    .image());
        }
    }
}
