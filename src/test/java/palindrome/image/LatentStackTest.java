package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.measure.Calibration;
import ij.plugin.HyperStackConverter;
import ij.process.ImageConverter;
import ij.process.StackConverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LatentStackTest {

    private static final String TITLE = "Zellkern ä 星 😀.tif";

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("palindrome.image.TestImages#typesAndSizes")
    void nothingIsLostOnDisk(PixelType type, int width, int height, int seed) throws IOException {
        ImagePlus original = original(type, width, height, seed);
        PixelPlane plane = PixelPlane.of(original);
        SourceImage source = SourceImage.of(original, plane);
        PixelCodec codec = source.codec();
        Padding padding = Padding.toMultiple(width, height, 8);
        LatentShape shape = new LatentShape(12, padding.paddedHeight() / 2, padding.paddedWidth() / 2);
        LatentImage latent = new LatentImage(
                shape,
                List.of(state(shape, 28, 1, seed), state(shape, 61, -0x1.8p-37, seed + 1)),
                new LatentOrigin(source, padding, Residual.of(plane, codec)),
                Provenance.of("invert").with("prompt", "星").with("seed", Long.MAX_VALUE));

        ImagePlus reopened = saveAndReopen(LatentStack.toImage("a-latent", latent));
        LatentImage read = LatentStack.fromImage(reopened);
        assertEquals(shape, read.shape());
        assertEquals(latent.states(), read.states());
        assertEquals(latent.origin(), read.origin());
        assertEquals(latent.provenance(), read.provenance());
        assertEquals(3, reopened.getDisplayRangeMax());
        assertEquals(-3, reopened.getDisplayRangeMin());

        // What Reconstruct does, once the sampler has returned the numbers.
        LatentOrigin origin = read.origin().orElseThrow();
        PixelPlane decoded = origin.image().codec().decode(codec.encode(plane));
        ImagePlus result = origin.image()
                .toImage(
                        ResultTitle.RECONSTRUCTED.of(origin.image().title()),
                        origin.residual().applyTo(decoded));
        assertEquals(plane, PixelPlane.of(result));
        assertEquals(original.getType(), result.getType());
        assertEquals("Zellkern ä 星 😀-reconstructed", result.getTitle());
        assertTrue(original.getCalibration().equals(result.getCalibration()));
        assertEquals(original.getCalibration().xOrigin, result.getCalibration().xOrigin);
        assertEquals("µm", result.getCalibration().getUnit());
        assertEquals("Objektiv: 40× 星\n", result.getInfoProperty());
        if (type != PixelType.COLOR_RGB) {
            assertEquals(
                    Palette.of(original.getProcessor().getLut()),
                    Palette.of(result.getProcessor().getLut()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,1",
        "24,1",
        "25,1",
        "38,1",
        "47,1e-10",
        "61,1",
        "62,1",
        "63,1",
        "64,1",
        "62,1e-40",
        "62,1e-60",
        "62,-1e30",
        "64,1e300",
        "64,1e-300",
        "30,4.9e-324",
        "62,1.7e308"
    })
    void integersOfAnyLengthAtAnyScaleSurvive(int bits, double scale) throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            LatentShape shape = new LatentShape(2, 3, 5);
            LatentState state = state(shape, bits, scale, seed);
            LatentImage latent = new LatentImage(shape, List.of(state), null, Provenance.of("noise"));
            assertEquals(
                    List.of(state),
                    LatentStack.fromImage(LatentStack.toImage("n", latent)).states());
        }
    }

    @Test
    void theFirstPlanesShowTheRealValuesOfBothStates() throws IOException {
        LatentShape shape = new LatentShape(2, 1, 2);
        LatentState u = new LatentState(new long[] {1L << 24, -(1L << 23), 1L << 25, 0}, 1);
        LatentState v = new LatentState(new long[] {1L << 40, 0, 0, (1L << 40) + 1}, 0x1p-16);
        ImagePlus image = LatentStack.toImage("x", new LatentImage(shape, List.of(u, v), null, Provenance.of("noise")));
        ImageStack stack = image.getStack();
        assertEquals(6, stack.getSize(), "u needs no remainder");
        assertEquals(1f, stack.getProcessor(1).getf(0, 0));
        assertEquals(-0.5f, stack.getProcessor(1).getf(1, 0));
        assertEquals(2f, stack.getProcessor(2).getf(0, 0));
        assertEquals(1f, stack.getProcessor(3).getf(0, 0));
        assertEquals("u channel 1", stack.getSliceLabel(1));
        assertEquals("v channel 2", stack.getSliceLabel(4));
        assertEquals("v channel 2 remainder digit 1", stack.getSliceLabel(6));
        assertEquals(1f, stack.getProcessor(6).getf(1, 0));
    }

    @Test
    void aLatentOfOnePlaneSurvives() throws IOException {
        LatentShape shape = new LatentShape(1, 4, 4);
        LatentState state = new LatentState(new long[16], 1);
        LatentImage latent = new LatentImage(shape, List.of(state), null, Provenance.of("noise"));
        LatentImage read = LatentStack.fromImage(saveAndReopen(LatentStack.toImage("n", latent)));
        assertEquals(List.of(state), read.states());
        assertTrue(read.origin().isEmpty());
    }

    /** Any floats, in any number, also such as do not fill a plane. */
    @Test
    void furtherNumbersSurviveToTheLastBit() throws IOException {
        LatentShape shape = new LatentShape(2, 3, 4);
        float[] many = new float[61];
        Random random = new Random(1);
        for (int i = 0; i < many.length; i++) {
            many[i] = Float.intBitsToFloat(random.nextInt() & 0xff7fffff);
        }
        float[] few = {-0f, Float.MIN_VALUE, Float.MAX_VALUE};
        LatentImage plain = new LatentImage(shape, List.of(state(shape, 40, 1, 1)), null, Provenance.of("noise"));
        LatentImage latent =
                plain.with("z %d", few).with("embeddings", new float[1]).with("embeddings", many);
        many[0] = 7;
        ImagePlus image = LatentStack.toImage("n", latent);
        assertEquals(LatentStack.toImage("n", plain).getStackSize() + 6 + 1, image.getStackSize());
        assertEquals("z %d part 1", image.getStack().getSliceLabel(image.getStackSize()));
        LatentImage read = LatentStack.fromImage(saveAndReopen(image));
        assertEquals(latent.states(), read.states());
        assertEquals(Set.of("embeddings", "z %d"), read.dataNames());
        for (String name : latent.dataNames()) {
            assertEquals(0, Arrays.compare(bits(latent, name), bits(read, name)), name);
        }
        assertTrue(read.data("other").isEmpty());
        float[] pixels = (float[]) image.getStack().getPixels(image.getStackSize() - 1);
        pixels[0] += 1;
        assertTrue(assertThrows(IOException.class, () -> LatentStack.fromImage(image))
                .getMessage()
                .contains("were changed"));
        assertThrows(IllegalArgumentException.class, () -> plain.with("nothing", new float[0]));
    }

    private static int[] bits(LatentImage latent, String name) {
        float[] values = latent.data(name).orElseThrow();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /** Latents written before there were further numbers do not mention them. */
    @Test
    void olderRecordsAreRead() throws IOException {
        ImagePlus image = latentImage();
        String json = image.getProp(Provenance.PROPERTY);
        assertTrue(json.contains(",\"data\":{}"), json);
        image.setProp(Provenance.PROPERTY, json.replace(",\"data\":{}", ""));
        assertTrue(LatentStack.fromImage(image).dataNames().isEmpty());
    }

    @Test
    void lookingAtALatentDoesNotSpoilIt() throws IOException {
        ImagePlus image = latentImage();
        List<LatentState> states = LatentStack.fromImage(image).states();
        image.setDisplayRange(-1, 1);
        image.setTitle("other");
        image.setSlice(3);
        image.setRoi(1, 1, 2, 2);
        assertEquals(states, LatentStack.fromImage(image).states());
        ImagePlus whole = latentImage().duplicate();
        assertEquals(states, LatentStack.fromImage(whole).states());
        ImagePlus hyperstack =
                HyperStackConverter.toHyperStack(whole, 1, 1, whole.getStackSize(), "xyczt", "grayscale");
        hyperstack.setProp(Provenance.PROPERTY, image.getProp(Provenance.PROPERTY));
        assertEquals(states, LatentStack.fromImage(saveAndReopen(hyperstack)).states());
    }

    @Test
    void changesAreNamed() throws IOException {
        refused("pixels of the latent", i -> i.getStack().getProcessor(2).setf(0, 0.25f));
        refused("pixels of the latent", i -> {
            // The smallest change there is: the sign of a zero or the last bit of a value.
            float[] pixels = (float[]) i.getStack().getPixels(i.getStackSize());
            pixels[0] = Float.intBitsToFloat(Float.floatToRawIntBits(pixels[0]) ^ 1);
        });
        refused("pixels of the latent", i -> i.getStack().getProcessor(1).flipHorizontal());
        refused("pixels of the latent", i -> {
            Object first = i.getStack().getPixels(1);
            i.getStack().setPixels(i.getStack().getPixels(2), 1);
            i.getStack().setPixels(first, 2);
        });
        refused("planes and now has", i -> {
            ImageStack stack = i.getStack();
            stack.deleteLastSlice();
            i.setStack(stack);
        });
        refused("cropped or scaled from 4 x 4 to 3 x 2", i -> {
            i.setStack(i.getStack().crop(0, 0, 0, 3, 2, i.getStackSize()));
        });
        refused("converted from 32-bit to 8-bit", i -> new StackConverter(i).convertToGray8());
        ImagePlus cropped = latentImage();
        cropped.setRoi(0, 0, 2, 2);
        assertThrows(IOException.class, () -> LatentStack.fromImage(cropped.crop("stack")));
        assertThrows(
                IOException.class, () -> LatentStack.fromImage(latentImage().crop("slice")));
    }

    private static void refused(String reason, Consumer<ImagePlus> change) throws IOException {
        ImagePlus image = latentImage();
        assertTrue(LatentStack.isLatent(image));
        change.accept(image);
        var e = assertThrows(IOException.class, () -> LatentStack.fromImage(image));
        assertTrue(e.getMessage().contains(reason) && e.getMessage().contains("invert"), e.getMessage());
    }

    @Test
    void otherImagesAreNoLatents() throws IOException {
        ImagePlus plain = TestImages.random(PixelType.GRAY32, 4, 4, 0);
        var e = assertThrows(IOException.class, () -> LatentStack.fromImage(plain));
        assertTrue(e.getMessage().contains("'random' is not a latent image"), e.getMessage());
        assertFalse(LatentStack.isLatent(plain));
        Provenance.of("edit").attachTo(plain);
        e = assertThrows(IOException.class, () -> LatentStack.fromImage(plain));
        assertTrue(e.getMessage().contains("result of 'edit'"), e.getMessage());
    }

    @Test
    void damagedRecordsAreSaid() throws IOException {
        String json = latentImage().getProp(Provenance.PROPERTY);
        for (String damaged : new String[] {
            json.replaceAll("\"latent\":\\{", "\"latent\":{},\"x\":{"),
            json.replaceAll("\"latent\":\\{", "\"latent\":[],\"x\":{"),
            json.replaceAll("\"channels\":2", "\"channels\":-2"),
            json.replaceAll("\"digits\":\\[", "\"digits\":[7,"),
            json.replaceAll("\"digits\":\\[[0-9]*", "\"digits\":[\"y\""),
            json.replaceAll("\"gain\":[^,}]*", "\"gain\":0"),
            json.replaceAll("\"paddedWidth\":[^,}]*", "\"paddedWidth\":1"),
            json.replaceAll("\"scales\":\\[[^,\\]]*", "\"scales\":[0"),
            json.replaceAll("\"data\":\\{", "\"data\":{\"x\":-1"),
            json.replaceAll("\"data\":\\{", "\"data\":{\"x\":null")
        }) {
            assertFalse(json.equals(damaged));
            ImagePlus image = latentImage();
            image.setProp(Provenance.PROPERTY, damaged);
            var e = assertThrows(IOException.class, () -> LatentStack.fromImage(image), damaged);
            assertTrue(e.getMessage().contains("damaged"), e.getMessage());
        }
    }

    @Test
    void statesThatDoNotFitAreRefused() {
        LatentShape shape = new LatentShape(1, 2, 2);
        LatentState small = new LatentState(new long[3], 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> new LatentImage(shape, List.of(small), null, Provenance.of("noise")));
        assertThrows(IllegalArgumentException.class, () -> new LatentState(new long[3], 0));
        assertThrows(IllegalArgumentException.class, () -> new LatentState(new long[3], Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new LatentShape(0, 2, 2));
    }

    @Test
    void convertingASingleSliceIsNoticedToo() {
        LatentShape shape = new LatentShape(1, 4, 4);
        ImagePlus image = LatentStack.toImage(
                "n", new LatentImage(shape, List.of(new LatentState(new long[16], 1)), null, Provenance.of("noise")));
        new ImageConverter(image).convertToGray16();
        assertTrue(assertThrows(IOException.class, () -> LatentStack.fromImage(image))
                .getMessage()
                .contains("to 16-bit"));
    }

    private static ImagePlus latentImage() {
        ImagePlus original = original(PixelType.GRAY32, 7, 5, 1);
        PixelPlane plane = PixelPlane.of(original);
        SourceImage source = SourceImage.of(original, plane);
        LatentShape shape = new LatentShape(2, 4, 4);
        return LatentStack.toImage(
                "x-latent",
                new LatentImage(
                        shape,
                        List.of(state(shape, 30, 1, 1), state(shape, 40, 0.5, 2)),
                        new LatentOrigin(source, Padding.toMultiple(7, 5, 8), Residual.of(plane, source.codec())),
                        Provenance.of("invert")));
    }

    private static ImagePlus original(PixelType type, int width, int height, int seed) {
        ImagePlus image = TestImages.random(type, width, height, seed);
        image.setTitle(TITLE);
        image.setProperty("Info", "Objektiv: 40× 星");
        Calibration calibration = image.getCalibration();
        calibration.pixelWidth = 0.1 + 0.2;
        calibration.pixelHeight = 1 / 3.0;
        calibration.pixelDepth = 2;
        calibration.xOrigin = -3.5;
        calibration.setUnit("µm");
        calibration.frameInterval = 0.25;
        if (type == PixelType.GRAY16) {
            calibration.setFunction(Calibration.STRAIGHT_LINE, new double[] {1, 0.1}, "mg/ml");
        }
        return image;
    }

    private static LatentState state(LatentShape shape, int bits, double scale, int seed) {
        Random random = new Random(seed);
        long[] values = random.longs(shape.size()).map(v -> v >> 64 - bits).toArray();
        values[0] = bits == 64 ? Long.MAX_VALUE : (1L << (bits - 1)) - 1;
        if (values.length > 1) {
            values[1] = bits == 64 ? Long.MIN_VALUE : -(1L << (bits - 1));
        }
        return new LatentState(values, scale);
    }

    private ImagePlus saveAndReopen(ImagePlus image) {
        Path file = folder.resolve("latent.tif");
        assertTrue(new FileSaver(image).saveAsTiff(file.toString()));
        ImagePlus reopened = IJ.openImage(file.toString());
        assertFalse(reopened == image);
        return reopened;
    }
}
