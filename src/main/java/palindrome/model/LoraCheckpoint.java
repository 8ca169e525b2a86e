package palindrome.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint with a LoRA added to its weights when they are read: W + scale ·
 * (alpha / rank) · up · down. Only the tensors it changes are copied; all others
 * stay the file's own pages.
 */
final class LoraCheckpoint extends ForwardingCheckpoint {

    private static final int MAX_LISTED = 5;

    private final LoraChoice choice;
    private final Map<LoraTargets.Target, String> moduleOf;

    private LoraCheckpoint(
            final Checkpoint base, final LoraChoice choice, final Map<LoraTargets.Target, String> moduleOf) {
        super(base);
        this.choice = choice;
        this.moduleOf = moduleOf;
    }

    /**
     * @param base the model
     * @param choice the LoRA
     * @return the changed model
     * @throws ModelException if the LoRA is damaged, or changes what the model does
     *           not have; the message names it
     * @throws IOException if a file cannot be read
     */
    static LoraCheckpoint of(final Checkpoint base, final LoraChoice choice) throws IOException {
        final LoraTargets targets = LoraTargets.of(base);
        final Map<LoraTargets.Target, String> moduleOf = new LinkedHashMap<>();
        final List<String> unknown = new ArrayList<>();
        try (LoraFile lora = LoraFile.open(choice.file())) {
            for (final String module : lora.changes().keySet()) {
                final Optional<LoraTargets.Target> target = targets.find(module);
                if (target.isEmpty()) unknown.add(module);
                else if (moduleOf.put(target.get(), module) != null)
                    throw new ModelException(lora + " changes " + target.get().name() + " twice.");
            }
            if (!unknown.isEmpty())
                throw new ModelException("The LoRA " + lora + " does not fit the model " + base + ": of its "
                        + lora.changes().size() + " modules the model lacks " + unknown.size() + " ("
                        + String.join(", ", unknown.subList(0, Math.min(MAX_LISTED, unknown.size())))
                        + (unknown.size() > MAX_LISTED ? ", ..." : "")
                        + "). Use a LoRA that was made for this kind of model.");
        }
        return new LoraCheckpoint(base, choice, moduleOf);
    }

    @Override
    public StoredTensors tensors(final String component) throws IOException {
        final StoredTensors plain = super.tensors(component);
        final LoraFile lora;
        try {
            lora = LoraFile.open(choice.file());
        } catch (final IOException | RuntimeException exc) {
            plain.close();
            throw exc;
        }
        return plain.holding(lora.tensors()).translated(all -> changed(component, all, lora));
    }

    @Override
    public List<Path> weightFiles(final List<String> components) throws IOException {
        return with(super.weightFiles(components));
    }

    @Override
    public List<Path> files() throws IOException {
        return with(super.files());
    }

    @Override
    public String alterations() {
        return super.alterations() + "lora " + choice.scale() + "\n";
    }

    private List<Path> with(final List<Path> files) {
        final List<Path> all = new ArrayList<>(files);
        all.add(choice.file());
        return all;
    }

    private Map<String, StoredTensor> changed(
            final String component, final Map<String, StoredTensor> all, final LoraFile lora) throws ModelException {
        final Map<String, StoredTensor> changed = new LinkedHashMap<>(all);
        for (final Map.Entry<LoraTargets.Target, String> one : moduleOf.entrySet()) {
            if (!one.getKey().component().equals(component)) continue;
            final String name = one.getKey().name();
            final LoraFile.Change change = lora.changes().get(one.getValue());
            if (change == null)
                throw new ModelException(lora + " was changed while it was read. Open the model again.");
            requireFit(lora, one.getValue(), change, all.get(name));
            changed.put(name, new LoraTensor(all.get(name), change, choice.scale()));
        }
        return changed;
    }

    private static void requireFit(
            final LoraFile lora, final String module, final LoraFile.Change change, final StoredTensor weight)
            throws ModelException {
        final long out = change.up().shape()[0];
        final long in = change.down().size() / change.rank();
        final long[] shape = weight.shape();
        if (shape.length < 2 || shape[0] != out || weight.size() != out * in)
            throw new ModelException("The LoRA " + lora + " does not fit the model: its change of " + module + " is "
                    + out + " x " + in + ", but the weight is " + Arrays.toString(shape)
                    + ". Use a LoRA that was made for this kind of model.");
    }
}
