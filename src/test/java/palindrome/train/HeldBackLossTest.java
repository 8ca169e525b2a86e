package palindrome.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.model.ClipTokenizer;
import palindrome.model.DiffusionModel;
import palindrome.model.ModelCatalog;
import palindrome.model.TinyModel;
import palindrome.network.Conditioning;
import palindrome.sampler.NoiseSchedule;

/**
 * The bundled model on images it never saw, against what needs no network. The
 * images are not part of the project; without them beside it the test is skipped.
 */
class HeldBackLossTest {

    private static final Path IMAGES = Path.of("..", "shared", "data", "bbbc038");

    @Test
    void theModelKnowsFarMoreThanALinearPredictor() throws Exception {
        assumeTrue(Files.isDirectory(IMAGES), "the training images are not here");
        final NucleiRecipe nuclei = NucleiRecipe.load();
        final NucleiDataset data = NucleiDataset.open(IMAGES);
        final double share = (double) data.heldBack().size()
                / (data.heldBack().size() + data.training().size());
        assertEquals(0.1, share, 0.02, "share of images held back");
        final NoiseSchedule schedule = nuclei.scheduler().schedule();
        final Path tokenizer = Path.of(NucleiRecipe.class
                .getResource("/palindrome/models/nuclei/tokenizer/vocab.json")
                .toURI());
        try (DiffusionModel model = ModelCatalog.open(ModelCatalog.BUNDLED, Device.cpu());
                ClipTokenizer clip = ClipTokenizer.open(tokenizer.getParent());
                Objective objective = new Objective(nuclei.scheduler().predictionType(), nuclei.training());
                NDManager manager = model.manager().newSubManager()) {
            final HeldBackLoss loss = new HeldBackLoss(
                    new CropSampler(data.heldBack(), nuclei.training()),
                    nuclei.training(),
                    schedule,
                    objective,
                    new CaptionEncoder(clip));
            final double trained =
                    loss.measure(batch -> predict(model, batch), manager).noise();
            final double zero =
                    loss.measure(batch -> clean(batch, schedule, 0), manager).noise();
            final double linear = loss.measure(batch -> clean(batch, schedule, variance(data, nuclei)), manager)
                    .noise();
            assertEquals(1, zero, 0.02, "predicting no noise leaves all of it");
            assertTrue(linear < zero, "linear " + linear + " against " + zero);
            assertTrue(trained < linear / 2, "trained " + trained + " against linear " + linear);
        }
    }

    private static NDArray predict(final DiffusionModel model, final Batch batch) {
        final NDManager manager = batch.noisy().getManager();
        final NDList contexts = new NDList();
        for (final String caption : batch.captions()) contexts.add(TinyModel.textStates(model, caption, manager));
        return model.unet()
                .forward(batch.noisy(), batch.timesteps(), new Conditioning.Text(NDArrays.concat(contexts, 0)));
    }

    /**
     * The clean image that belongs to the best noise of the form c·x for clean values
     * of a given variance: c = σ/(α²s² + σ²), and 0 where that is unknown.
     */
    private static NDArray clean(final Batch batch, final NoiseSchedule schedule, final double variance) {
        final int count = batch.levels().length;
        final float[] factors = new float[count];
        for (int i = 0; i < count; i++) {
            final double signal = schedule.alphaCumprod(batch.levels()[i]);
            final double alpha = Math.sqrt(signal);
            final double sigma = Math.sqrt(1 - signal);
            final double c = variance == 0 ? 0 : sigma / (signal * variance + sigma * sigma);
            factors[i] = (float) ((1 - sigma * c) / alpha);
        }
        return batch.noisy().mul(Tensors.of(batch.noisy().getManager(), factors, count, 1, 1, 1));
    }

    /** Mean square of the held-back crops' values. */
    private static double variance(final NucleiDataset data, final NucleiRecipe nuclei) {
        final CropSampler crops = new CropSampler(data.heldBack(), nuclei.training());
        final java.util.Random random = new java.util.Random(2);
        double sum = 0;
        long count = 0;
        for (int i = 0; i < 64; i++)
            for (final float value :
                    crops.draw(random, nuclei.training().cropSizeAt(0)).rgb()) {
                sum += value * value;
                count++;
            }
        return sum / count;
    }
}
