package palindrome.image;

import java.math.BigDecimal;

/**
 * What to drag from where to where, in pixels from the upper left corner of an image: the pixel (x, y) reaches from
 * there to (x + 1, y + 1).
 */
public record DragHandle(double fromX, double fromY, double toX, double toY) {

    /** As {@link DragHandles#parse} reads it, such as {@code 40,48->72,60}. */
    @Override
    public String toString() {
        return place(fromX, fromY) + "->" + place(toX, toY);
    }

    static String place(double x, double y) {
        return plain(x) + "," + plain(y);
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
