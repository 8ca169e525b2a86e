package palindrome.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.TorchEngine;
import palindrome.model.ClipTokenizer;
import palindrome.network.CLIPTextModel;
import palindrome.network.UNet2DConditionModel;

class CaptionCentreTest {

    @TempDir
    private Path folder;

    /** Before the path's last norm, captions of opposite words point away from each other. */
    @Test
    void whatIsLeftOfCaptionsIsTheirDifference() throws IOException {
        new CaptionVocabulary(CaptionVocabulary.CAPTION_WORDS).save(folder);
        final NucleiRecipe recipe = NucleiRecipe.load();
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                ClipTokenizer tokenizer = ClipTokenizer.open(folder)) {
            final Random random = new Random(3);
            final Map<String, NDArray> unet =
                    FreshWeights.draw(UNet2DConditionModel.parameterShapes(recipe.unet()), manager, random);
            final Map<String, NDArray> text =
                    FreshWeights.draw(CLIPTextModel.parameterShapes(recipe.text()), manager, random);
            final CaptionEncoder encoder = new CaptionEncoder(tokenizer);
            try (CLIPTextModel model = new CLIPTextModel(recipe.text(), new ArrayWeights(text))) {
                final List<String> captions = List.of(
                        "fluorescence microscopy, few small dim nuclei",
                        "histology microscopy, many large bright nuclei");
                final NDArray states = model.lastHiddenState(encoder.encode(captions, manager));
                assertTrue(cosine(projected(states, unet)) > 0.7, "" + cosine(projected(states, unet)));
                new CaptionCentre(encoder, model).applyTo(unet, manager);
                assertTrue(cosine(projected(states, unet)) < 0, "" + cosine(projected(states, unet)));
            }
            assertEquals(
                    0, unet.get("add_embedding.pool.q_proj.weight").abs().max().getFloat());
        }
    }

    /** The path up to its last norm, with attention at the mean: [2, width]. */
    private static NDArray projected(final NDArray states, final Map<String, NDArray> unet) {
        final NDArray centred = states.sub(states.mean(new int[] {2}, true));
        final NDArray tokens =
                centred.div(centred.square().mean(new int[] {2}, true).add(1e-5).sqrt());
        final NDArray mean = tokens.mean(new int[] {1});
        final NDArray pooled = mean.add(unet.get("add_embedding.pool.positional_embedding")
                .div(tokens.getShape().get(1) + 1));
        final NDArray valued = pooled.matMul(
                        unet.get("add_embedding.pool.v_proj.weight").transpose())
                .add(unet.get("add_embedding.pool.v_proj.bias"));
        return valued.matMul(unet.get("add_embedding.proj.weight").transpose())
                .add(unet.get("add_embedding.proj.bias"));
    }

    private static double cosine(final NDArray pair) {
        final NDArray a = pair.get(0);
        final NDArray b = pair.get(1);
        return a.mul(b).sum().getFloat()
                / Math.sqrt(a.square().sum().getFloat() * b.square().sum().getFloat());
    }
}
