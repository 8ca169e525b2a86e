package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import palindrome.network.CLIPTextModel;

/**
 * Where the path from the caption to the time embedding begins. The mean of a caption's words is nearly the same for all
 * captions: padding and the words they share. Normalised as it is, what differs would be a tenth of the vector, and the
 * network would not hear it. So the middle of all captions is taken away before the norm, and what is left is all
 * difference.
 *
 * @param encoder turns captions into token ids
 * @param text the text encoder, untrained
 */
record CaptionCentre(CaptionEncoder encoder, CLIPTextModel text) {

    private static final String PATH = "add_embedding.";
    private static final double NORM_EPS = 1e-5;

    /**
     * Sets the bias of the path's last linear layer. Does nothing for a network without the path.
     *
     * @param unet fresh parameters, by name; those of the path as drawn, with its norms at one
     * @param manager parent of what it takes
     */
    void applyTo(final Map<String, NDArray> unet, final NDManager manager) {
        if (!unet.containsKey(PATH + "proj.bias")) return;
        try (NDManager scope = manager.newSubManager()) {
            final NDArray states = text.lastHiddenState(encoder.encode(captions(), scope));
            states.attach(scope);
            // NB: attention pools by the mean of the states and of their mean plus an embedding of its own.
            final NDArray own = unet.get(PATH + "pool.positional_embedding")
                    .div(states.getShape().get(1) + 1);
            final NDArray middle = normalised(states)
                    .mean(new int[] {1})
                    .mean(new int[] {0})
                    .reshape(1, -1)
                    .add(own);
            final NDArray valued = linear(middle, unet, "pool.v_proj").add(unet.get(PATH + "pool.v_proj.bias"));
            linear(valued, unet, "proj").neg().reshape(-1).copyTo(unet.get(PATH + "proj.bias"));
            own.close();
        }
    }

    private static NDArray linear(final NDArray x, final Map<String, NDArray> unet, final String layer) {
        final NDArray weight = unet.get(PATH + layer + ".weight");
        try (NDArray transposed = weight.transpose()) {
            return x.matMul(transposed);
        }
    }

    private static NDArray normalised(final NDArray states) {
        final NDArray centred = states.sub(states.mean(new int[] {2}, true));
        return centred.div(
                centred.square().mean(new int[] {2}, true).add(NORM_EPS).sqrt());
    }

    /** Every caption there is. */
    private static List<String> captions() {
        final List<String> captions = new ArrayList<>();
        for (final String modality : List.of("fluorescence", "brightfield", "histology"))
            for (final String number : List.of("few", "some", "many"))
                for (final String size : List.of("small", "medium", "large"))
                    for (final String brightness : List.of("dim", "bright"))
                        captions.add(new Caption(modality, number, size, brightness).text());
        return captions;
    }
}
