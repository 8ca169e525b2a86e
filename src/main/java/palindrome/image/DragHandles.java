package palindrome.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What to drag in an image, at least one handle.
 *
 * @param all the handles, in their order
 */
public record DragHandles(List<DragHandle> all) {

    private static final String NUMBER = "\\s*([+-]?(?:\\d+\\.?\\d*|\\.\\d+))\\s*";
    private static final Pattern HANDLE = Pattern.compile(NUMBER + "," + NUMBER + "->" + NUMBER + "," + NUMBER);
    private static final String GRAMMAR = "write x1,y1->x2,y2 in pixels, as in 40,48->72,60";

    public DragHandles {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to drag; give at least one handle.");
        }
    }

    /**
     * Reads handles.
     *
     * @param text such as {@code 40,48->72,60; 10,12->20,12}; a semicolon may stand at the end
     * @throws IllegalArgumentException naming what is no handle
     */
    public static DragHandles parse(String text) {
        List<DragHandle> handles = new ArrayList<>();
        for (String part : text.split(";", -1)) {
            Matcher handle = HANDLE.matcher(part);
            if (handle.matches()) {
                handles.add(new DragHandle(number(handle, 1), number(handle, 2), number(handle, 3), number(handle, 4)));
            } else if (!part.isBlank()) {
                throw new IllegalArgumentException(
                        "'" + part.strip() + "' is no handle; " + GRAMMAR + ", with semicolons between several.");
            }
        }
        if (handles.isEmpty()) {
            throw new IllegalArgumentException("The handles '" + text + "' name no place; " + GRAMMAR + ".");
        }
        return new DragHandles(handles);
    }

    private static double number(Matcher handle, int group) {
        return Double.parseDouble(handle.group(group));
    }

    /**
     * Requires that every handle begins and ends where something can be dragged.
     *
     * @param width of the image, pixels
     * @param height of the image, pixels
     * @param mask where the image may change; everywhere if empty
     * @throws IllegalArgumentException naming an end that lies outside
     */
    public void requireInside(long width, long height, Optional<SelectionMask> mask) {
        for (DragHandle handle : all) {
            requireInside(handle, "begins", handle.fromX(), handle.fromY(), width, height, mask);
            requireInside(handle, "ends", handle.toX(), handle.toY(), width, height, mask);
        }
    }

    private static void requireInside(
            DragHandle handle, String verb, double x, double y, long width, long height, Optional<SelectionMask> mask) {
        String what = "The handle " + handle + " " + verb + " at " + DragHandle.place(x, y) + ", outside of the ";
        if (!(x >= 0 && y >= 0 && x < width && y < height)) {
            throw new IllegalArgumentException(
                    what + "image of " + width + " x " + height + " pixels; move it inside.");
        }
        if (mask.isPresent() && mask.get().weight((int) x, (int) y) == 0) {
            throw new IllegalArgumentException(
                    what + "selection, where nothing may change; move it inside, or select more.");
        }
    }

    /** As {@link #parse} reads them. */
    @Override
    public String toString() {
        return all.stream().map(DragHandle::toString).collect(Collectors.joining("; "));
    }
}
