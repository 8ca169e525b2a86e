package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DragHandlesTest {

    @Test
    void whatIsWrittenIsReadAgain() {
        DragHandles handles = DragHandles.parse(" 40,48 -> 72.5,60;10 , .5->+20,12; ");
        assertEquals(List.of(new DragHandle(40, 48, 72.5, 60), new DragHandle(10, .5, 20, 12)), handles.all());
        assertEquals("40,48->72.5,60; 10,0.5->20,12", handles.toString());
        assertEquals(handles, DragHandles.parse(handles.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "40,48 | '40,48' is no handle; write x1,y1->x2,y2 in pixels",
                "1,2->3,4; 5,6->7 | '5,6->7' is no handle",
                "1,2->3,4->5,6 | '1,2->3,4->5,6' is no handle",
                "1,2>3,4 | '1,2>3,4' is no handle",
                "1,2->3,NaN | '1,2->3,NaN' is no handle",
                "1,2->3,4 5,6->7,8 | '1,2->3,4 5,6->7,8' is no handle",
                "; | The handles ';' name no place; write x1,y1->x2,y2",
            })
    void whatIsNoHandleIsNamed(String text, String message) {
        String said = assertThrows(IllegalArgumentException.class, () -> DragHandles.parse(text))
                .getMessage();
        assertEquals(message, said.substring(0, Math.min(message.length(), said.length())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1,2->3,4 | The handle -1,2->3,4 begins at -1,2, outside of the image of 20 x 10 pixels; move it inside",
                "1,2->20,4 | The handle 1,2->20,4 ends at 20,4, outside of the image of 20 x 10 pixels; move it inside",
                "1,2->3,4; 1,10->3,4 | The handle 1,10->3,4 begins at 1,10, outside of the image",
                "5,5->9.9,5; 5,5->11,5 | The handle 5,5->11,5 ends at 11,5, outside of the selection, where nothing may"
                        + " change; move it inside, or select more",
                "3.9,5->5,5 | The handle 3.9,5->5,5 begins at 3.9,5, outside of the selection",
            })
    void endsOutsideAreNamed(String text, String message) {
        ImagePlus image = new ImagePlus("cells", new ByteProcessor(20, 10));
        image.setRoi(4, 0, 7, 10);
        Optional<SelectionMask> mask = message.contains("selection") ? SelectionMask.of(image, 2) : Optional.empty();
        DragHandles handles = DragHandles.parse(text);
        String said = assertThrows(IllegalArgumentException.class, () -> handles.requireInside(20, 10, mask))
                .getMessage();
        assertEquals(message, said.substring(0, Math.min(message.length(), said.length())));
    }

    @Test
    void edgesAreInside() {
        ImagePlus image = new ImagePlus("cells", new ByteProcessor(20, 10));
        image.setRoi(4, 0, 7, 10);
        assertDoesNotThrow(
                () -> DragHandles.parse("4,0->10.99,9.99").requireInside(20, 10, SelectionMask.of(image, 2)));
        assertDoesNotThrow(() -> DragHandles.parse("0,0->19.99,9.99").requireInside(20, 10, Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> new DragHandles(List.of()));
    }
}
