package palindrome.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import ij.ImagePlus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import palindrome.image.Provenance;
import palindrome.image.StackPosition;

/** The records of several planes as that of the image they make. */
final class PlaneRecords {

    private static final String PLANES = "planes";

    private PlaneRecords() {}

    /**
     * @param planes what was made of each plane, with its record
     * @param positions where each plane stood
     * @throws IOException if a record is damaged
     */
    static Provenance of(final List<ImagePlus> planes, final List<StackPosition> positions) throws IOException {
        final List<Optional<Provenance>> records = new ArrayList<>();
        for (final ImagePlus plane : planes) records.add(Provenance.readFrom(plane));
        return join(records, positions).orElseThrow();
    }

    /**
     * @param records of each plane; empty if nothing was done in it
     * @param positions where each plane stood
     * @return the first record, and under "planes", where there are several, all of them; empty if all are
     */
    static Optional<Provenance> join(final List<Optional<Provenance>> records, final List<StackPosition> positions) {
        final JsonArray all = new JsonArray();
        for (int i = 0; i < records.size(); i++) {
            final JsonObject entry = positions.get(i).toJson();
            records.get(i).ifPresent(made -> entry.add("record", JsonParser.parseString(made.toJson())));
            all.add(entry);
        }
        final Optional<Provenance> first =
                records.stream().flatMap(Optional::stream).findFirst();
        return records.size() == 1 ? first : first.map(made -> made.with(PLANES, all));
    }
}
