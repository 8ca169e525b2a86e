package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** <i>Diffusion Drag...</i> in macros of a real, headless ImageJ 1.54, which has no ROI Manager, with the bundled model. */
class DragMacroTest {

    private static final String IMAGE = "close('*'); newImage('cells', '8-bit ramp', 40, 24, 1);\n";

    @TempDir
    private Path folder;

    private static String drag(final String options) {
        return "run('Diffusion Drag...', 'steps=2 strength=1 guidance=1 " + options + "');\n";
    }

    private static final String PRINT_HANDLES = "record = Property.get('palindrome.json');\n"
            + "handles = substring(record, indexOf(record, '\"handles\":\"') + 11);\n"
            + "print(getTitle() + ' ' + substring(handles, 0, indexOf(handles, '\"')));\n";

    @Test
    void handlesAreWrittenOrDrawn() throws IOException {
        final String macro = IMAGE
                + drag("handles=[10,12->20,12]")
                + PRINT_HANDLES
                + "selectImage('cells'); makeLine(8, 6, 18, 10);\n"
                + drag("")
                + PRINT_HANDLES
                + "selectImage('cells'); makeSelection('point', newArray(5, 15, 25, 35), newArray(6, 7, 8, 9));\n"
                + drag("")
                + PRINT_HANDLES
                + "selectImage('cells'); makeArrow(9, 10, 11, 12); Overlay.addSelection; run('Select None');\n"
                + drag("intermediate=true")
                + PRINT_HANDLES
                // what happened on the way is open too, and not current
                + "selectImage('cells-drags'); print(nSlices);\n";
        assertEquals(
                List.of(
                        "cells-dragged 10,12->20,12",
                        "cells-dragged-1 8,6->18,10",
                        "cells-dragged-2 5,6->15,7; 25,8->35,9",
                        "cells-dragged-3 9,10->11,12",
                        "1",
                        "-- success"),
                run(macro));
    }

    @Test
    void whatIsWrongStopsTheMacroWithOneSentence() throws IOException {
        final String prefix = "-- Macro Error: Diffusion Drag: ";
        final String after = "print('not reached');\n";
        assertEquals(
                List.of(prefix
                        + "There is no handle: draw a straight line or an arrow from what is to be dragged to where"
                        + " it should go, or write handles=[x1,y1->x2,y2] in pixels in line 2"),
                firstLines(run(IMAGE + drag("") + after)));
        assertEquals(
                List.of(prefix
                        + "1 point is selected, but points are taken in pairs, from where to where; add or remove"
                        + " one in line 2"),
                firstLines(run(IMAGE + "makePoint(3, 3); " + drag("") + after)));
        assertEquals(
                List.of(prefix
                        + "The handle 1,1->20,12 begins at 1,1, outside of the selection, where nothing may change;"
                        + " move it inside, or select more in line 2"),
                firstLines(run(IMAGE + "makeRectangle(5, 5, 30, 15); " + drag("handles=[1,1->20,12]") + after)));
    }

    private static List<String> firstLines(final List<String> lines) {
        return lines.subList(0, 1);
    }

    private List<String> run(final String macro) throws IOException {
        final Path file = Files.writeString(folder.resolve("drag.ijm"), macro);
        final ChildJvm.Result result = new ChildJvm(folder, ChildJvm.testClassPath())
                .option("-DDJL_CACHE_DIR=" + Path.of(System.getProperty("user.home"), ".djl.ai"))
                .run(Map.of(), ManyMacros.class.getName(), file.toString());
        assertEquals(0, result.status(), result.err());
        return result.out().lines().toList();
    }
}
