package palindrome.image;

import com.google.gson.JsonElement;
import ij.ImagePlus;
import ij.ImageStack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Latents as ordinary 32-bit ImageJ stacks that lose nothing when they are saved as TIFF and opened again.
 *
 * <p>The planes, in order: for each state and channel the real values, rounded to float, which is what one looks at;
 * then, for each state, the exact integers minus those the rounded values stand for, as {@link ExactFloats}, channel by
 * channel; then the residual of the original, as {@link ExactFloats} packed into planes of the same size; then further
 * numbers of the latent, name by name, packed in the same way. Remainders and residuals that are zero take no planes.
 * Slice labels name the planes. The image's {@link Provenance} has, under "latent", the layout, the scales and a SHA-256
 * hash of all planes, so that changed pixels are noticed.
 */
public final class LatentStack {

    private static final String MEMBER = "latent";
    private static final double DISPLAY_RANGE = 3;

    /**
     * What the planes of a stack are.
     *
     * @param scales the scale of each state
     * @param digits the number of remainder digits of each state
     * @param residualDigits the number of residual digits
     * @param sha256 of all planes
     * @param data how many further numbers there are under each name; absent in latents written before there were any
     */
    private record Layout(
            LatentShape shape,
            double[] scales,
            int[] digits,
            int residualDigits,
            String sha256,
            SourceImage source,
            Padding padding,
            Map<String, Integer> data) {

        Layout {
            data = data == null ? Map.of() : data;
        }

        boolean isComplete() {
            return shape != null
                    && scales != null
                    && digits != null
                    && scales.length == digits.length
                    && Arrays.stream(scales).allMatch(s -> s != 0 && Double.isFinite(s))
                    && sha256 != null
                    && (source == null) == (padding == null)
                    && data.values().stream().allMatch(count -> count != null && count > 0);
        }

        int planes() {
            int perState = Arrays.stream(digits).map(d -> d + 1).sum();
            int dataPlanes = data.values().stream().mapToInt(this::planesFor).sum();
            return shape.channels() * perState + residualDigits * residualPlanes() + dataPlanes;
        }

        int residualPlanes() {
            return source == null ? 0 : planesFor(source.width() * source.height());
        }

        int planesFor(int count) {
            return (count - 1) / shape.planeSize() + 1;
        }
    }

    private LatentStack() {}

    /** A new stack that holds a latent. It is not shown. */
    public static ImagePlus toImage(String title, LatentImage latent) {
        LatentShape shape = latent.shape();
        ImageStack stack = new ImageStack(shape.width(), shape.height());
        List<List<float[]>> remainders = new ArrayList<>();
        for (int s = 0; s < latent.states().size(); s++) {
            LatentState state = latent.states().get(s);
            float[] shown = rounded(state);
            addPlanes(stack, shape, shown, name(s, latent) + " channel %d");
            remainders.add(ExactFloats.split(remainder(state, shown)));
        }
        for (int s = 0; s < remainders.size(); s++) {
            for (int k = 0; k < remainders.get(s).size(); k++) {
                addPlanes(
                        stack,
                        shape,
                        remainders.get(s).get(k),
                        name(s, latent) + " channel %d remainder digit " + (k + 1));
            }
        }
        List<float[]> residual =
                latent.origin().map(o -> residualDigits(o.residual())).orElse(List.of());
        for (int k = 0; k < residual.size(); k++) {
            addPlanes(stack, shape, residual.get(k), "residual part %d digit " + (k + 1));
        }
        Map<String, Integer> data = new TreeMap<>();
        for (String name : latent.dataNames()) {
            float[] values = latent.data(name).orElseThrow();
            addPlanes(stack, shape, values, name.replace("%", "%%") + " part %d");
            data.put(name, values.length);
        }
        Layout layout = new Layout(
                shape,
                latent.states().stream().mapToDouble(LatentState::scale).toArray(),
                remainders.stream().mapToInt(List::size).toArray(),
                residual.size(),
                sha256(stack),
                latent.origin().map(LatentOrigin::image).orElse(null),
                latent.origin().map(LatentOrigin::padding).orElse(null),
                data);
        ImagePlus image = new ImagePlus(title, stack);
        image.setDisplayRange(-DISPLAY_RANGE, DISPLAY_RANGE);
        latent.provenance().with(MEMBER, AsciiJson.GSON.toJsonTree(layout)).attachTo(image);
        return image;
    }

