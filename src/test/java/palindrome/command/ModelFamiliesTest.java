package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.model.TinyFamilies;

/** Models of every family through the commands: the way there and back, edits, new images, and what they refuse. */
class ModelFamiliesTest {

    /** A family, how to make one, and prompts it understands. */
    enum Family {
        UNCONDITIONAL("", "") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.unconditional(folder);
            }
        },
        AT_ROOT("", "") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.unconditionalAtRoot(folder);
            }
        },
        OF_CLASSES("3", "truck") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.ofClasses(folder);
            }
        },
        LATENT("", "") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.latent(folder);
            }
        },
        XL("a cat", "a dog") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.xl(folder);
            }
        },
        LATENT_XL("a cat", "a dog") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.latentXl(folder);
            }
        },
        LATENT_INPAINTING("a cat", "a dog") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.latentInpainting(folder);
            }
        },
        INPAINTING("a cat", "a dog") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.withUnet(folder, Map.of("in_channels", 25));
            }
        },
        DISTILLED("a cat", "a dog") {
            @Override
            Path write(final Path folder) throws IOException {
                return TinyFamilies.withUnet(folder, Map.of("time_cond_proj_dim", 16));
            }
        };

        final String source;
        final String target;

        Family(final String source, final String target) {
            this.source = source;
            this.target = target;
        }

        abstract Path write(Path folder) throws IOException;

        boolean hearsPrompts() {
            return !source.isEmpty();
        }

        boolean isLatent() {
            return name().startsWith("LATENT");
        }
    }

    @TempDir
    private Path temp;

    private final ImagePlus image = TestImage.RGB.make(17, 11);

    @ParameterizedTest
    @EnumSource
    void theWayBackReturnsEveryBit(final Family family) throws IOException {
        final String model = family.write(temp).toString();
        final ImagePlus latent = CommandHarness.invert(image)
                .with("model", model)
                .with("steps", 5)
                .with("prompt", family.source)
                .image();
        CommandHarness.assertSamePixels(
                image, CommandHarness.reconstruct(latent).image());
    }

    @ParameterizedTest
    @EnumSource
    void anEditFollowsItsPromptsAndTheSamePromptChangesNothing(final Family family) throws IOException {
        final String model = family.write(temp).toString();
        final ImagePlus same = edit(model, family.source, family.source).image();
        // An autoencoder's loss is kept and given back where nothing was edited.
        if (!family.isLatent()) CommandHarness.assertSamePixels(image, same);
        if (!family.hearsPrompts()) return;
        final int[] edited =
                TestImage.bits(edit(model, family.source, family.target).image());
        assertFalse(Arrays.equals(TestImage.bits(same), edited), "another prompt changes nothing");
    }

    private CommandHarness edit(final String model, final String source, final String target) {
        return CommandHarness.edit(image)
                .with("model", model)
                .with("steps", 4)
                .with("strength", 1.0)
                .with("guidance", 1.0)
                .with("source", source)
                .with("target", target);
    }

    @ParameterizedTest
    @EnumSource
    void newImagesFollowSeedAndPrompt(final Family family) throws IOException {
        final String model = family.write(temp).toString();
        final int[] first = generated(model, 1, family.source, 1);
        assertTrue(Arrays.equals(first, generated(model, 1, family.source, 1)));
        assertFalse(Arrays.equals(first, generated(model, 2, family.source, 1)));
        if (family.hearsPrompts()) assertFalse(Arrays.equals(first, generated(model, 1, family.target, 1)));
        if (family.hearsPrompts() && family != Family.OF_CLASSES)
            assertFalse(Arrays.equals(first, generated(model, 1, family.source, 3)), "guidance changes nothing");
    }

    private static int[] generated(final String model, final long seed, final String prompt, final double guidance) {
        return TestImage.bits(CommandHarness.generate()
                .with("model", model)
                .with("steps", 3)
                .with("width", 16)
                .with("height", 24)
                .with("seed", seed)
                .with("guidance", guidance)
                .with("prompt", prompt)
                .image());
    }

    @Test
    void anUnconditionalModelRefusesGuidanceAndPrompts() throws IOException {
        final String model = TinyFamilies.unconditional(temp).toString();
        final String nothing = "is unconditional, so there is nothing to guide it; use guidance=1 and no prompts.";
        generate(model).image();
        assertRefused("Guidance is 3.0, but the model '", generate(model).with("guidance", 3.0));
        assertRefused(nothing, generate(model).with("guidance", 3.0));
        assertRefused(nothing, generate(model).with("guidance", 3.0).with("prompt", "a cat"));
        assertRefused(nothing, invert(model).with("guidance", 0.0));
        assertRefused(
                nothing,
                CommandHarness.edit(image).with("model", model).with("steps", 4).with("guidance", 3.0));
        assertRefused("The prompt is 'a cat', but the model '", invert(model).with("prompt", "a cat"));
        assertRefused("Leave the prompts empty", edit(model, "", "a cat"));
        assertRefused(
                "Null-text searches the states of a text encoder",
                invert(model).with("sampler", "Null-text").with("guidance", 3.0));
    }

    @Test
    void aModelOfClassesNeedsOne() throws IOException {
        final String model = TinyFamilies.ofClasses(temp).toString();
        final String choices = "a number from 0 to 9, or a name: airplane, aeroplane, automobile, truck";
        assertRefused("makes images of a class, so its prompt must say which: use " + choices + ".", invert(model));
        assertRefused("'a cat' is no class of the model '", invert(model).with("prompt", "a cat"));
        assertRefused("use " + choices + ".", invert(model).with("prompt", "10"));
        assertRefused("is no class", invert(model).with("prompt", "-1"));
        assertRefused(
                "Guidance other than 1 leads away from a negative prompt",
                generate(model).with("prompt", "truck").with("guidance", 3.0));
        generate(model)
                .with("prompt", "Truck")
                .with("guidance", 3.0)
                .with("negative", "0")
                .image();
        generate(model).with("prompt", "Truck").image();
    }

    private CommandHarness invert(final String model) {
        return CommandHarness.invert(image).with("model", model).with("steps", 4);
    }

    private static CommandHarness generate(final String model) {
        return CommandHarness.generate()
                .with("model", model)
                .with("steps", 3)
                .with("width", 16)
                .with("height", 16);
    }

    private static void assertRefused(final String part, final CommandHarness command) {
        final String message = command.failure();
        assertTrue(message.contains(part), message);
    }
}
