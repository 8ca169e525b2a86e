package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Titles of images in dialogs. */
class OpenImagesTest {

    @Test
    void longTitlesLackTheirMiddle() {
        assertEquals("cells.tif", OpenImages.shortened("cells.tif"));
        final String longest = "x".repeat(41);
        assertEquals(longest, OpenImages.shortened(longest));
        assertEquals(
                "20261129 experiment... projection.ome.tif",
                OpenImages.shortened("20261129 experiment 7 well B4 position 12 channel DAPI projection.ome.tif"));
    }
}
