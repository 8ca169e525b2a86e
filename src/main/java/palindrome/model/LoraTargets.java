package palindrome.model;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which weight of a model a LoRA's module name means, under any naming: found
 * among the weights the model really has, so that a name that fits none is
 * known to be wrong.
 */
final class LoraTargets {

    /**
     * A weight.
     *
     * @param component such as {@code unet}
     * @param name the weight's name, such as {@code conv_in.weight}
     */
    record Target(String component, String name) {}

    private static final String WEIGHT = ".weight";

    /** What LoRAs call the components that they change. */
    private static final Map<String, List<String>> PREFIXES = Map.of(
            "unet", List.of("lora_unet_"),
            "text_encoder", List.of("lora_te_", "lora_te1_"),
            "text_encoder_2", List.of("lora_te2_"));

    private static final Set<String> UNET_KEYS =
            Set.of("block_out_channels", "layers_per_block", "down_block_types", "up_block_types");

    private final Map<String, Target> byModule = new HashMap<>();

    /** @param checkpoint the model to change */
    static LoraTargets of(final Checkpoint checkpoint) throws IOException {
        final LoraTargets targets = new LoraTargets();
        for (final String component : PREFIXES.keySet())
            if (checkpoint.has(component)) targets.add(checkpoint, component);
        return targets;
    }

    /**
     * @param module a module's name in a LoRA file
     * @return the weight it means, if the model has it
     */
    Optional<Target> find(final String module) {
        return Optional.ofNullable(byModule.get(module));
    }

    private void add(final Checkpoint checkpoint, final String component) throws IOException {
        final Optional<NameTable> ldm = component.equals("unet") ? ldm(checkpoint) : Optional.empty();
        try (StoredTensors tensors = checkpoint.tensors(component)) {
            for (final String name : tensors.byName().keySet()) {
                if (!name.endsWith(WEIGHT)) continue;
                final Target target = new Target(component, name);
                final String module = name.substring(0, name.length() - WEIGHT.length());
                byModule.put(component + "." + module, target);
                byModule.put("base_model.model." + component + "." + module, target);
                // An attention processor of diffusers 0.15 sits between a block and its layers.
                final int layer = module.replace(".to_out.0", ".to_out").lastIndexOf('.');
                if (layer > 0)
                    byModule.put(
                            component + "." + module.substring(0, layer) + ".processor"
                                    + module.replace(".to_out.0", ".to_out").substring(layer),
                            target);
                if (component.equals("unet")) byModule.put(module, target);
                for (final String prefix : PREFIXES.get(component)) {
                    byModule.put(prefix + module.replace('.', '_'), target);
                    // SDXL's training scripts keep the UNet under its original names.
                    ldm.flatMap(table -> table.toLdm(name))
                            .ifPresent(old -> byModule.put(
                                    prefix
                                            + old.substring(0, old.length() - WEIGHT.length())
                                                    .replace('.', '_'),
                                    target));
                }
            }
        }
    }

    private static Optional<NameTable> ldm(final Checkpoint checkpoint) throws IOException {
        final JsonObject config = checkpoint.config("unet", "config.json");
        final boolean known = config.keySet().containsAll(UNET_KEYS)
                && config.get("layers_per_block").isJsonPrimitive();
        return known ? Optional.of(LdmNames.unet(config)) : Optional.empty();
    }
}
