package palindrome.edit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import palindrome.engine.TensorMemoryException;
import palindrome.engine.TorchEngine;
import palindrome.model.ModelPool;

/**
 * Runs an operation, and where a device has not enough memory for it, runs it again from its beginning in a
 * configuration that needs less. So what is computed once is computed in one configuration, and a way to noise and
 * back stays exact. What was changed is said at once, and is among the warnings of the record.
 */
public final class MemoryLadder {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryLadder.class);

    private final String model;
    private final Progress progress;

    /**
     * @param model as in {@link OpenedModel#open}
     * @param progress told when a run begins again
     */
    public MemoryLadder(final String model, final Progress progress) {
        this.model = model;
        this.progress = progress;
    }

    /**
     * What is run.
     *
     * @param <T> its result, which holds nothing of the model's native memory
     */
    @FunctionalInterface
    public interface Operation<T> {

        /** @param model open until this returns */
        T on(OpenedModel model) throws IOException;
    }

    /**
     * @param first the configuration to begin with
     * @param operation run once, or again from its beginning as often as there are rungs
     * @return its result
     * @throws TensorMemoryException if the memory does not suffice on the lowest rung either
     */
    public <T> T run(final RunConfiguration first, final Operation<T> operation) throws IOException {
        RunConfiguration configuration = first;
        final List<String> notices = new ArrayList<>();
        while (true) {
            boolean hasAutoencoder = false;
            try (OpenedModel opened = OpenedModel.open(model, configuration, notices, progress)) {
                hasAutoencoder = opened.hasAutoencoder();
                return operation.on(opened);
            } catch (final RuntimeException exc) {
                // By now the model is given back, and all is closed that was computed with it.
                if (!TensorMemoryException.isLackOfMemory(exc)) throw exc;
                ModelPool.shared().releaseAll();
                TorchEngine.start().releaseUnusedMemory();
                configuration = below(configuration, hasAutoencoder, notices, exc);
            }
        }
    }

    private RunConfiguration below(
            final RunConfiguration configuration,
            final boolean hasAutoencoder,
            final List<String> notices,
            final RuntimeException failure) {
        for (final Rung rung : Rung.values()) {
            final Optional<RunConfiguration> next = rung.below(configuration, hasAutoencoder);
            if (next.isEmpty()) continue;
            final String notice = "The memory did not suffice (" + configuration + "), so all was run again with "
                    + rung.description() + ".";
            LOG.warn("{} ({})", notice, failure.getMessage());
            progress.note(notice);
            notices.add(notice);
            return next.get();
        }
        throw TensorMemoryException.explaining(failure, configuration.device().device());
    }
}
