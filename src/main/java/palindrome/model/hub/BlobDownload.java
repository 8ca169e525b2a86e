package palindrome.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file on its way from the hub to the cache: begun where an earlier try
 * stopped, repeated when the connection breaks, and put in place only when its
 * size and hash are those the hub gave.
 */
final class BlobDownload {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18}|\\*)");

    private final HubClient client;
    private final RepoInfo info;
    private final RepoFile file;
    private final Path blob;
    private final PartialFile part;
    private final HubProgress progress;

    /** Most bytes that were ever here: a server that begins anew each time makes no progress. */
    private long furthest;

    /**
     * @param file with size and tag
     * @param blob where it goes
     */
    BlobDownload(
            final HubClient client,
            final RepoInfo info,
            final RepoFile file,
            final Path blob,
            final HubProgress progress) {
        this.client = client;
        this.info = info;
        this.file = file;
        this.blob = blob;
        this.progress = progress;
        part = new PartialFile(blob);
    }

    /** Bytes that need not come any more. */
    long here() throws IOException {
        if (Files.exists(blob)) return file.bytes();
        return Math.min(part.size(), file.bytes());
    }

    /**
     * Brings the file here.
     *
     * @param received told how many bytes of the file are here, which may go back
     * @throws HubException if it cannot be had
     * @throws IOException if the disk fails
     */
    void run(final LongConsumer received) throws IOException {
        if (isHere()) {
            received.accept(file.bytes());
            return;
        }
        if (!fetchWhole(received) && !fetchWhole(received)) throw HubClient.damaged(file);
    }

    /** A file that was here before is checked, so that downloading again mends a damaged model. */
    private boolean isHere() throws IOException {
        if (!Files.exists(blob)) return false;
        final Optional<ContentHash> hash = ContentHash.of(file.blob(), file.bytes());
        boolean good = Files.size(blob) == file.bytes();
        if (good && hash.isPresent()) {
            hash.get().update(blob, silent());
            good = hash.get().matches();
        }
        if (!good) Files.delete(blob);
        return good;
    }

    /** @return false if all bytes came, but not the right ones; they are thrown away */
    private boolean fetchWhole(final LongConsumer received) throws IOException {
        final Retries retries = new Retries(client.timing(), progress);
        retries.run(() -> {
            fetchRest(retries, received);
            return null;
        });
        final Optional<ContentHash> hash = ContentHash.of(file.blob(), file.bytes());
        if (hash.isPresent()) {
            hash.get().update(part.path(), silent());
            if (!hash.get().matches()) {
                part.discard();
                received.accept(0);
                return false;
            }
        }
        part.finish();
        return true;
    }

    private void fetchRest(final Retries retries, final LongConsumer received) throws IOException {
        if (part.size() > file.bytes()) part.discard();
        final long have = part.size();
        if (have == file.bytes() && have > 0) return;
        try (HubResponse response = client.open(info, file, have, part.validator())) {
            if (response.status() == 416 || response.status() == 206 && !continues(response, have)) {
                part.discard();
                received.accept(0);
                throw new TransientException(
                        response.uri().getHost() + " does not go on with " + file.path() + " where it stopped.",
                        Optional.empty());
            }
            if (response.status() == 200) part.restart(response.validator());
            append(response, retries, received);
        }
    }

    /** Whether the answer begins behind what is here, and belongs to the same content. */
    private boolean continues(final HubResponse response, final long have) throws IOException {
        final Matcher range =
                CONTENT_RANGE.matcher(response.header("Content-Range").orElse(""));
        final boolean fits = range.matches()
                && Long.parseLong(range.group(1)) == have
                && (range.group(2).equals("*") || Long.parseLong(range.group(2)) == file.bytes());
        final Optional<String> before = part.validator();
        return fits && (before.isEmpty() || response.validator().isEmpty() || before.equals(response.validator()));
    }

    private void append(final HubResponse response, final Retries retries, final LongConsumer received)
            throws IOException {
        try (FileChannel channel = part.append()) {
            long have = channel.size();
            furthest = Math.max(furthest, have);
            received.accept(have);
            for (List<ByteBuffer> pieces = response.next(); !pieces.isEmpty(); pieces = response.next()) {
                final long more =
                        pieces.stream().mapToLong(ByteBuffer::remaining).sum();
                if (have + more > file.bytes())
                    throw new HubException(response.uri().getHost() + " sends more of " + file.path() + " than its "
                            + file.bytes() + " bytes: nothing of it is kept.");
                PartialFile.write(channel, pieces);
                have += more;
                if (have > furthest) {
                    furthest = have;
                    retries.progressed();
                }
                received.accept(have);
            }
            if (have < file.bytes())
                throw new TransientException(
                        response.uri().getHost() + " ended " + file.path() + " after " + have + " of " + file.bytes()
                                + " bytes.",
                        Optional.empty());
        } catch (final TransientException exc) {
            throw exc;
        } catch (final HubException exc) {
            part.discard();
            throw exc;
        }
    }

    /** Asks, but does not report: only bytes that come are counted. */
    private HubProgress silent() {
        return new HubProgress() {

            @Override
            public void stage(final String name) {
                // not a stage of its own
            }

            @Override
            public void bytes(final long done, final long total) {
                // not of the network
            }

            @Override
            public boolean canceled() {
                return progress.canceled();
            }
        };
    }
}
