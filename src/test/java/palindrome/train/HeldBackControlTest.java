package palindrome.train;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.edit.Control;
import palindrome.edit.Generate;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.SamplingSettings;
import palindrome.image.ControlImage;
import palindrome.image.ControlKind;
import palindrome.image.PixelCodec;

/**
 * The bundled ControlNet on the annotations of images it never saw: what it generates has nuclei where they are drawn,
 * and what the model makes of the same caption and noise without it has not. The images are not part of the project;
 * without them beside it the tests are skipped. The numbers are left in target/control.
 */
class HeldBackControlTest {

    private static final Path IMAGES = Path.of("..", "shared", "data", "bbbc038");
    private static final Path OUTPUT = Path.of("target", "control");
    private static final int SAMPLES = Integer.getInteger("palindrome.control.samples", 4);
    private static final int SIDE = Integer.getInteger("palindrome.control.side", 128);
    private static final String CONTROL_NET = System.getProperty("palindrome.control.net", "bundled");
    private static final int STEPS = 20;
    private static final long SEED = 20240501;

    private static List<NucleiImage> heldBack;

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(Files.isDirectory(IMAGES), "the training images are not here");
        heldBack = NucleiDataset.open(IMAGES).heldBack();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fluorescence", "histology"})
    void nucleiAreWhereTheyAreDrawn(final String modality) throws IOException {
        final TrainingRecipe recipe = ControlRecipe.load().training();
        final List<NucleiImage> images = heldBack.stream()
                .filter(image -> image.modality().equals(modality))
                .toList();
        final CropSampler crops = new CropSampler(images, recipe);
        final Random random = new Random(SEED);
        final List<MaskAgreement> controlled = new ArrayList<>();
        final List<MaskAgreement> free = new ArrayList<>();
        final ImageStack pictures = new ImageStack(4 * SIDE, SIDE);
        try (OpenedModel model = OpenedModel.open("bundled", "cpu", Progress.NONE)) {
            for (int seed = 1; seed <= SAMPLES; seed++) {
                final Crop crop = drawn(crops, random);
                final ByteProcessor drawing = drawing(crop);
                final ColorProcessor with = generated(model, crop, seed, Optional.of(control(drawing)));
                final ColorProcessor without = generated(model, crop, seed, Optional.empty());
                final boolean bright = modality.equals("fluorescence");
                controlled.add(MaskAgreement.of(with.convertToByteProcessor(false), crop.drawing(), bright));
                free.add(MaskAgreement.of(without.convertToByteProcessor(false), crop.drawing(), bright));
                pictures.addSlice(crop.caption().text(), row(drawing, real(crop), with, without));
            }
        }
        save(modality, pictures, controlled, free);
        final double overlap = mean(controlled, true);
        final double correlation = Math.abs(mean(controlled, false));
        assertTrue(
                overlap > 0.3 && overlap > 2.5 * mean(free, true),
                modality + " overlap " + overlap + ", free " + mean(free, true));
        assertTrue(
                correlation > 0.3 + Math.abs(mean(free, false)),
                modality + " correlation " + correlation + ", free " + mean(free, false));
    }

    /** A crop of nothing says nothing about places. */
    private static Crop drawn(final CropSampler crops, final Random random) {
        while (true) {
            final Crop crop = crops.draw(random, SIDE);
            double area = 0;
            for (final float value : crop.drawing()) area += value;
            if (area > 0.03 * SIDE * SIDE) return crop;
        }
    }

    private static ByteProcessor drawing(final Crop crop) {
        final ByteProcessor drawing = new ByteProcessor(SIDE, SIDE);
        for (int i = 0; i < crop.drawing().length; i++) drawing.set(i, Math.round(255 * crop.drawing()[i]));
        return drawing;
    }

    private static Control control(final ByteProcessor drawing) {
        return new Control(
                ControlImage.of(new ImagePlus("drawing", drawing), ControlKind.LABELS), CONTROL_NET, 1, 0, 1);
    }

    private static ColorProcessor generated(
            final OpenedModel model, final Crop crop, final long seed, final Optional<Control> control)
            throws IOException {
        return (ColorProcessor) PixelCodec.rgb()
                .decode(new Generate(model, new SamplingSettings("DDIM", STEPS, "auto", 1, 3).withControl(control))
                        .run(SIDE, SIDE, seed, crop.caption().text(), "", Progress.NONE)
                        .image())
                .toProcessor();
    }

    private static ColorProcessor real(final Crop crop) {
        final ColorProcessor real = new ColorProcessor(SIDE, SIDE);
        final int area = SIDE * SIDE;
        for (int i = 0; i < area; i++) {
            int rgb = 0;
            for (int channel = 0; channel < 3; channel++)
                rgb = rgb << 8 | Math.round((crop.rgb()[channel * area + i] + 1) * 127.5f);
            real.set(i, rgb);
        }
        return real;
    }

    private static ColorProcessor row(final ij.process.ImageProcessor... pictures) {
        final ColorProcessor row = new ColorProcessor(pictures.length * SIDE, SIDE);
        for (int i = 0; i < pictures.length; i++) row.insert(pictures[i].convertToRGB(), i * SIDE, 0);
        return row;
    }

    private static double mean(final List<MaskAgreement> agreements, final boolean overlap) {
        return agreements.stream()
                .mapToDouble(agreement -> overlap ? agreement.overlap() : agreement.correlation())
                .average()
                .orElseThrow();
    }

    private static void save(
            final String modality,
            final ImageStack pictures,
            final List<MaskAgreement> controlled,
            final List<MaskAgreement> free)
            throws IOException {
        Files.createDirectories(OUTPUT);
        new FileSaver(new ImagePlus(modality, pictures))
                .saveAsTiff(OUTPUT.resolve(modality + ".tif").toString());
        final StringBuilder csv = new StringBuilder("images,correlation,overlap,free_correlation,free_overlap\n");
        csv.append(String.format(
                Locale.ROOT,
                "%d,%.4f,%.4f,%.4f,%.4f%n",
                controlled.size(),
                mean(controlled, false),
                mean(controlled, true),
                mean(free, false),
                mean(free, true)));
        Files.writeString(OUTPUT.resolve(modality + ".csv"), csv);
    }
}
