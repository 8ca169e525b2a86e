package palindrome.batch;

import ij.ImagePlus;
import ij.Prefs;
import ij.io.FileInfo;
import ij.io.FileSaver;
import ij.io.RoiEncoder;
import ij.io.TiffDecoder;
import ij.io.TiffEncoder;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import palindrome.image.Provenance;
import palindrome.image.StoredOverlay;

/**
 * An image as an ImageJ TIFF file that is there whole or not at all: it is written under a temporary name, and gets its
 * own when all bytes are on the disk.
 * <p>
 * NB: ImageJ's own {@link FileSaver} tells of a full disk by a dialog that ends a macro.
 * </p>
 */
record ResultFile(Path path) {

    private static final String UNFINISHED = ".part";

    /**
     * Writes several images, the first one last, so that it stands for all.
     *
     * @param images by the files that they are to be
     * @throws IOException if one cannot be written; then none of them is there
     */
    static void write(final Map<Path, ImagePlus> images) throws IOException {
        final List<Path> targets = new ArrayList<>(images.keySet());
        final List<Path> written = new ArrayList<>();
        try {
            for (final Path target : targets) {
                final Path unfinished =
                        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + UNFINISHED);
                written.add(unfinished);
                write(images.get(target), unfinished);
            }
            for (int i = targets.size() - 1; i >= 0; i--)
                Files.move(written.get(i), targets.get(i), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            for (final Path unfinished : written) Files.deleteIfExists(unfinished);
        }
    }

    /** Deletes what killed processes left unfinished in a folder. */
    static void deleteUnfinished(final Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*" + UNFINISHED)) {
            for (final Path file : files) Files.deleteIfExists(file);
        }
    }

    private static void write(final ImagePlus image, final Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 20)) {
            encoder(fileInfo(image)).write(out);
            out.flush();
            // what has its final name must survive a power cut
            channel.force(true);
        }
    }

    /**
     * NB: the encoder takes the byte order from the user's preferences, which are others on each computer; results of the
     * same bits should be files of the same bytes.
     */
    private static synchronized TiffEncoder encoder(final FileInfo info) {
        final boolean preferred = Prefs.intelByteOrder;
        Prefs.intelByteOrder = false;
        try {
            return new TiffEncoder(info);
        } finally {
            Prefs.intelByteOrder = preferred;
        }
    }

    private static FileInfo fileInfo(final ImagePlus image) {
        final FileSaver saver = new FileSaver(image);
        final FileInfo info = image.getFileInfo();
        info.info = image.getInfoProperty();
        info.description = saver.getDescriptionString();
        info.sliceLabels = image.getStack().getSliceLabels();
        info.roi = RoiEncoder.saveAsByteArray(image.getRoi());
        info.overlay =
                StoredOverlay.of(image.getOverlay()).map(StoredOverlay::toBytes).orElse(null);
        info.properties = image.getPropertiesAsArray();
        if (image.isComposite()) saver.saveDisplayRangesAndLuts(image, info);
        return info;
    }

    boolean exists() {
        return Files.exists(path);
    }

    /**
     * Reads the record in the file without its pixels.
     *
     * @return empty if the file is no TIFF, or has no record
     */
    Optional<Provenance> provenance() {
        try {
            final FileInfo[] planes = new TiffDecoder(
                            path.toAbsolutePath().getParent() + File.separator,
                            path.getFileName().toString())
                    .getTiffInfo();
            if (planes == null || planes[0].properties == null) return Optional.empty();
            final String[] pairs = planes[0].properties;
            for (int i = 0; i + 1 < pairs.length; i += 2)
                if (pairs[i].equals(Provenance.PROPERTY)) return Optional.of(Provenance.parse(pairs[i + 1]));
            return Optional.empty();
        } catch (final IOException | RuntimeException exc) {
            // whatever it is, no result of ours was ever written like that
            return Optional.empty();
        }
    }
}
