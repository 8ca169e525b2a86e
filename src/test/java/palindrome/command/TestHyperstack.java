package palindrome.command;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.process.LUT;
import java.awt.Color;

/** A composite hyperstack whose planes are all different. */
final class TestHyperstack {

    private TestHyperstack() {}

    /** 2 channels, one green and one magenta, 2 slices and 2 frames of 16 bits. */
    static CompositeImage cells(final int width, final int height) {
        final ImagePlus plain = IJ.createHyperStack("cells", width, height, 2, 2, 2, 16);
        for (int n = 1; n <= plain.getStackSize(); n++)
            for (int i = 0; i < width * height; i++)
                plain.getStack().getProcessor(n).set(i, 300 + (71 * n * i + 130 * n) % 2510);
        final CompositeImage image = new CompositeImage(plain, CompositeImage.COMPOSITE);
        for (int c = 1; c <= 2; c++) {
            final LUT lut = LUT.createLutFromColor(c == 1 ? Color.GREEN : Color.MAGENTA);
            lut.min = 200 * c;
            lut.max = 3000;
            image.setChannelLut(lut, c);
        }
        return image;
    }
}
