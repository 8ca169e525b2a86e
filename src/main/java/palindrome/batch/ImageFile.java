package palindrome.batch;

import ij.ImagePlus;
import ij.io.FileInfo;
import ij.io.Opener;
import ij.io.TiffDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import javax.imageio.ImageIO;

/**
 * Opens image files as ImageJ does, except that a bad one is an exception. ImageJ itself says so by a dialog, or by
 * ending the macro that runs, or not at all: it fills the rest of a truncated file with zeros.
 */
final class ImageFile {

    private static final Set<Integer> OF_IMAGEIO = Set.of(Opener.PNG, Opener.JPEG, Opener.GIF, Opener.BMP);
    private static final Set<Integer> PACKED =
            Set.of(FileInfo.BITMAP, FileInfo.GRAY12_UNSIGNED, FileInfo.GRAY10_UNSIGNED);

    private final Path path;

    private ImageFile(final Path path) {
        this.path = path;
    }

    /**
     * Opens an image; it is not shown.
     *
     * @throws IOException one sentence, if there is no such file, or it is damaged, or no image
     */
    static ImagePlus open(final Path path) throws IOException {
        return new ImageFile(path).open();
    }

    private ImagePlus open() throws IOException {
        if (!Files.isRegularFile(path)) throw new NoSuchFileException("There is no file " + path + ".");
        final Opener opener = new Opener();
        opener.setSilentMode(true);
        final int type = opener.getFileType(path.toString());
        if (type == Opener.UNKNOWN || type == Opener.TIFF && !isTiffOfImageJ()) return openAsHostCan(opener, type);
        if (OF_IMAGEIO.contains(type)) requireReadable();
        return opened(opener.openImage(path.toString()));
    }

    /** In Fiji Bio-Formats opens what ImageJ does not; in plain ImageJ nothing does. */
    private ImagePlus openAsHostCan(final Opener opener, final int type) throws IOException {
        return opened(opener.openWithHandleExtraFileTypes(path.toString(), new int[] {type}));
    }

    private ImagePlus opened(final ImagePlus image) throws IOException {
        if (image == null || image.getWidth() == 0 || image.getProcessor() == null)
            throw new IOException(name() + " is damaged, or no image that ImageJ opens.");
        return image;
    }

    /**
     * @return whether ImageJ's own decoder reads the file
     * @throws IOException if it does, and pixels are missing
     */
    private boolean isTiffOfImageJ() throws IOException {
        final FileInfo[] planes;
        try {
            planes = new TiffDecoder(path.toAbsolutePath().getParent() + java.io.File.separator, name()).getTiffInfo();
        } catch (final IOException | RuntimeException exc) {
            return false;
        }
        if (planes == null) return false;
        final long size = Files.size(path);
        for (final FileInfo plane : planes)
            if (end(plane) > size)
                throw new IOException(name() + " is truncated: it has " + size + " bytes of at least " + end(plane)
                        + ". Copy it again.");
        return true;
    }

    /** Where the pixels of a plane, or of all planes in one piece, end in the file. */
    private static long end(final FileInfo plane) {
        if (plane.compression <= FileInfo.COMPRESSION_NONE) {
            if (PACKED.contains(plane.fileType)) return 0;
            final long bytes = (long) plane.width * plane.height * plane.getBytesPerPixel();
            return plane.getOffset() + plane.nImages * bytes + (plane.nImages - 1) * plane.getGap();
        }
        long end = 0;
        for (int i = 0; plane.stripLengths != null && i < plane.stripLengths.length; i++)
            end = Math.max(
                    end, Integer.toUnsignedLong(plane.stripOffsets[i]) + Integer.toUnsignedLong(plane.stripLengths[i]));
        return end;
    }

    private void requireReadable() throws IOException {
        try {
            if (ImageIO.read(path.toFile()) != null) return;
        } catch (final IOException | RuntimeException exc) {
            throw new IOException(name() + " is damaged: " + exc.getMessage() + ".", exc);
        }
        throw new IOException(name() + " is damaged, or no image that ImageJ opens.");
    }

    private String name() {
        return path.getFileName().toString();
    }
}
