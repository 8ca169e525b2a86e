package palindrome.edit;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a run says. */
final class Heard implements Progress {

    private final List<String> notes = new ArrayList<>();

    @Override
    public void stage(final String name) {
        // all the same
    }

    @Override
    public void step(final long done, final long total) {
        // all the same
    }

    @Override
    public void note(final String sentence) {
        notes.add(sentence);
    }

    @Override
    public boolean canceled() {
        return false;
    }

    List<String> notes() {
        return notes;
    }
}
