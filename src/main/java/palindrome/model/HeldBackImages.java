package palindrome.model;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Which images of its data set the bundled model was never trained on: one in ten, settled once and for all by the name
 * of each. The trainer leaves them out, and evaluations take no others.
 */
public final class HeldBackImages {

    private static final int ONE_IN = 10;

    private HeldBackImages() {}

    /**
     * @param name file name, without folders
     * @return whether the model never saw that image
     */
    public static boolean contains(final String name) {
        final CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() % ONE_IN == 0;
    }
}
