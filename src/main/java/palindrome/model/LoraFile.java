package palindrome.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A LoRA's tensors, gathered module by module.
 * <p>
 * Two namings are read. diffusers and PEFT write a module's own path,
 * {@code unet.down_blocks.0...to_q.lora_A.weight} and {@code lora_B}, in earlier
 * versions {@code lora.down} and {@code lora.up}, {@code to_q_lora.down} or
 * {@code lora_linear_layer.down}. kohya's scripts write it with underscores,
 * {@code lora_unet_down_blocks_0_..._to_q.lora_down.weight} and {@code lora_up},
 * with {@code alpha} beside them.
 */
final class LoraFile implements AutoCloseable {

    /** One side of a low-rank product, or its alpha. */
    private enum Part {
        DOWN,
        UP,
        ALPHA
    }

    /**
     * The change of one module: scale · (alpha / rank) · up · down.
     *
     * @param down [rank, in] or [rank, in, k, k]
     * @param up [out, rank] or [out, rank, 1, 1]
     * @param alpha numerator of the scale; the rank where the file has none
     */
    record Change(StoredTensor down, StoredTensor up, double alpha) {

        long rank() {
            return down.shape()[0];
        }
    }

    private static final Pattern MATRIX =
            Pattern.compile("(.+?)(?:\\.lora_A|\\.lora_down|\\.lora\\.down|_lora\\.down|\\.lora_linear_layer\\.down"
                    + "|(?<up>\\.lora_B|\\.lora_up|\\.lora\\.up|_lora\\.up|\\.lora_linear_layer\\.up))"
                    + "(?:\\.default)?\\.weight");
    private static final Pattern ALPHA = Pattern.compile("(.+?)(?:\\.lora_A|\\.lora)?\\.alpha");
    private static final String METADATA = "lora_adapter_metadata";

    private final Path path;
    private final StoredTensors tensors;
    private final Map<String, Change> changes;

    private LoraFile(final Path path, final StoredTensors tensors, final Map<String, Change> changes) {
        this.path = path;
        this.tensors = tensors;
        this.changes = changes;
    }

    /**
     * @param path a safetensors file
     * @return the LoRA; close it when the model is built
     * @throws ModelException if it is damaged, no LoRA, or of a kind that is not
     *           supported
     * @throws IOException if it cannot be read
     */
    static LoraFile open(final Path path) throws IOException {
        final Map<String, String> metadata;
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            metadata = file.metadata();
        }
        final StoredTensors tensors = StoredTensors.open(List.of(path));
        try {
            return new LoraFile(path, tensors, changes(path, tensors.byName(), metadata));
        } catch (final IOException | RuntimeException exc) {
            tensors.close();
            throw exc;
        }
    }

    /** Whether the name is that of a LoRA's matrix, in any naming. */
    static boolean isPart(final String name) {
        return MATRIX.matcher(name).matches();
    }

    /** @return the name of a module as the file has it, to its change */
    Map<String, Change> changes() {
        return changes;
    }

    /** @return the open tensors */
    StoredTensors tensors() {
        return tensors;
    }

    @Override
    public void close() throws IOException {
        tensors.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private static Map<String, Change> changes(
            final Path path, final Map<String, StoredTensor> tensors, final Map<String, String> metadata)
            throws IOException {
        final Map<String, Map<Part, StoredTensor>> modules = new LinkedHashMap<>();
        for (final Map.Entry<String, StoredTensor> one : tensors.entrySet()) {
            final Matcher matrix = MATRIX.matcher(one.getKey());
            final Matcher alpha = ALPHA.matcher(one.getKey());
            final Part part;
            final String module;
            if (matrix.matches()) {
                part = matrix.group("up") == null ? Part.DOWN : Part.UP;
                module = matrix.group(1);
            } else if (alpha.matches()) {
                part = Part.ALPHA;
                module = alpha.group(1);
            } else
                throw new ModelException(
                        path + " has the tensor '" + one.getKey() + "', which is no part of a LoRA that is"
                                + " supported. Supported are the plain LoRAs of diffusers, PEFT and kohya.");
            if (modules.computeIfAbsent(module, name -> new LinkedHashMap<>()).put(part, one.getValue()) != null)
                throw new ModelException(path + " changes " + module + " twice.");
        }
        if (modules.isEmpty()) throw new ModelException(path + " is no LoRA: it has no tensors.");
        final Map<String, Change> changes = new LinkedHashMap<>();
        for (final Map.Entry<String, Map<Part, StoredTensor>> one : modules.entrySet())
            changes.put(one.getKey(), change(path, one.getKey(), one.getValue(), metadata));
        return changes;
    }

    private static Change change(
            final Path path,
            final String module,
            final Map<Part, StoredTensor> parts,
            final Map<String, String> metadata)
            throws IOException {
        final StoredTensor down = parts.get(Part.DOWN);
        final StoredTensor up = parts.get(Part.UP);
        if (down == null || up == null)
            throw new ModelException(path + " is damaged: of the change of " + module + ", the "
                    + (down == null ? "down" : "up") + " matrix is missing.");
        for (final StoredTensor matrix : List.of(down, up))
            if (!matrix.type().isFloat() || matrix.shape().length < 2)
                throw new ModelException(path + " is damaged: the change of " + module + " is no product of matrices.");
        final long rank = down.shape()[0];
        if (rank == 0 || up.shape()[1] != rank || up.size() != up.shape()[0] * rank)
            throw new ModelException(path + " is damaged: the matrices of the change of " + module
                    + " do not fit together, " + Arrays.toString(up.shape()) + " and "
                    + Arrays.toString(down.shape()) + ".");
        return new Change(
                down, up, alpha(path, module, parts.get(Part.ALPHA), metadata).orElse((double) rank));
    }

    private static Optional<Double> alpha(
            final Path path, final String module, final StoredTensor tensor, final Map<String, String> metadata)
            throws IOException {
        if (tensor == null) return statedAlpha(path, module, metadata);
        if (tensor.size() != 1 || !tensor.type().isFloat())
            throw new ModelException(path + " is damaged: the alpha of " + module + " is not one number.");
        final double alpha = tensor.floats()[0];
        if (!Double.isFinite(alpha))
            throw new ModelException(path + " is damaged: the alpha of " + module + " is " + alpha + ".");
        return Optional.of(alpha);
    }

    /** diffusers keeps PEFT's settings, one component after the other, as JSON in the file's metadata. */
    private static Optional<Double> statedAlpha(
            final Path path, final String module, final Map<String, String> metadata) throws ModelException {
        final String text = metadata.get(METADATA);
        if (text == null) return Optional.empty();
        final JsonObject settings = StrictJson.parse(
                "The LoRA settings of " + path, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        final int dot = module.indexOf('.');
        final String component = dot < 0 ? module : module.substring(0, dot);
        for (final String unsupported : List.of("alpha_pattern", "use_dora", "use_rslora")) {
            final JsonElement value = settings.get(component + "." + unsupported);
            final boolean off = value == null
                    || value.isJsonNull()
                    || value.isJsonObject() && value.getAsJsonObject().isEmpty()
                    || value.isJsonPrimitive() && value.getAsString().equals("false");
            if (!off)
                throw new ModelException(path + " was trained with " + unsupported + " = " + value
                        + ", which is not supported. Use a plain LoRA.");
        }
        final JsonElement alpha = settings.get(component + ".lora_alpha");
        if (alpha == null
                || !alpha.isJsonPrimitive()
                || !alpha.getAsJsonPrimitive().isNumber()) return Optional.empty();
        return Optional.of(alpha.getAsDouble());
    }
}
