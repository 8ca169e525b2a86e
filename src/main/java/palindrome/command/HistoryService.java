package palindrome.command;

import java.util.ArrayList;
import java.util.List;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;

/**
 * The results since ImageJ was started, in words: a SciJava service, since it lives as long as ImageJ does.
 * <p>
 * NB: Fiji makes it before ImageJ's classes may be loaded, so no method may name one.
 * </p>
 */
@Plugin(type = Service.class)
public final class HistoryService extends AbstractService implements SciJavaService {

    private final List<HistoryEntry> entries = new ArrayList<>();

    /** Adds a result. */
    public synchronized void add(final HistoryEntry entry) {
        entries.add(entry);
    }

    /** All results, the oldest first. */
    public synchronized List<HistoryEntry> entries() {
        return List.copyOf(entries);
    }
}
