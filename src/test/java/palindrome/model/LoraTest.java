package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** Tests {@link LoraCheckpoint} and what it is made of. */
class LoraTest {

    private static final String UNET_QUERY = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q";
    private static final String UNET_OUT = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_out.0";
    private static final String TEXT_QUERY = "text_model.encoder.layers.0.self_attn.q_proj";
    private static final int RANK = 3;

    @TempDir
    Path temp;

    private Path model;

    @BeforeEach
    void write() throws IOException {
        model = TinyModel.write(Files.createDirectory(temp.resolve("tiny")));
    }

    @ParameterizedTest
    @CsvSource({
        "unet.Q.lora_A.weight,                        unet.Q.lora_B.weight,                  ",
        "unet.Q.lora_A.default.weight,                unet.Q.lora_B.default.weight,          ",
        "base_model.model.unet.Q.lora_A.weight,       base_model.model.unet.Q.lora_B.weight, ",
        "unet.Q.lora.down.weight,                     unet.Q.lora.up.weight,                 ",
        "P.processor.to_q_lora.down.weight,           P.processor.to_q_lora.up.weight,       ",
        "lora_unet_F.lora_down.weight,                lora_unet_F.lora_up.weight,            lora_unet_F.alpha",
        "lora_unet_L.lora_down.weight,                lora_unet_L.lora_up.weight,            lora_unet_L.alpha",
        "unet.Q.lora_A.weight,                        unet.Q.lora_B.weight,                  unet.Q.alpha",
    })
    void everyNamingChangesTheSameWeight(final String down, final String up, final String alpha) throws IOException {
        final SafetensorsWriter writer = new SafetensorsWriter();
        final float[] a = drawn(1, RANK * 16);
        final float[] b = drawn(2, 16 * RANK);
        writer.tensor(name(down), a, RANK, 16).tensor(name(up), b, 16, RANK);
        if (alpha != null) writer.tensor(name(alpha), new float[] {1.5f});
        writer.write(temp.resolve("x.safetensors"));
        final double factor = 0.8 * (alpha == null ? 1 : 1.5 / RANK);
        assertArrayEquals(
                expected("unet", UNET_QUERY, a, b, factor), changed("unet", UNET_QUERY, "x.safetensors", 0.8), 1e-6f);
        assertArrayEquals(plain("unet", UNET_QUERY), changed("unet", UNET_QUERY, "x.safetensors", 0), 0f);
        assertArrayEquals(plain("unet", UNET_OUT), changed("unet", UNET_OUT, "x.safetensors", 0.8), 0f);
    }

    private static String name(final String pattern) {
        return pattern.replace("Q", UNET_QUERY)
                .replace("P", "unet." + UNET_QUERY.replace(".to_q", ""))
                .replace("F", UNET_QUERY.replace('.', '_'))
                // The same module in the layout of the training code: the second level's only resnet.
                .replace("L", "input_blocks_3_1_transformer_blocks_0_attn1_to_q");
    }

    @Test
    void theTextEncoderAndConvolutionsAreChangedToo() throws IOException {
        final float[] a = drawn(3, RANK * 32);
        final float[] b = drawn(4, 32 * RANK);
        final float[] wide = drawn(5, RANK * 8 * 9);
        final float[] narrow = drawn(6, 8 * RANK);
        final float[] pointA = drawn(7, RANK * 8);
        final float[] pointB = drawn(8, 16 * RANK);
        new SafetensorsWriter()
                .tensor("lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight", a, RANK, 32)
                .tensor("lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_up.weight", b, 32, RANK)
                .tensor("lora_unet_down_blocks_0_resnets_0_conv2.lora_down.weight", wide, RANK, 8, 3, 3)
                .tensor("lora_unet_down_blocks_0_resnets_0_conv2.lora_up.weight", narrow, 8, RANK, 1, 1)
                .tensor("lora_unet_down_blocks_1_resnets_0_conv_shortcut.lora_down.weight", pointA, RANK, 8, 1, 1)
                .tensor("lora_unet_down_blocks_1_resnets_0_conv_shortcut.lora_up.weight", pointB, 16, RANK, 1, 1)
                .write(temp.resolve("k.safetensors"));
        final String file = "k.safetensors";
        assertArrayEquals(
                expected("text_encoder", TEXT_QUERY, a, b, 2), changed("text_encoder", TEXT_QUERY, file, 2), 1e-5f);
        final String conv = "down_blocks.0.resnets.0.conv2";
        assertArrayEquals(expected("unet", conv, wide, narrow, 1), changed("unet", conv, file, 1), 1e-5f);
        final String shortcut = "down_blocks.1.resnets.0.conv_shortcut";
        assertArrayEquals(expected("unet", shortcut, pointA, pointB, 1), changed("unet", shortcut, file, 1), 1e-5f);
    }

