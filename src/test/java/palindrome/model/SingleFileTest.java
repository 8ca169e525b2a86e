package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.model.ArchitectureShapes.UNet;

/** Tests {@link SingleFile}, {@link LdmNames} and {@link OpenClipLayout}. */
class SingleFileTest {

    private static final Path REFERENCE = Path.of("src/test/resources/reference");

    @TempDir
    Path folder;

    @Test
    void wholeCheckpointsHaveTheTensorsOfTheirNetworks() throws IOException {
        final SingleFile sd1 = hollow("sd1", LdmShapes.sd1(4));
        assertEquals("Stable Diffusion 1.x", sd1.description());
        assertComponent(sd1, "unet", ArchitectureShapes.unet(UNet.sd1(4)));
        assertComponent(sd1, "vae", ArchitectureShapes.vae());
        assertComponent(sd1, "text_encoder", ArchitectureShapes.clipText(768, 12));
        final SingleFile inpainting = hollow("inpainting", LdmShapes.sd1(9));
        assertEquals(
                9, inpainting.config("unet", "config.json").get("in_channels").getAsInt());
        assertComponent(inpainting, "unet", ArchitectureShapes.unet(UNet.sd1(9)));
        final SingleFile sd2 = hollow("sd2", LdmShapes.sd2(4));
        assertEquals("Stable Diffusion 2.x", sd2.description());
        assertComponent(sd2, "unet", ArchitectureShapes.unet(UNet.sd2(4)));
        assertComponent(sd2, "text_encoder", ArchitectureShapes.clipText(1024, 23));
        final SingleFile xl = hollow("xl", LdmShapes.sdxl());
        assertEquals("Stable Diffusion XL base", xl.description());
        assertComponent(xl, "unet", ArchitectureShapes.unet(UNet.sdxl()));
        assertComponent(xl, "vae", ArchitectureShapes.vae());
        assertComponent(xl, "text_encoder", ArchitectureShapes.clipText(768, 12));
        assertComponent(xl, "text_encoder_2", ArchitectureShapes.clipTextWithProjection(1280, 32));
    }

    @Test
    void partsAloneAreRecognised() throws IOException {
        final SingleFile control = hollow("control", prefixed("control_model.", LdmShapes.controlNet(UNet.sd1(4))));
        assertEquals(List.of("controlnet"), control.components());
        assertComponent(control, "controlnet", ArchitectureShapes.controlNet(UNet.sd1(4)));
        final SingleFile control2 = hollow("control2", prefixed("control_model.", LdmShapes.controlNet(UNet.sd2(4))));
        assertComponent(control2, "controlnet", ArchitectureShapes.controlNet(UNet.sd2(4)));
        final SingleFile controlXl = hollow("controlXl", prefixed("control_model.", LdmShapes.controlNet(UNet.sdxl())));
        assertEquals("ControlNet of Stable Diffusion XL", controlXl.description());
        assertComponent(controlXl, "controlnet", ArchitectureShapes.controlNet(UNet.sdxl()));
        for (final String prefix : List.of("", "vae.", "first_stage_model.")) {
            final Map<String, long[]> shapes = prefixed(prefix, LdmShapes.vae());
            shapes.put(prefix + "loss.logvar", new long[0]);
            shapes.put(prefix + "model_ema.decay", new long[0]);
            assertComponent(hollow("vae" + prefix, shapes), "vae", ArchitectureShapes.vae());
        }
    }

    @Test
    void whatTheNetworkPredictsIsReadOrLeftOpen() throws IOException {
        assertEquals("epsilon", prediction(hollow("sd1", LdmShapes.sd1(4))));
        assertEquals("epsilon", prediction(hollow("sd2-inpainting", LdmShapes.sd2(9))));
        final SingleFile sd2 = hollow("sd2", LdmShapes.sd2(4));
        assertTrue(sd2.leavesPredictionTypeOpen());
        final Map<String, long[]> marked = LdmShapes.sdxl();
        assertEquals("epsilon", prediction(hollow("xl", marked)));
        marked.put("v_pred", new long[0]);
        assertEquals("v_prediction", prediction(hollow("xl-v", marked)));
        marked.put("ztsnr", new long[0]);
        final JsonObject scheduler = hollow("xl-vz", marked).config("scheduler", "scheduler_config.json");
        assertTrue(scheduler.get("rescale_betas_zero_snr").getAsBoolean());
        assertEquals(SchedulerConfig.fromJson(scheduler).timestepSpacing().name(), "TRAILING");
    }

