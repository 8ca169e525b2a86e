package palindrome.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript source into the archive that libtorch loads: an
 * uncompressed zip of a pickled object, an empty table of constants, a version
 * and the code.
 */
final class TorchScriptArchive {

    private static final String HEADER =
            """
			class Kernel(Module):
			  __parameters__ = []
			  __buffers__ = []
			  training : bool
			""";

    /**
     * Pickle protocol 2 of an object of class {@code __torch__.Kernel} whose only
     * attribute is {@code training = True}.
     */
    private static final String OBJECT =
            "\u0080\u0002" + "c__torch__\nKernel\n" + ")" + "\u0081" + "}(" + "X\b\0\0\0training" + "\u0088" + "ub.";

    private static final String EMPTY_TUPLE = "\u0080\u0002).";

    private TorchScriptArchive() {}

    /**
     * @param methods {@code def} statements with {@code self} as first parameter
     * @return the bytes of an archive whose module has those methods
     */
    static byte[] of(final String methods) {
        final String source = HEADER + methods.indent(2).replace("(self,", "(self: __torch__.Kernel,");
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "kernel/data.pkl", OBJECT.getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "kernel/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            store(zip, "kernel/constants.pkl", EMPTY_TUPLE.getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "kernel/version", "3\n".getBytes(StandardCharsets.US_ASCII));
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
        return bytes.toByteArray();
    }

    private static void store(final ZipOutputStream zip, final String name, final byte[] content) throws IOException {
        final CRC32 crc = new CRC32();
        crc.update(content);
        final ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        // NB: a fixed time keeps the archive the same from run to run.
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
