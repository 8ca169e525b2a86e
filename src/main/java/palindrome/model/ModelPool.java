package palindrome.model;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import palindrome.engine.Placement;

/**
 * Models and ControlNets that are open, so that one copy of their weights serves
 * all commands that run at once or one after the other.
 * <p>
 * Each is lent, and given back by closing the lease. One that nobody has borrowed
 * for a while is closed, and so is the oldest of too many such of its kind. If one
 * of its files changed on disk, the next lease opens it anew, and the old one is
 * closed when its last borrower is done. Safe from several threads.
 */
public final class ModelPool implements AutoCloseable {

    /** Opens a model that the pool does not have. */
    interface Opener {

        DiffusionModel open(ModelChoice choice, Placement placement) throws IOException;
    }

    /** One and another that it is compared with. */
    private static final int MAX_IDLE = 2;

    private static final String BUNDLED_CONTROL_NET = ModelCatalog.BUNDLED + " ControlNet";

    private static final Duration IDLE = Duration.ofMinutes(Long.getLong("palindrome.model.idle.minutes", 5));

    private final Opener opener;
    private final ScheduledExecutorService clock;
    private final LeasePool<DiffusionModel> models;
    private final LeasePool<ControlNet> controlNets;

    /**
     * @param opener opens a model
     * @param idle how long is kept what nobody uses
     */
    ModelPool(final Opener opener, final Duration idle) {
        this.opener = opener;
        clock = Executors.newSingleThreadScheduledExecutor(task -> {
            final Thread thread = new Thread(task, "Palindrome model pool");
            thread.setDaemon(true);
            return thread;
        });
        models = new LeasePool<>(MAX_IDLE, idle, clock);
        controlNets = new LeasePool<>(MAX_IDLE, idle, clock);
    }

    /** The one pool of this process, made when it is first used and closed when the process ends. */
    private static final class Shared {

        private static final ModelPool POOL = new ModelPool(
                (choice, placement) -> ModelCatalog.open(choice, placement, RememberedPredictions.ofUser()), IDLE);

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(POOL::close, "Palindrome model pool end"));
        }
    }

    /** @return the pool that all commands of this process share */
    public static ModelPool shared() {
        return Shared.POOL;
    }

    /**
     * Lends a model; opens it if it is not open, and waits if another thread is
     * opening it.
     *
     * @param choice a {@link ModelChoice} as text
     * @param placement where it runs, and in which precision
     * @return the model, which is given back by closing the lease
     * @throws PredictionOpenException if nothing says what the network predicts
     * @throws ModelException if there is no such model, or it cannot be used
     * @throws IOException if a file cannot be read
     */
    public Lease<DiffusionModel> lease(final String choice, final Placement placement) throws IOException {
        final ModelChoice lasting = ModelChoice.parse(choice).lasting();
        return models.lease(
                new LeasePool.Key(lasting.toString(), placement),
                ModelCatalog.stamps(lasting),
                () -> opener.open(lasting, placement));
    }

    /**
     * Lends a ControlNet for a model, beside which it runs in the same precision; as
     * {@link #lease}.
     *
     * @param choice its folder, or its {@code .safetensors} file; a variant of the
     *          weights may follow, as in {@code folder#fp16}; or {@code bundled} for that of the
     *          bundled model
     * @param model what it will steer
     * @return the ControlNet, which is given back by closing the lease
     * @throws ModelException if there is none, it is damaged, or it was made for another
     *           kind of model
     * @throws IOException if a file cannot be read
     */
    public Lease<ControlNet> leaseControlNet(final String choice, final DiffusionModel model) throws IOException {
        final Lease<ControlNet> lease = controlNet(choice, model.placement());
        try {
            lease.get().requireFit(model);
            return lease;
        } catch (final ModelException exc) {
            lease.close();
            throw exc;
        }
    }

    private Lease<ControlNet> controlNet(final String choice, final Placement placement) throws IOException {
        if (choice.equals(ModelCatalog.BUNDLED))
            return controlNets.lease(
                    new LeasePool.Key(BUNDLED_CONTROL_NET, placement),
                    List.of(),
                    () -> BundledModel.openControlNet(placement));
        final CheckpointPath path = CheckpointPath.of(choice).lasting();
        return controlNets.lease(
                new LeasePool.Key(path.toString(), placement),
                FileStamp.of(ControlNet.checkpoint(path).files()),
                () -> ControlNet.open(path, placement));
    }

    /** Closes all that nobody uses. What is in use is closed when it is given back. */
    public void releaseAll() {
        models.releaseAll();
        controlNets.releaseAll();
    }

    /** @return what is open now, models as {@link ModelChoice} writes them, one for each place it runs on, in order */
    public List<String> open() {
        return Stream.concat(models.open().stream(), controlNets.open().stream())
                .sorted()
                .toList();
    }

    /** As {@link #releaseAll}; nothing can be borrowed after it. */
    @Override
    public void close() {
        models.close();
        controlNets.close();
        clock.shutdownNow();
    }
}
