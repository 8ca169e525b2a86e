package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.IJ;
import ij.ImagePlus;
import java.io.IOException;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.DoubleType;
import org.junit.jupiter.api.Test;
import palindrome.image.PixelPlane;
import palindrome.image.SourceImage;

/** The Java example of the README, with two steps. */
class ReadmeExampleTest {

    private static final int STEPS = 2;

    @Test
    void roundTripAndEditOfAnImage() throws IOException {
        final ImagePlus image = IJ.openImage("sample-images/phantom-nuclei-16bit.tif");
        final PixelPlane plane = PixelPlane.of(image);
        final SourceImage original = SourceImage.of(image, plane);
        final Img<DoubleType> numbers = original.codec().encode(plane);
        try (OpenedModel model = OpenedModel.open("bundled", "auto", Progress.NONE)) {
            final SamplingSettings settings = new SamplingSettings("O-BELM", STEPS, "auto", 1, 1);
            final Inversion noise = new Invert(model, settings).run(numbers, "nuclei", Progress.NONE);
            final PixelPlane back = original.codec().decode(new Reconstruct(model).run(noise, Progress.NONE));

            final Edit.Result edit = new Edit(model, new SamplingSettings("O-BELM", STEPS, "auto", 0.6, 3))
                    .run(numbers, "some nuclei", "many nuclei", "", Progress.NONE);
            final ImagePlus edited =
                    original.toImage("edited", original.codec().decodeEdited(edit.image(), numbers, plane));

            assertArrayEquals((short[]) image.getProcessor().getPixels(), (short[])
                    original.toImage("back", back).getProcessor().getPixels());
            assertEquals(image.getWidth(), edited.getWidth());
            assertEquals(16, edited.getBitDepth());
        }
    }
}
