package palindrome.command;

import ij.measure.ResultsTable;
import java.util.ArrayList;
import java.util.List;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;

/** The results since ImageJ was started, in words: a SciJava service, since it lives as long as ImageJ does. */
@Plugin(type = Service.class)
public final class HistoryService extends AbstractService implements SciJavaService {

    private final List<HistoryEntry> entries = new ArrayList<>();

    /** Adds a result. */
    public synchronized void add(final HistoryEntry entry) {
        entries.add(entry);
    }

    /** A new table of all results, the oldest first. */
    public synchronized ResultsTable table() {
        final ResultsTable table = new ResultsTable();
        entries.forEach(entry -> entry.addTo(table));
        return table;
    }
}
