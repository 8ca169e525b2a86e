package palindrome.image;

import ij.process.LUT;
import java.awt.image.IndexColorModel;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * A look-up table of 256 colours.
 *
 * @param base64 256 red, 256 green and 256 blue bytes, in Base64
 */
public record Palette(String base64) {

    private static final int SIZE = 256;

    public Palette {
        if (Base64.getDecoder().decode(base64).length != 3 * SIZE) {
            throw new IllegalArgumentException("A palette has 3 x 256 bytes.");
        }
    }

    /** The colours of a colour model; entries it lacks are black. */
    public static Palette of(IndexColorModel model) {
        byte[] bytes = new byte[3 * SIZE];
        for (int i = 0; i < Math.min(SIZE, model.getMapSize()); i++) {
            bytes[i] = (byte) model.getRed(i);
            bytes[SIZE + i] = (byte) model.getGreen(i);
            bytes[2 * SIZE + i] = (byte) model.getBlue(i);
        }
        return new Palette(Base64.getEncoder().encodeToString(bytes));
    }

    /** A new ImageJ look-up table with these colours and the display range 0 to 255. */
    public LUT toLut() {
        byte[] bytes = Base64.getDecoder().decode(base64);
        byte[][] colours = new byte[3][SIZE];
        for (int c = 0; c < 3; c++) {
            System.arraycopy(bytes, c * SIZE, colours[c], 0, SIZE);
        }
        return new LUT(new IndexColorModel(8, SIZE, colours[0], colours[1], colours[2]), 0, 255);
    }

    /** The 256 colours, as 0xRRGGBB. */
    public int[] colours() {
        byte[] bytes = Base64.getDecoder().decode(base64);
        int[] colours = new int[SIZE];
        for (int i = 0; i < SIZE; i++) {
            colours[i] = (bytes[i] & 0xff) << 16 | (bytes[SIZE + i] & 0xff) << 8 | bytes[2 * SIZE + i] & 0xff;
        }
        return colours;
    }

    /** Finds the entries nearest to colours; remembers its answers, as images repeat their colours. */
    static final class NearestEntry {

        private final int[] colours;
        private final Map<Integer, Integer> known = new HashMap<>();

        NearestEntry(Palette palette) {
            colours = palette.colours();
        }

        /** The first of the entries at the smallest Euclidean distance from {@code colour}, 0xRRGGBB. */
        int of(int colour) {
            return known.computeIfAbsent(colour, this::search);
        }

        private int search(int colour) {
            int best = 0;
            int bestDistance = Integer.MAX_VALUE;
            for (int i = 0; i < colours.length; i++) {
                int distance = squaredDistance(colours[i], colour);
                if (distance < bestDistance) {
                    bestDistance = distance;
                    best = i;
                }
            }
            return best;
        }

        private static int squaredDistance(int a, int b) {
            int sum = 0;
            for (int shift = 0; shift <= 16; shift += 8) {
                int difference = (a >> shift & 0xff) - (b >> shift & 0xff);
                sum += difference * difference;
            }
            return sum;
        }
    }
}