    /** Pairs written down from published checkpoints of both layouts. */
    @ParameterizedTest
    @CsvSource({
        "time_embed.2.bias,                                             time_embedding.linear_2.bias",
        "input_blocks.0.0.weight,                                       conv_in.weight",
        "input_blocks.2.1.transformer_blocks.0.attn2.to_k.weight,       down_blocks.0.attentions.1.transformer_blocks.0.attn2.to_k.weight",
        "input_blocks.3.0.op.weight,                                    down_blocks.0.downsamplers.0.conv.weight",
        "input_blocks.4.0.skip_connection.weight,                       down_blocks.1.resnets.0.conv_shortcut.weight",
        "input_blocks.11.0.out_layers.3.bias,                           down_blocks.3.resnets.1.conv2.bias",
        "middle_block.1.proj_in.weight,                                 mid_block.attentions.0.proj_in.weight",
        "middle_block.2.emb_layers.1.weight,                            mid_block.resnets.1.time_emb_proj.weight",
        "output_blocks.2.1.conv.weight,                                 up_blocks.0.upsamplers.0.conv.weight",
        "output_blocks.5.2.conv.bias,                                   up_blocks.1.upsamplers.0.conv.bias",
        "output_blocks.11.1.norm.weight,                                up_blocks.3.attentions.2.norm.weight",
        "output_blocks.11.0.in_layers.0.weight,                         up_blocks.3.resnets.2.norm1.weight",
        "out.0.weight,                                                  conv_norm_out.weight",
        "out.2.bias,                                                    conv_out.bias"
    })
    void namesOfTheUNet(final String ldm, final String diffusers) throws IOException {
        assertPair(LdmNames.unet(hollow("sd1", LdmShapes.sd1(4)).config("unet", "")), ldm, diffusers);
    }

    @ParameterizedTest
    @CsvSource({
        "encoder.down.1.block.0.nin_shortcut.weight, encoder.down_blocks.1.resnets.0.conv_shortcut.weight",
        "encoder.down.2.downsample.conv.weight,      encoder.down_blocks.2.downsamplers.0.conv.weight",
        "decoder.up.3.upsample.conv.bias,            decoder.up_blocks.0.upsamplers.0.conv.bias",
        "decoder.up.0.block.2.norm2.weight,          decoder.up_blocks.3.resnets.2.norm2.weight",
        "decoder.mid.attn_1.proj_out.weight,         decoder.mid_block.attentions.0.to_out.0.weight",
        "encoder.norm_out.weight,                    encoder.conv_norm_out.weight",
        "post_quant_conv.bias,                       post_quant_conv.bias"
    })
    void namesOfTheAutoencoder(final String ldm, final String diffusers) throws IOException {
        assertPair(LdmNames.vae(hollow("sd1", LdmShapes.sd1(4)).config("vae", "")), ldm, diffusers);
    }

    @ParameterizedTest
    @CsvSource({
        "input_hint_block.0.weight,  controlnet_cond_embedding.conv_in.weight",
        "input_hint_block.12.weight, controlnet_cond_embedding.blocks.5.weight",
        "input_hint_block.14.bias,   controlnet_cond_embedding.conv_out.bias",
        "zero_convs.11.0.weight,     controlnet_down_blocks.11.weight",
        "middle_block_out.0.weight,  controlnet_mid_block.weight"
    })
    void namesOfTheControlNet(final String ldm, final String diffusers) throws IOException {
        final SingleFile file = hollow("control", prefixed("control_model.", LdmShapes.controlNet(UNet.sd1(4))));
        assertPair(LdmNames.controlNet(file.config("controlnet", "")), ldm, diffusers);
    }

