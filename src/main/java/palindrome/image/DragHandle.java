package palindrome.image;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What to drag from where to where, in pixels from the upper left corner of an image: the pixel (x, y) reaches from
 * there to (x + 1, y + 1). Written {@code 40,48->72,60}; several are separated by semicolons.
 */
public record DragHandle(double fromX, double fromY, double toX, double toY) {

    private static final String NUMBER = "\\s*([+-]?(?:\\d+\\.?\\d*|\\.\\d+))\\s*";
    private static final Pattern HANDLE = Pattern.compile(NUMBER + "," + NUMBER + "->" + NUMBER + "," + NUMBER);

    /**
     * Reads handles.
     *
     * @param text such as {@code 40,48->72,60; 10,12->20,12}; a semicolon may stand at the end
     * @return at least one
     * @throws IllegalArgumentException naming what is no handle
     */
    public static List<DragHandle> parse(String text) {
        List<DragHandle> handles = new ArrayList<>();
        for (String part : text.split(";", -1)) {
            Matcher handle = HANDLE.matcher(part);
            if (handle.matches()) {
                handles.add(new DragHandle(number(handle, 1), number(handle, 2), number(handle, 3), number(handle, 4)));
            } else if (!part.isBlank()) {
                throw new IllegalArgumentException("The handle '" + part.strip()
                        + "' is not one: write x1,y1->x2,y2 in pixels, as in 40,48->72,60, and semicolons between"
                        + " several.");
            }
        }
        if (handles.isEmpty()) {
            throw new IllegalArgumentException(
                    "The handles '" + text + "' name no place: write x1,y1->x2,y2 in pixels," + " as in 40,48->72,60.");
        }
        return handles;
    }

    private static double number(Matcher handle, int group) {
        return Double.parseDouble(handle.group(group));
    }

    /** Handles as {@link #parse} reads them. */
    public static String format(List<DragHandle> handles) {
        return handles.stream().map(DragHandle::toString).collect(Collectors.joining("; "));
    }

    /** The handle as {@link #parse} reads it. */
    @Override
    public String toString() {
        return place(fromX, fromY) + "->" + place(toX, toY);
    }

    /** A place as users write it. */
    public static String place(double x, double y) {
        return plain(x) + "," + plain(y);
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
