package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ij.ImagePlus;
import ij.macro.Interpreter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultTitleTest {

    @ParameterizedTest
    @CsvSource({
        "cells,cells-edited",
        "cells.tif,cells-edited",
        "my cells.OME.TIFF,my cells.OME-edited",
        "T0.25,T0.25-edited",
        ".tif,.tif-edited",
        "cells-3.png,cells-3-edited"
    })
    void fileEndingsAreLeftOut(String source, String title) {
        assertEquals(title, ResultTitle.EDITED.of(source));
    }

    @Test
    void openImagesAreNotShadowed() {
        ImagePlus first = TestImages.random(PixelType.GRAY8, 2, 2, 0);
        ImagePlus second = TestImages.random(PixelType.GRAY8, 2, 2, 0);
        first.setTitle("unique-latent");
        second.setTitle("unique-latent-1");
        Interpreter.batchMode = true;
        Interpreter.addBatchModeImage(first);
        Interpreter.addBatchModeImage(second);
        try {
            assertEquals("unique-latent-2", ResultTitle.LATENT.of("unique"));
            assertEquals("other", ResultTitle.unique("other"));
        } finally {
            Interpreter.removeBatchModeImage(first);
            Interpreter.removeBatchModeImage(second);
            Interpreter.batchMode = false;
        }
        assertEquals("unique-latent", ResultTitle.LATENT.of("unique"));
    }

    @Test
    void aSeriesBecomesAStackWithLabels() {
        PixelPlane a = PixelPlane.of(TestImages.random(PixelType.COLOR_RGB, 3, 2, 0));
        PixelPlane b = PixelPlane.of(TestImages.random(PixelType.COLOR_RGB, 3, 2, 1));
        ImagePlus stack = PlaneSeries.toImage("series", List.of(a, b), List.of("seed 1", "seed 2"));
        assertEquals(2, stack.getStackSize());
        assertEquals("seed 2", stack.getStack().getSliceLabel(2));
        stack.setSlice(2);
        assertEquals(b, PixelPlane.of(stack));
        ImagePlus single = PlaneSeries.toImage("one", List.of(a), List.of("seed 1"));
        assertEquals("seed 1", single.getStack().getSliceLabel(1));
        PixelPlane other = PixelPlane.of(TestImages.random(PixelType.GRAY8, 3, 2, 1));
        assertThrows(IllegalArgumentException.class, () -> PlaneSeries.toImage("x", List.of(a, other), List.of()));
        assertThrows(IllegalArgumentException.class, () -> PlaneSeries.toImage("x", List.of(), List.of()));
        assertThrows(IllegalArgumentException.class, () -> PlaneSeries.toImage("x", List.of(a, b), List.of("one")));
    }

    @Test
    void aSeriesLikeAnOriginalKeepsItsRangeOnEverySlice() {
        ImagePlus image = TestImages.random(PixelType.GRAY16, 3, 2, 1);
        PixelPlane plane = PixelPlane.of(image);
        ImagePlus series = SourceImage.of(image, plane).toImage("s", List.of(plane, plane), List.of());
        series.setSlice(2);
        assertEquals(100, series.getDisplayRangeMin());
        assertEquals(400, series.getDisplayRangeMax());
    }
}
