package palindrome.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import ij.ImagePlus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import palindrome.image.Provenance;
import palindrome.image.StackPosition;

/** The records of several planes as that of the image they make. */
final class PlaneRecords {

    private static final String PLANES = "planes";

    private PlaneRecords() {}

    /**
     * @param planes what was made of each plane, with its record if anything was done
     * @param positions where each plane stood
     * @return the record of the first plane that has one, and under "planes", where there are several, those of all;
     *         empty if no plane has one
     * @throws IOException if a record is damaged
     */
    static Optional<Provenance> of(final List<ImagePlus> planes, final List<StackPosition> positions)
            throws IOException {
        Optional<Provenance> first = Optional.empty();
        final JsonArray all = new JsonArray();
        for (int i = 0; i < planes.size(); i++) {
            final Optional<Provenance> record = Provenance.readFrom(planes.get(i));
            if (first.isEmpty()) first = record;
            final JsonObject entry = positions.get(i).toJson();
            record.ifPresent(made -> entry.add("record", JsonParser.parseString(made.toJson())));
            all.add(entry);
        }
        return planes.size() == 1 ? first : first.map(made -> made.with(PLANES, all));
    }
}
