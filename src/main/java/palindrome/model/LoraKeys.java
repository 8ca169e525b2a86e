package palindrome.model;

/** Names of the tensors of a LoRA file. */
final class LoraKeys {

    private LoraKeys() {}

    /** Whether the name is that of a LoRA's matrix, in any naming. */
    static boolean isLora(final String name) {
        return name.contains(".lora_down.") || name.contains(".lora_A.") || name.contains(".lora.down.");
    }
}
