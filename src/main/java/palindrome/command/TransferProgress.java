package palindrome.command;

import palindrome.edit.Progress;
import palindrome.model.hub.HubProgress;

/** Bytes that come or are read, as steps of a megabyte each. */
final class TransferProgress implements HubProgress {

    private static final long MEGABYTE = 1_000_000;

    private final Progress host;
    private String stage = "";
    private boolean counting;
    private long reported;

    TransferProgress(final Progress host) {
        this.host = host;
    }

    @Override
    public void stage(final String name) {
        stage = name;
        counting = false;
        host.stage(name);
    }

    @Override
    public void bytes(final long done, final long total) {
        final long steps = Math.max(1, (total + MEGABYTE - 1) / MEGABYTE);
        final long step = done == total ? steps : done / MEGABYTE;
        if (!counting) host.stage(stage + ", MB");
        // a large file comes in a hundred thousand pieces
        if (!counting || step != reported) host.step(step, steps);
        counting = true;
        reported = step;
    }

    @Override
    public boolean canceled() {
        return host.canceled();
    }
}
