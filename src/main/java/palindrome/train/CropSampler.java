package palindrome.train;

import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Draws crops: a modality by its share, an image of it, a random reduction, a
 * place, and one of the eight flips and quarter turns. Images are reduced by
 * averaging, and the caption describes the crop as reduced, so that the words
 * mean the same number of pixels everywhere.
 */
final class CropSampler {

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
     * @return one crop of {@link TrainingRecipe#cropSize()} pixels a side
     */
    Crop draw(final RandomGenerator random) {
        final NucleiImage image = drawImage(random);
        final int size = recipe.cropSize();
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
        turn(crop, random.nextInt(8));
        final double factor = (double) size / source;
        return new Crop(
                planes(crop),
                Caption.of(
                        image.modality(),
                        image.density() / (factor * factor),
                        image.nucleusArea() * factor * factor,
                        image.nucleusLevel()));
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

    private static float[] planes(final ImageProcessor crop) {
        final int[] packed = (int[]) crop.getPixels();
        final int count = packed.length;
        final float[] rgb = new float[3 * count];
        for (int i = 0; i < count; i++) {
            rgb[i] = ((packed[i] >> 16) & 0xff) / 127.5f - 1;
            rgb[count + i] = ((packed[i] >> 8) & 0xff) / 127.5f - 1;
            rgb[2 * count + i] = (packed[i] & 0xff) / 127.5f - 1;
        }
        return rgb;
    }
}