    @Test
    void theSettingsOfPeftGiveAlpha() throws IOException {
        final float[] a = drawn(1, RANK * 16);
        final float[] b = drawn(2, 16 * RANK);
        final SafetensorsWriter writer = new SafetensorsWriter()
                .tensor("unet." + UNET_QUERY + ".lora_A.weight", a, RANK, 16)
                .tensor("unet." + UNET_QUERY + ".lora_B.weight", b, 16, RANK);
        final Path file = temp.resolve("p.safetensors");
        writer.metadata("lora_adapter_metadata", "{\"unet.lora_alpha\": 6, \"unet.r\": 3, \"unet.use_dora\": false}")
                .write(file);
        assertArrayEquals(
                expected("unet", UNET_QUERY, a, b, 2), changed("unet", UNET_QUERY, "p.safetensors", 1), 1e-6f);
        writer.metadata("lora_adapter_metadata", "{\"unet.use_dora\": true}").write(file);
        assertRefused("use_dora", file);
    }

    /** Through the whole model: it computes what a model of the changed weights computes, and its hash tells. */
    @Test
    void aModelWithALoraIsTheModelOfTheChangedWeights() throws IOException {
        final float[] a = drawn(1, RANK * 16);
        final float[] b = drawn(2, 16 * RANK);
        final Path file = temp.resolve("m.safetensors");
        new SafetensorsWriter()
                .tensor("unet." + UNET_QUERY + ".lora_A.weight", a, RANK, 16)
                .tensor("unet." + UNET_QUERY + ".lora_B.weight", b, 16, RANK)
                .write(file);
        final String choice = new ModelChoice(
                        model.toString(), Optional.empty(), List.of(new LoraChoice(file, 0.5)), Optional.empty())
                .toString();
        assertEquals(model + " | lora=" + file + ":0.5", choice);
        final float[] before = output(model.toString());
        final float[] with = output(choice);
        final String plainHash = hash(model.toString());
        assertNotEquals(plainHash, hash(choice));
        assertNotEquals(hash(choice), hash(choice.replace(":0.5", ":0.6")));
        final Path weights = model.resolve("unet/diffusion_pytorch_model.safetensors");
        final SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile old = SafetensorsFile.open(weights)) {
            for (final String name : old.names())
                writer.tensor(
                        name,
                        name.equals(UNET_QUERY + ".weight")
                                ? expected("unet", UNET_QUERY, a, b, 0.5)
                                : old.floats(name),
                        old.shape(name));
        }
        writer.write(weights);
        assertFalse(java.util.Arrays.equals(before, with));
        assertArrayEquals(output(model.toString()), with, 1e-5f);
    }

    @Test
    void whatDoesNotFitIsNamed() throws IOException {
        final Path file = temp.resolve("bad.safetensors");
        pair("unet.down_blocks.9.to_q", 16, 16).write(file);
        assertRefused("the model lacks 1 (unet.down_blocks.9.to_q)", file);
        pair("unet." + UNET_QUERY, 24, 16).write(file);
        assertRefused("its change of unet." + UNET_QUERY + " is 24 x 16, but the weight is [16, 16]", file);
        new SafetensorsWriter()
                .tensor("unet." + UNET_QUERY + ".lora_A.weight", new float[16], 1, 16)
                .write(file);
        assertRefused("the up matrix is missing", file);
        pair("unet." + UNET_QUERY, 16, 16)
                .tensor("unet." + UNET_QUERY + ".dora_scale", new float[16], 16)
                .write(file);
        assertRefused("dora_scale', which is no part of a LoRA", file);
        pair("unet." + UNET_QUERY, 16, 16)
                .tensor("unet." + UNET_QUERY + ".alpha", new float[] {Float.NaN})
                .write(file);
        assertRefused("alpha of unet." + UNET_QUERY + " is NaN", file);
        new SafetensorsWriter().write(file);
        assertRefused("is no LoRA", file);
        assertRefused("is missing", temp.resolve("none.safetensors"));
        assertRefused("is a pickle", Files.writeString(temp.resolve("lora.pt"), "x"));
    }

    @Test
    void loraChoicesAreReadAsWritten() {
        assertEquals(List.of(), LoraChoice.parseAll(" "));
        assertEquals(
                List.of(new LoraChoice(Path.of("a.safetensors"), 1), new LoraChoice(Path.of("b c.safetensors"), -0.5)),
                LoraChoice.parseAll("a.safetensors; b c.safetensors:-.5"));
        assertEquals(List.of(new LoraChoice(Path.of("C:/x.safetensors"), 1)), LoraChoice.parseAll("C:/x.safetensors"));
    }

    private static SafetensorsWriter pair(final String module, final int out, final int in) {
        return new SafetensorsWriter()
                .tensor(module + ".lora_A.weight", new float[RANK * in], RANK, in)
                .tensor(module + ".lora_B.weight", new float[out * RANK], out, RANK);
    }

    private void assertRefused(final String message, final Path file) {
        final String choice = model + " | lora=" + file;
        final ModelException exc = assertThrows(ModelException.class, () -> ModelCatalog.open(choice, Device.cpu())
                .close());
        assertTrue(exc.getMessage().contains(message), exc.getMessage());
    }

    /** W + factor · up · down, in double precision. */
    private float[] expected(
            final String component, final String module, final float[] down, final float[] up, final double factor)
            throws IOException {
        final float[] weight = plain(component, module);
        final int columns = down.length / RANK;
        final float[] sum = new float[weight.length];
        for (int i = 0; i < sum.length; i++) {
            double product = 0;
            for (int r = 0; r < RANK; r++)
                product += (double) up[i / columns * RANK + r] * down[r * columns + i % columns];
            sum[i] = (float) (weight[i] + factor * product);
        }
        return sum;
    }

    private float[] plain(final String component, final String module) throws IOException {
        return values(DiffusersFolder.open(model), component, module);
    }

    private float[] changed(final String component, final String module, final String file, final double scale)
            throws IOException {
        return values(
                LoraCheckpoint.of(DiffusersFolder.open(model), new LoraChoice(temp.resolve(file), scale)),
                component,
                module);
    }

    private static float[] values(final Checkpoint checkpoint, final String component, final String module)
            throws IOException {
        try (StoredTensors tensors = checkpoint.tensors(component);
                NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final StoredTensor tensor = tensors.byName().get(module + ".weight");
            final int before = manager.getManagedArrays().size();
            final float[] values = tensor.read(manager).toFloatArray();
            assertEquals(before + 1, manager.getManagedArrays().size());
            return values;
        }
    }

    private static float[] output(final String choice) throws IOException {
        try (DiffusionModel opened = ModelCatalog.open(choice, Device.cpu());
                NDManager scope = opened.manager().newSubManager()) {
            final NDArray sample = Tensors.of(scope, drawn(9, 12 * 8 * 8), 1, 12, 8, 8);
            return opened.network()
                    .forward(
                            sample,
                            Tensors.of(scope, new float[] {500}, 1),
                            opened.towards("a cat", new ImageSize(16, 16), scope))
                    .toFloatArray();
        }
    }

    private static String hash(final String choice) throws IOException {
        try (DiffusionModel opened = ModelCatalog.open(choice, Device.cpu())) {
            return opened.sha256();
        }
    }

    private static float[] drawn(final long seed, final int count) {
        final Random random = new Random(seed);
        final float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
