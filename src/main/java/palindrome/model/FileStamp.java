package palindrome.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What tells that a file is still the same without reading it.
 *
 * @param path absolute
 * @param size in bytes
 * @param modified time of the last change, in nanoseconds since 1970
 */
record FileStamp(Path path, long size, long modified) {

    /**
     * @param files some files
     * @return their stamps, in the same order
     * @throws ModelException if one is missing
     * @throws IOException if one cannot be looked at
     */
    static List<FileStamp> of(final List<Path> files) throws IOException {
        final List<FileStamp> stamps = new ArrayList<>();
        for (final Path file : files) {
            try {
                stamps.add(new FileStamp(
                        file.toAbsolutePath().normalize(),
                        Files.size(file),
                        Files.getLastModifiedTime(file).to(java.util.concurrent.TimeUnit.NANOSECONDS)));
            } catch (final NoSuchFileException exc) {
                throw new ModelException(file + " is missing. Check the path, or copy or download it again.", exc);
            }
        }
        return List.copyOf(stamps);
    }
}
