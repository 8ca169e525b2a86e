package palindrome.train;

import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import palindrome.image.LabelDrawing;

/**
 * Draws crops: a modality by its share, an image of it, a random reduction, a
 * place, and one of the eight flips and quarter turns. Images are reduced by
 * averaging, and the caption describes the crop as reduced, so that the words
 * mean the same number of pixels everywhere. Fluorescence is stored at any
 * exposure, most of it far too dark to see, so its brightness is drawn anew too,
 * as far as that clips nothing but the brightest pixels.
 */
final class CropSampler {

    private static final String FLUORESCENCE = "fluorescence";

    private final List<NucleiImage> images;
    private final Map<String, List<NucleiImage>> byModality;
    private final TrainingRecipe recipe;

    CropSampler(final List<NucleiImage> images, final TrainingRecipe recipe) {
        this.images = images;
        this.recipe = recipe;
        byModality = images.stream().collect(Collectors.groupingBy(NucleiImage::modality));
    }

    /**
     * @param random source of every choice
     * @param size side of the crop in pixels
     * @return one crop
     */
    Crop draw(final RandomGenerator random, final int size) {
        final NucleiImage image = drawImage(random);
        final ColorProcessor pixels = image.pixels();
        final int shorter = Math.min(pixels.getWidth(), pixels.getHeight());
        final double low = Math.log(Math.max(recipe.minScale(), (double) size / shorter));
        final double scale = Math.exp(low + random.nextDouble() * (0 - low));
        final int source = Math.min(shorter, (int) Math.round(size / scale));
        final int x = random.nextInt(pixels.getWidth() - source + 1);
        final int y = random.nextInt(pixels.getHeight() - source + 1);
        pixels.setRoi(x, y, source, source);
        ImageProcessor crop = pixels.crop();
        pixels.resetRoi();
        if (source != size) {
            crop.setInterpolationMethod(ImageProcessor.BILINEAR);
            crop = crop.resize(size, size, true);
        }
        final ImageProcessor labels = labels(image, x, y, source, size);
        final int turn = random.nextInt(8);
        turn(crop, turn);
        turn(labels, turn);
        final double gain = drawGain(image, random);
        return new Crop(planes(crop, gain), caption(image, x, y, source, size, gain), drawing(labels));
    }

    /** The label at the middle of each pixel; ImageJ's own reduction without averaging takes that of its corner. */
    private static ImageProcessor labels(
            final NucleiImage image, final int x, final int y, final int source, final int size) {
        final ImageProcessor reduced = image.labels().createProcessor(size, size);
        for (int row = 0; row < size; row++)
            for (int column = 0; column < size; column++)
                reduced.set(
                        column,
                        row,
                        image.labels().get(x + middle(column, source, size), y + middle(row, source, size)));
        return reduced;
    }

    private static int middle(final int index, final int source, final int size) {
        return (int) ((index + 0.5) * source / size);
    }

    /** Drawn after the reduction, so that the lines are one pixel wide at every scale, as users draw them. */
    private static float[] drawing(final ImageProcessor labels) {
        final ByteProcessor drawn = LabelDrawing.of(labels);
        final float[] values = new float[drawn.getPixelCount()];
        for (int i = 0; i < values.length; i++) values[i] = drawn.get(i) / 255f;
        return values;
    }

    /** Describes what lies inside the crop, not the image: on a small crop that is a far clearer signal. */
    private static Caption caption(
            final NucleiImage image, final int x, final int y, final int source, final int size, final double gain) {
        final List<Nucleus> inside = image.nuclei().stream()
                .filter(n -> n.x() >= x && n.x() < x + source && n.y() >= y && n.y() < y + source)
                .toList();
        final double factor = (double) size / source;
        final double density = inside.size() * Math.pow((double) Caption.SIDE / size, 2);
        final double area = inside.stream().mapToDouble(Nucleus::area).average().orElse(image.nucleusArea());
        final double level =
                inside.stream().mapToDouble(Nucleus::level).average().orElse(image.nucleusLevel());
        return Caption.of(image.modality(), density, area * factor * factor, gain * level);
    }

    /** Never darkens an image, and never by clipping brightens it. */
    private double drawGain(final NucleiImage image, final RandomGenerator random) {
        if (!image.modality().equals(FLUORESCENCE) || image.nucleusLevel() == 0) return 1;
        final double low = Math.log(recipe.minNucleusLevel());
        final double wanted = Math.exp(low + random.nextDouble() * (Math.log(recipe.maxNucleusLevel()) - low));
        return Math.max(1, Math.min(wanted / image.nucleusLevel(), 255.0 / image.highLevel()));
    }

    private NucleiImage drawImage(final RandomGenerator random) {
        double choice = random.nextDouble();
        for (final Map.Entry<String, Double> share : recipe.modalityShares().entrySet()) {
            choice -= share.getValue();
            final List<NucleiImage> candidates = byModality.get(share.getKey());
            if (choice < 0 && candidates != null) return candidates.get(random.nextInt(candidates.size()));
        }
        return images.get(random.nextInt(images.size()));
    }

    private static void turn(final ImageProcessor square, final int which) {
        if ((which & 1) != 0) square.flipHorizontal();
        if ((which & 2) != 0) square.flipVertical();
        if ((which & 4) != 0) square.setPixels(square.rotateLeft().getPixels());
    }

    private static float[] planes(final ImageProcessor crop, final double gain) {
        final int[] packed = (int[]) crop.getPixels();
        final int count = packed.length;
        final float[] rgb = new float[3 * count];
        for (int i = 0; i < count; i++)
            for (int channel = 0; channel < 3; channel++) {
                final int value = (packed[i] >> (16 - 8 * channel)) & 0xff;
                rgb[channel * count + i] = (float) (Math.min(255, gain * value) / 127.5 - 1);
            }
        return rgb;
    }
}
