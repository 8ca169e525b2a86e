package palindrome.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import palindrome.model.ModelException;

/** What is needed of the usual repositories, and no more. */
class PipelineFilesTest {

    private static final String STABLE_DIFFUSION =
            """
            {"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.6.0", "requires_safety_checker": true,
             "feature_extractor": ["transformers", "CLIPImageProcessor"], "image_encoder": [null, null],
             "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
             "scheduler": ["diffusers", "PNDMScheduler"], "text_encoder": ["transformers", "CLIPTextModel"],
             "tokenizer": ["transformers", "CLIPTokenizer"], "unet": ["diffusers", "UNet2DConditionModel"],
             "vae": ["diffusers", "AutoencoderKL"]}""";

    /** As the best-known repository has them. */
    private static final List<String> FILES = List.of(
            ".gitattributes",
            "README.md",
            "v1-5-pruned.ckpt",
            "v1-5-pruned.safetensors",
            "feature_extractor/preprocessor_config.json",
            "model_index.json",
            "safety_checker/config.json",
            "safety_checker/model.safetensors",
            "safety_checker/pytorch_model.bin",
            "scheduler/scheduler_config.json",
            "text_encoder/config.json",
            "text_encoder/model.fp16.safetensors",
            "text_encoder/model.safetensors",
            "text_encoder/pytorch_model.bin",
            "tokenizer/merges.txt",
            "tokenizer/special_tokens_map.json",
            "tokenizer/tokenizer_config.json",
            "tokenizer/vocab.json",
            "unet/config.json",
            "unet/diffusion_pytorch_model.bin",
            "unet/diffusion_pytorch_model.fp16.safetensors",
            "unet/diffusion_pytorch_model.non_ema.safetensors",
            "unet/diffusion_pytorch_model.safetensors",
            "vae/config.json",
            "vae/diffusion_pytorch_model.fp16.safetensors",
            "vae/diffusion_pytorch_model.safetensors");

    private static List<String> choose(final List<String> files, final String variant) throws ModelException {
        return PipelineFiles.choose(
                        "a/b", JsonParser.parseString(STABLE_DIFFUSION).getAsJsonObject(), files, variant)
                .files();
    }

    private static List<String> without(final String... names) {
        final List<String> files = new ArrayList<>(FILES);
        assertTrue(files.removeAll(List.of(names)));
        return files;
    }

    private static List<String> with(final List<String> files, final String... names) {
        final List<String> all = new ArrayList<>(files);
        all.addAll(List.of(names));
        return all;
    }

    private static String failure(final List<String> files, final String variant) {
        return assertThrows(ModelException.class, () -> choose(files, variant)).getMessage();
    }

    @Test
    void plainWeights() throws ModelException {
        assertEquals(
                List.of(
                        "model_index.json",
                        "scheduler/scheduler_config.json",
                        "text_encoder/config.json",
                        "text_encoder/model.safetensors",
                        "tokenizer/merges.txt",
                        "tokenizer/special_tokens_map.json",
                        "tokenizer/tokenizer_config.json",
                        "tokenizer/vocab.json",
                        "unet/config.json",
                        "unet/diffusion_pytorch_model.safetensors",
                        "vae/config.json",
                        "vae/diffusion_pytorch_model.safetensors"),
                choose(FILES, "").stream().sorted().toList());
    }

    @Test
    void variantsWhereThereAreSome() throws ModelException {
        final List<String> half = choose(FILES, "fp16");
        assertTrue(half.contains("unet/diffusion_pytorch_model.fp16.safetensors"));
        assertTrue(half.contains("text_encoder/model.fp16.safetensors"));
        assertTrue(half.stream().noneMatch(file -> file.endsWith("model.safetensors")), half.toString());
        final List<String> mixed = choose(FILES, "non_ema");
        assertTrue(mixed.contains("unet/diffusion_pytorch_model.non_ema.safetensors"));
        assertTrue(mixed.contains("vae/diffusion_pytorch_model.safetensors"), "which has no such variant");
        // a component that has but one variant is taken as it is
        assertTrue(choose(without("vae/diffusion_pytorch_model.safetensors"), "")
                .contains("vae/diffusion_pytorch_model.fp16.safetensors"));
        assertEquals(
                "The unet of a/b comes only in the variants fp16, non_ema: choose one with variant=.",
                failure(without("unet/diffusion_pytorch_model.safetensors"), ""));
    }

    @Test
    void shardsComeTogetherOrNotAtAll() throws ModelException {
        final List<String> single = without(
                "unet/diffusion_pytorch_model.safetensors",
                "unet/diffusion_pytorch_model.fp16.safetensors",
                "unet/diffusion_pytorch_model.non_ema.safetensors");
        final String index = "unet/diffusion_pytorch_model.safetensors.index.json";
        final String one = "unet/diffusion_pytorch_model-00001-of-00002.safetensors";
        final String two = "unet/diffusion_pytorch_model-00002-of-00002.safetensors";
        assertTrue(choose(with(single, index, one, two), "").containsAll(List.of(index, one, two)));
        for (final List<String> broken : List.of(with(single, index, one), with(single, one, two), with(single, index)))
            assertTrue(failure(broken, "").startsWith("The unet of a/b comes only as a pickle"), broken.toString());
        final List<String> half = List.of(
                "unet/diffusion_pytorch_model.fp16-00001-of-00001.safetensors",
                "unet/diffusion_pytorch_model.safetensors.index.fp16.json");
        final List<String> both = with(with(single, index, one, two), half.toArray(new String[0]));
        assertTrue(choose(both, "fp16").containsAll(half));
        assertTrue(choose(both, "fp16").stream().noneMatch(file -> file.equals(index) || file.equals(one)));
        assertTrue(choose(both, "").containsAll(List.of(index, one, two)));
        assertTrue(choose(both, "").stream().noneMatch(half::contains));
    }

    @Test
    void whatIsMissingIsNamed() {
        assertEquals(
                "a/b is incomplete: model_index.json lists tokenizer, but there is no configuration in it.",
                failure(
                        without(
                                "tokenizer/merges.txt",
                                "tokenizer/special_tokens_map.json",
                                "tokenizer/tokenizer_config.json",
                                "tokenizer/vocab.json"),
                        ""));
        assertEquals(
                "a/b is incomplete: the vae has no diffusion_pytorch_model.safetensors.",
                failure(
                        without(
                                "vae/diffusion_pytorch_model.safetensors",
                                "vae/diffusion_pytorch_model.fp16.safetensors"),
                        ""));
    }

    /** Twenty gigabytes that could not be used are not downloaded. */
    @Test
    void kindsThatDoNotRunHereAreRefused() {
        final String flux =
                "{\"_class_name\": \"FluxPipeline\", \"transformer\": [\"diffusers\", \"FluxTransformer2DModel\"]}";
        assertEquals(
                "a/b has no unet: its kind (FluxPipeline) is not one that Palindrome runs.",
                assertThrows(
                                ModelException.class,
                                () -> PipelineFiles.choose(
                                        "a/b",
                                        JsonParser.parseString(flux).getAsJsonObject(),
                                        List.of(
                                                "transformer/config.json",
                                                "transformer/diffusion_pytorch_model.safetensors"),
                                        ""))
                        .getMessage());
    }
}