    /**
     * Reads a latent.
     *
     * @throws IOException if the image is not a latent, or not as it was written
     */
    public static LatentImage fromImage(ImagePlus image) throws IOException {
        String name = "'" + image.getTitle() + "'";
        Provenance provenance = Provenance.readFrom(image)
                .orElseThrow(() -> new IOException(
                        name + " is not a latent image: it has no Palindrome record; make one with Diffusion Invert."));
        JsonElement json = provenance
                .get(MEMBER)
                .orElseThrow(() -> new IOException(
                        provenance.get(LatentSeries.MEMBER).isPresent()
                                ? name + " holds the latents of several planes; invert one plane alone."
                                : name + " is not a latent image but the result of '" + provenance.operation()
                                        + "'; make a latent with Diffusion Invert."));
        Layout layout = layout(name, json);
        requireUnchanged(name, image, layout);

        LatentShape shape = layout.shape();
        PlaneReader planes = new PlaneReader(image.getStack());
        List<float[]> shown = new ArrayList<>();
        for (int s = 0; s < layout.scales().length; s++) {
            shown.add(planes.next(shape.channels(), shape.size()));
        }
        List<LatentState> states = new ArrayList<>();
        for (int s = 0; s < layout.scales().length; s++) {
            List<float[]> digits = planes.next(layout.digits()[s], shape.channels(), shape.size());
            states.add(state(shown.get(s), ExactFloats.join(digits, shape.size()), layout.scales()[s]));
        }
        LatentOrigin origin = origin(layout, planes);
        Map<String, float[]> data = new TreeMap<>();
        layout.data().forEach((key, count) -> data.put(key, planes.next(layout.planesFor(count), count)));
        return new LatentImage(shape, states, origin, provenance.without(MEMBER), data);
    }

    /** Whether an image says of itself that it holds a latent, or several; it may have been changed since. */
    public static boolean isLatent(ImagePlus image) throws IOException {
        return Provenance.readFrom(image).flatMap(p -> p.get(MEMBER)).isPresent() || LatentSeries.isSeries(image);
    }

    /**
     * NB: what was made of a latent's planes by ImageJ's own commands, as 8-bit pictures, still has its record.
     *
     * @throws IllegalArgumentException if an image is a latent, and so no picture to work on
     */
    public static void requirePicture(ImagePlus image) {
        try {
            if (image.getType() != ImagePlus.GRAY32 || !isLatent(image)) {
                return;
            }
        } catch (IOException e) {
            // what has a damaged record may be a picture all the same
            return;
        }
        throw new IllegalArgumentException("'" + image.getTitle() + "' is a latent, and no picture: choose the image"
                + " itself, or give the latent to Diffusion Reconstruct, or as 'noise' to Diffusion Generate.");
    }

    /** Two states are a pair; more are one state and what was recorded on its way, step by step. */
    private static String name(int state, LatentImage latent) {
        if (latent.states().size() <= 2) return state == 0 ? "u" : "v";
        return state == 0 ? "x" : "record " + state;
    }

    // -- Integers and their shown values --

