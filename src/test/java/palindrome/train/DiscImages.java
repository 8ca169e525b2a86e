package palindrome.train;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.process.ByteProcessor;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A small data set of bright discs. */
final class DiscImages {

    private static final int IMAGES = 24;

    private DiscImages() {}

    static NucleiDataset write(final Path folder) throws IOException {
        final Path images = Files.createDirectories(folder.resolve("images"));
        final Path labels = Files.createDirectories(folder.resolve("labels"));
        final StringBuilder index = new StringBuilder("file,modality\n");
        final Random random = new Random(5);
        for (int i = 0; i < IMAGES; i++) {
            final String name = "disc" + i + ".png";
            final ByteProcessor image = new ByteProcessor(48, 40);
            final ShortProcessor label = new ShortProcessor(48, 40);
            for (int n = 1; n <= 3; n++) {
                final int x = random.nextInt(38);
                final int y = random.nextInt(30);
                image.setValue(120 + random.nextInt(100));
                image.fillOval(x, y, 10, 10);
                label.setValue(n);
                label.fillOval(x, y, 10, 10);
            }
            new FileSaver(new ImagePlus(name, image))
                    .saveAsPng(images.resolve(name).toString());
            new FileSaver(new ImagePlus(name, label))
                    .saveAsPng(labels.resolve(name).toString());
            index.append(name).append(",fluorescence\n");
        }
        Files.writeString(folder.resolve("index.csv"), index);
        return NucleiDataset.open(folder);
    }
}
