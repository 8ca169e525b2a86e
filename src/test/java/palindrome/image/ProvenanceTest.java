package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {

    @Test
    void recordsAreImmutable() {
        Provenance first = Provenance.of("edit").with("steps", 50);
        Provenance second = first.with("steps", 20);
        assertEquals("50", first.text("steps").orElseThrow());
        assertEquals("20", second.text("steps").orElseThrow());
        JsonArray array = new JsonArray();
        Provenance third = second.with("grid", array);
        array.add(1);
        third.get("grid").orElseThrow().getAsJsonArray().add(2);
        assertEquals(0, third.get("grid").orElseThrow().getAsJsonArray().size());
    }

    @Test
    void everyValueComesBackFromAsciiText() throws IOException {
        Provenance record = Provenance.of("edit")
                .with("seed", Long.MIN_VALUE + 1)
                .with("gamma", 0.1 + 0.2)
                .with("tiled", true)
                .with("prompt", "naïve 星\u2028\"quoted\" 😀\u007f\nline steps=3")
                .synthetic(Provenance.Synthetic.EDITED);
        String json = record.toJson();
        assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(json));
        assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(record.toInfo()));
        assertEquals(record, Provenance.parse(json));
        assertEquals(Long.toString(Long.MIN_VALUE + 1), record.text("seed").orElseThrow());
        assertTrue(json.contains("\"seed\":\"-9223372036854775807\""), json);
        assertEquals(
                0.1 + 0.2, Provenance.parse(json).get("gamma").orElseThrow().getAsDouble());
        assertTrue(record.isSynthetic());
        assertFalse(Provenance.of("invert").isSynthetic());
    }

    @Test
    void aLongRecordSurvivesTiffAndIsReadable(@TempDir Path folder) throws IOException {
        Provenance record = Provenance.of("generate")
                .with("prompt", "many bright nuclei 細胞")
                .with("history", "x".repeat(1_000_000))
                .with("steps", 50)
                .synthetic(Provenance.Synthetic.GENERATED);
        ImagePlus image = TestImages.random(PixelType.COLOR_RGB, 5, 4, 0);
        image.setProperty("Info", "Microscope: old one\nExposure: 5 ms");
        record.attachTo(image);
        Path file = folder.resolve("record.tif");
        assertTrue(new FileSaver(image).saveAsTiff(file.toString()));
        ImagePlus reopened = IJ.openImage(file.toString());
        assertEquals(record, Provenance.readFrom(reopened).orElseThrow());
        String info = reopened.getInfoProperty();
        assertTrue(info.startsWith("Microscope: old one\nExposure: 5 ms\nPalindrome: generate\n"), info);
        assertTrue(info.contains("\nPalindrome synthetic: diffusion generated\n"));
        assertEquals("50", reopened.getProp("Palindrome steps"));
        assertEquals("old one", reopened.getProp("Microscope"));
        assertEquals(record, Provenance.readFrom(reopened.duplicate()).orElseThrow());
    }

    @Test
    void aSecondRecordTakesThePlaceOfTheFirst() throws IOException {
        ImagePlus image = TestImages.random(PixelType.GRAY8, 2, 2, 0);
        image.setProperty("Info", "A: b\n");
        Provenance.of("invert").with("steps", 7).attachTo(image);
        Provenance.of("edit").attachTo(image);
        assertEquals("edit", Provenance.readFrom(image).orElseThrow().operation());
        assertTrue(image.getInfoProperty().startsWith("A: b\nPalindrome: edit\n"));
        assertFalse(image.getInfoProperty().contains("steps"));
    }

    @Test
    void imagesWithoutARecordHaveNoneAndDamagedRecordsAreSaid() throws IOException {
        ImagePlus image = TestImages.random(PixelType.GRAY8, 2, 2, 0);
        assertTrue(Provenance.readFrom(image).isEmpty());
        for (String damaged : new String[] {"{", "[]", "{}", "7", "{\"format\":\"x\"}", "{\"format\":[]}"}) {
            image.setProp(Provenance.PROPERTY, damaged);
            var e = assertThrows(IOException.class, () -> Provenance.readFrom(image), damaged);
            assertTrue(e.getMessage().contains("damaged"), e.getMessage());
        }
        image.setProp(Provenance.PROPERTY, "{\"format\":99}");
        assertTrue(assertThrows(IOException.class, () -> Provenance.readFrom(image))
                .getMessage()
                .contains("update Palindrome"));
    }
}
