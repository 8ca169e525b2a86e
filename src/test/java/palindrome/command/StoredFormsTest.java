package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.model.SafetensorsType;
import palindrome.model.StoredForms;
import palindrome.model.TinyModel;

/** Folders whose weights are the same numbers in the forms that published models have: the same bits through a command. */
class StoredFormsTest {

    private static final List<String> COMPONENTS = List.of("unet", "vae", "text_encoder");

    @TempDir
    private Path temp;

    private Path folder;

    @BeforeEach
    void write() throws IOException {
        folder = TinyModel.writeLatent(temp.resolve("model"));
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void sixteenBits(final SafetensorsType type) throws IOException {
        final int[] before = generated("");
        for (final String component : COMPONENTS)
            StoredForms.of(folder.resolve(component)).cutTo(type);
        final int[] cut = generated("");
        assertFalse(Arrays.equals(before, cut), "all weights had sixteen bits already");
        for (final String component : COMPONENTS)
            StoredForms.of(folder.resolve(component)).narrowTo(type, "");
        assertArrayEquals(cut, generated(""));
    }

    @Test
    void shards() throws IOException {
        final int[] whole = generated("");
        for (final String component : COMPONENTS)
            StoredForms.of(folder.resolve(component)).shard(3);
        assertArrayEquals(whole, generated(""));
    }

    /** A component without the variant gives its plain weights. */
    @Test
    void variants() throws IOException {
        final int[] plain = generated("");
        StoredForms.of(folder.resolve("unet")).narrowTo(SafetensorsType.BF16, "fp16");
        assertArrayEquals(plain, generated(""));
        final int[] variant = generated("#fp16");
        assertFalse(Arrays.equals(plain, variant), "the variant is not taken");
        Files.delete(folder.resolve("unet/diffusion_pytorch_model.safetensors"));
        assertArrayEquals(variant, generated(""), "the only variant is not taken");
    }

    @Test
    void attentionNamedAsIn2022() throws IOException {
        final int[] today = generated("");
        StoredForms.of(folder.resolve("vae")).nameAttentionAsIn2022();
        assertArrayEquals(today, generated(""));
    }

    private int[] generated(final String variant) {
        return TestImage.bits(CommandHarness.generate()
                .with("model", folder + variant)
                .with("steps", 2)
                .with("width", 32)
                .with("height", 24)
                .with("prompt", "a cat")
                .image());
    }
}
