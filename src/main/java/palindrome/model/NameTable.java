package palindrome.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the modules of a network are called in two layouts. A tensor's name is
 * translated by the longest module path that the table knows; what follows the
 * path is the same in both.
 */
final class NameTable {

    private final Map<String, String> toDiffusers = new HashMap<>();
    private final Map<String, String> toLdm = new HashMap<>();

    /**
     * @param ldm a module's path in the layout of LDM, without a dot at its end
     * @param diffusers the same module's path in diffusers
     * @return this
     */
    NameTable add(final String ldm, final String diffusers) {
        if (toDiffusers.putIfAbsent(ldm, diffusers) != null || toLdm.putIfAbsent(diffusers, ldm) != null)
            throw new IllegalArgumentException("The module " + ldm + " or " + diffusers + " is in the table already.");
        return this;
    }

    /**
     * @param name a tensor's name in LDM, such as {@code input_blocks.1.0.in_layers.0.weight}
     * @return its name in diffusers, empty if no module of the table has it
     */
    Optional<String> toDiffusers(final String name) {
        return translated(name, toDiffusers);
    }

    /**
     * @param name a tensor's name in diffusers
     * @return its name in LDM, empty if no module of the table has it
     */
    Optional<String> toLdm(final String name) {
        return translated(name, toLdm);
    }

    private static Optional<String> translated(final String name, final Map<String, String> table) {
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            final String module = table.get(name.substring(0, dot));
            if (module != null) return Optional.of(module + name.substring(dot));
        }
        return Optional.empty();
    }
}