    /** Both ways on real tensors: every value comes back under the name it had. */
    @ParameterizedTest
    @CsvSource({"unet_sd1", "unet_sd2", "unet_4level_odd"})
    void tensorsComeBackFromTheOtherLayoutBitForBit(final String fixture) throws IOException {
        final JsonObject config = StrictJson.read(REFERENCE.resolve(fixture + "/config.json"), 1 << 20);
        final Path original = REFERENCE.resolve(fixture + "/diffusion_pytorch_model.safetensors");
        assertThereAndBack(LdmNames.unet(config), original);
    }

    private void assertThereAndBack(final NameTable table, final Path original) throws IOException {
        final Path ldm = folder.resolve("ldm.safetensors");
        final SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile file = SafetensorsFile.open(original)) {
            for (final String name : file.names())
                writer.tensor(table.toLdm(name).orElseThrow(), file.floats(name), file.shape(name));
        }
        writer.write(ldm);
        try (SafetensorsFile file = SafetensorsFile.open(original);
                SafetensorsFile moved = SafetensorsFile.open(ldm)) {
            assertEquals(file.names().size(), moved.names().size());
            for (final String name : moved.names()) {
                final String back = table.toDiffusers(name).orElseThrow();
                assertArrayEquals(file.shape(back), moved.shape(name));
                assertArrayEquals(file.floats(back), moved.floats(name));
            }
        }
    }

    @Test
    void theJointProjectionIsCutAndTheTextProjectionTurned() throws IOException {
        final int width = 4;
        final Map<String, long[]> shapes = new LinkedHashMap<>();
        LdmShapes.openClip(width, 3).forEach((name, shape) -> {
            if (!name.equals("token_embedding.weight")) shapes.put(name, shape);
        });
        final Path file = folder.resolve("openclip.safetensors");
        new CheckpointGenerator(3, SafetensorsType.F16).write(file, shapes);
        try (StoredTensors tensors = StoredTensors.open(List.of(file))) {
            final Map<String, StoredTensor> translated = OpenClipLayout.translated(tensors.byName(), 2);
            assertFalse(translated.keySet().stream().anyMatch(name -> name.contains("layers.2.")));
            final float[] joint = tensors.byName()
                    .get("transformer.resblocks.1.attn.in_proj_weight")
                    .floats();
            final float[] bias = tensors.byName()
                    .get("transformer.resblocks.1.attn.in_proj_bias")
                    .floats();
            int part = 0;
            for (final String name : List.of("q_proj", "k_proj", "v_proj")) {
                final String at = "text_model.encoder.layers.1.self_attn." + name;
                final StoredTensor weight = translated.get(at + ".weight");
                assertArrayEquals(new long[] {width, width}, weight.shape());
                for (int i = 0; i < width * width; i++)
                    assertEquals(joint[part * width * width + i], weight.floats()[i]);
                for (int i = 0; i < width; i++)
                    assertEquals(
                            bias[part * width + i], translated.get(at + ".bias").floats()[i]);
                part++;
            }
            final float[] matrix = tensors.byName().get("text_projection").floats();
            final float[] turned = translated.get("text_projection.weight").floats();
            for (int r = 0; r < width; r++)
                for (int c = 0; c < width; c++) assertEquals(matrix[r * width + c], turned[c * width + r]);
        }
    }

    @Test
    void averagedWeightsAreTakenWhenAskedFor() throws IOException {
        final Map<String, long[]> shapes = LdmShapes.sd1(4);
        final Path none = folder.resolve("none.safetensors");
        new CheckpointGenerator(1, SafetensorsType.F16).writeHollow(none, shapes);
        assertRefused(
                "no averaged (EMA) weights", () -> SingleFile.open(none, "ema").tensors("unet"));
        for (final String name : List.copyOf(shapes.keySet()))
            if (name.startsWith("model.diffusion_model."))
                shapes.put("model_ema." + name.substring("model.".length()).replace(".", ""), shapes.get(name));
        final Path file = folder.resolve("ema.safetensors");
        new CheckpointGenerator(1, SafetensorsType.F16).writeHollow(file, shapes);
        assertComponent(SingleFile.open(file, ""), "unet", ArchitectureShapes.unet(UNet.sd1(4)));
        assertComponent(SingleFile.open(file, "ema"), "unet", ArchitectureShapes.unet(UNet.sd1(4)));
    }

    @Test
    void whatIsNoSuchCheckpointIsNamed() throws IOException {
        final long[] shape = {2, 2};
        refused("refiner", "conditioner.embedders.0.model.ln_final.weight", shape);
        refused("is a LoRA", "lora_unet_mid_block_attentions_0_proj_in.lora_down.weight", shape);
        refused("Flux or Stable Diffusion 3", "model.diffusion_model.joint_blocks.0.x", shape);
        refused("one component in diffusers' layout", "down_blocks.0.resnets.0.conv1.weight", shape);
        refused("none of their tensors is in it", "something.else", shape);
        final String text = "model.diffusion_model.input_blocks.2.1.transformer_blocks.0.attn2.to_k.weight";
        refused("text states of width 512", text, 320, 512);
        refused("checkpoint without its", text, 320, 768);
    }

    @Test
    void clipsTokensAreBundled() throws IOException {
        final TokenizerFiles files = ClipVocabulary.files("!");
        assertEquals(49_408, files.vocabulary().size());
        assertEquals(48_894, files.merges().size());
        assertEquals(0, files.id("!"));
        assertEquals(49_406, files.id("<|startoftext|>"));
        assertEquals(320, files.id("a</w>"));
        try (ClipTokenizer padded = ClipTokenizer.of(files);
                ClipTokenizer plain = ClipTokenizer.of(ClipVocabulary.files("<|endoftext|>"))) {
            assertEquals(77, plain.length());
            assertEquals(49_408, plain.vocabularySize());
            final long[] cat = plain.encode("a photo of a cat").ids();
            assertArrayEquals(
                    new long[] {49406, 320, 1125, 539, 320, 2368, 49407, 49407}, java.util.Arrays.copyOf(cat, 8));
            assertEquals(0, padded.encode("a photo of a cat").ids()[7]);
            assertArrayEquals(new long[] {320, 1125, 539, 320, 1929}, plain.tokens("A photo of a DOG"));
        }
    }

    private interface Opening {

        Object open() throws IOException;
    }

    private void refused(final String message, final String name, final long... shape) throws IOException {
        final Path file = folder.resolve("refused.safetensors");
        new CheckpointGenerator(1, SafetensorsType.F32).write(file, Map.of(name, shape));
        assertRefused(message, () -> SingleFile.open(file, ""));
        Files.delete(file);
    }

    private static void assertRefused(final String message, final Opening opening) {
        final ModelException exc = assertThrows(ModelException.class, opening::open);
        assertTrue(exc.getMessage().contains(message), exc.getMessage());
    }

    private static void assertPair(final NameTable table, final String ldm, final String diffusers) {
        assertEquals(diffusers, table.toDiffusers(ldm).orElse("nothing"));
        assertEquals(ldm, table.toLdm(diffusers).orElse("nothing"));
    }

    private static void assertComponent(
            final Checkpoint checkpoint, final String component, final Map<String, long[]> expected)
            throws IOException {
        try (StoredTensors tensors = checkpoint.tensors(component)) {
            final Map<String, Shape> actual = new HashMap<>();
            tensors.byName().forEach((name, tensor) -> {
                if (!name.endsWith("position_ids") && !name.equals("logit_scale"))
                    actual.put(name, new Shape(tensor.shape()));
            });
            if (!expected.containsKey("text_projection.weight")) actual.remove("text_projection.weight");
            assertEquals(ArchitectureShapesTest.shapes(expected), actual);
        }
    }

    private static String prediction(final SingleFile file) throws IOException {
        assertFalse(file.leavesPredictionTypeOpen());
        return file.config("scheduler", "scheduler_config.json")
                .get("prediction_type")
                .getAsString();
    }

    private static Map<String, long[]> prefixed(final String prefix, final Map<String, long[]> shapes) {
        final Map<String, long[]> prefixed = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> prefixed.put(prefix + name, shape));
        return prefixed;
    }

    private SingleFile hollow(final String name, final Map<String, long[]> shapes) throws IOException {
        final Path file = folder.resolve(name + ".safetensors");
        new CheckpointGenerator(1, SafetensorsType.F16).writeHollow(file, shapes);
        return SingleFile.open(file, "");
    }
}