    private static float[] rounded(LatentState state) {
        float[] shown = new float[state.size()];
        double unit = state.unit();
        for (int i = 0; i < shown.length; i++) {
            double value = unit * state.value(i);
            shown[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
        }
        return shown;
    }

    // NB: wrap-around arithmetic in both directions, so that no scale and no integer is too large.
    private static long[] remainder(LatentState state, float[] shown) {
        long[] remainder = state.values();
        for (int i = 0; i < remainder.length; i++) {
            remainder[i] -= nearestInteger(shown[i], state.unit());
        }
        return remainder;
    }

    private static LatentState state(float[] shown, long[] remainder, double scale) {
        double unit = scale * PixelCodec.SPACING;
        for (int i = 0; i < remainder.length; i++) {
            remainder[i] += nearestInteger(shown[i], unit);
        }
        return LatentState.wrap(remainder, scale);
    }

    private static long nearestInteger(float shown, double unit) {
        return (long) Math.rint(shown / unit);
    }

    // -- Residual --

    private static List<float[]> residualDigits(Residual residual) {
        long[] bits = new long[residual.size()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = residual.bits(i);
        }
        return ExactFloats.split(bits);
    }

    private static LatentOrigin origin(Layout layout, PlaneReader planes) {
        if (layout.source() == null) {
            return null;
        }
        int size = layout.source().width() * layout.source().height();
        List<float[]> digits = planes.next(layout.residualDigits(), layout.residualPlanes(), size);
        long[] joined = ExactFloats.join(digits, size);
        int[] bits = new int[size];
        for (int i = 0; i < size; i++) {
            bits[i] = (int) joined[i];
        }
        return new LatentOrigin(layout.source(), layout.padding(), Residual.ofBits(bits));
    }

    // -- Planes --

    private static void addPlanes(ImageStack stack, LatentShape shape, float[] values, String label) {
        int size = shape.planeSize();
        for (int start = 0, i = 1; start < values.length; start += size, i++) {
            // NB: copyOfRange fills what a last, shorter part leaves open with zeros.
            stack.addSlice(String.format(label, i), Arrays.copyOfRange(values, start, start + size));
        }
    }

    /** Takes the planes of a stack, one after the other. */
    private static final class PlaneReader {

        private final ImageStack stack;
        private int read;

        PlaneReader(ImageStack stack) {
            this.stack = stack;
        }

        List<float[]> next(int times, int planes, int size) {
            List<float[]> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                all.add(next(planes, size));
            }
            return all;
        }

        float[] next(int planes, int size) {
            FloatBuffer values = FloatBuffer.allocate(planes * stack.getWidth() * stack.getHeight());
            for (int i = 0; i < planes; i++) {
                values.put(pixels(stack, ++read));
            }
            return Arrays.copyOf(values.array(), size);
        }
    }

    private static float[] pixels(ImageStack stack, int n) {
        // NB: through the processor, as virtual stacks need.
        return (float[]) stack.getProcessor(n).getPixels();
    }

    private static String sha256(ImageStack stack) {
        MessageDigest digest = Sha256.digest();
        ByteBuffer buffer = ByteBuffer.allocate(4 * stack.getWidth() * stack.getHeight());
        for (int n = 1; n <= stack.getSize(); n++) {
            buffer.asFloatBuffer().put(pixels(stack, n));
            digest.update(buffer.array());
        }
        return Sha256.hex(digest);
    }

    // -- Checks --

    private static Layout layout(String name, JsonElement json) throws IOException {
        try {
            Layout layout = AsciiJson.GSON.fromJson(json, Layout.class);
            if (layout.isComplete()) {
                return layout;
            }
        } catch (RuntimeException e) {
            // NB: Gson wraps what the constructor of a record throws in a plain RuntimeException.
            throw new IOException(damaged(name), e);
        }
        throw new IOException(damaged(name));
    }

    private static String damaged(String name) {
        return "The record of the latent " + name + " is damaged; invert the image again";
    }

    private static void requireUnchanged(String name, ImagePlus image, Layout layout) throws IOException {
        LatentShape shape = layout.shape();
        String again =
                ", and an exact latent must stay as it was written; open it from its file or invert the image again.";
        if (image.getType() != ImagePlus.GRAY32) {
            throw new IOException(
                    "The latent " + name + " was converted from 32-bit to " + PixelType.of(image) + again);
        }
        if (image.getWidth() != shape.width() || image.getHeight() != shape.height()) {
            throw new IOException("The latent " + name + " was cropped or scaled from " + shape.width() + " x "
                    + shape.height() + " to " + image.getWidth() + " x " + image.getHeight() + again);
        }
        if (image.getStackSize() != layout.planes()) {
            throw new IOException("The latent " + name + " had " + layout.planes() + " planes and now has "
                    + image.getStackSize() + again);
        }
        if (!sha256(image.getStack()).equals(layout.sha256())) {
            throw new IOException("The pixels of the latent " + name + " were changed" + again);
        }
    }
}
