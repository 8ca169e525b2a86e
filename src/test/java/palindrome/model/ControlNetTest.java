package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.engine.Placement;
import palindrome.engine.Precision;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;
import palindrome.network.Conditioning;
import palindrome.network.ControlNetModel;
import palindrome.network.ReferenceTensors;

/** Tests {@link ControlNet} and how {@link ModelPool} lends it. */
class ControlNetTest {

    private static final Path REFERENCE = Path.of("src/test/resources/reference/controlnet");
    private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
    private static final Placement CPU = Placement.on(Device.cpu());

    @TempDir
    Path temp;

    private NDManager manager;
    private ModelPool pool;
    private Lease<DiffusionModel> model;

    @BeforeEach
    void open() throws IOException {
        manager = TorchEngine.start().newManager(Device.cpu());
        pool = new ModelPool(
                (choice, placement) ->
                        ModelCatalog.open(choice, placement, RememberedPredictions.in(temp.resolve("settings"))),
                Duration.ofHours(1));
        model = pool.lease(TinyModel.writeControllable(temp.resolve("model")).toString(), CPU);
    }

    @AfterEach
    void close() {
        model.close();
        pool.close();
        manager.close();
    }

    @Test
    void aFolderIsLentUnderTheRulesOfModels() throws IOException {
        final String folder = copy("control").toString();
        final ControlNet first;
        try (Lease<ControlNet> lease = pool.leaseControlNet(folder, model.get());
                Lease<ControlNet> other = pool.leaseControlNet(folder + "/../control", model.get())) {
            first = lease.get();
            assertSame(first, other.get());
            assertEquals(folder, first.choice());
            assertEquals(64, first.sha256().length());
            assertEquals(List.of(folder, temp.resolve("model").toString()), pool.open());
            pool.releaseAll();
            assertFits(first);
        }
        assertFalse(first.manager().isOpen(), "released, so closed with its last lease");
        try (Lease<ControlNet> again = pool.leaseControlNet(folder, model.get())) {
            assertNotSame(first, again.get());
            Files.copy(
                    REFERENCE.resolve(WEIGHTS),
                    Path.of(folder).resolve(WEIGHTS),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            try (Lease<ControlNet> changed = pool.leaseControlNet(folder, model.get())) {
                assertNotSame(again.get(), changed.get());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"control_model.", ""})
    void aFileGivesTheBitsOfItsFolder(final String prefix) throws IOException {
        final Path file = TinyStableDiffusion.SD1.writeControlNetFile(temp.resolve("control.safetensors"), prefix);
        try (Lease<ControlNet> folder = pool.leaseControlNet(REFERENCE.toString(), model.get());
                Lease<ControlNet> single = pool.leaseControlNet(file.toString(), model.get())) {
            assertFits(single.get());
            assertArrayEquals(
                    middle(folder.get(), DataType.FLOAT32).toFloatArray(),
                    middle(single.get(), DataType.FLOAT32).toFloatArray());
        }
    }

    /** Pooled text and sizes, transformers of several blocks, linear projections, three levels. */
    @ParameterizedTest
    @ValueSource(strings = {"control_model.", ""})
    void aFileOfXlGivesTheResidualsOfItsFolder(final String prefix) throws IOException {
        final TinyStableDiffusion xl = TinyStableDiffusion.XL;
        final Path file = xl.writeControlNetFile(temp.resolve("control.safetensors"), prefix);
        final Path folder = xl.writeControlNetFolder(temp.resolve("control"));
        final Path written = xl.writeFolder(temp.resolve("xl"));
        try (Lease<DiffusionModel> of = pool.lease(written.toString(), CPU);
                Lease<ControlNet> whole = pool.leaseControlNet(folder.toString(), of.get());
                Lease<ControlNet> single = pool.leaseControlNet(file.toString(), of.get());
                NDManager owner = of.get().manager().newSubManager()) {
            final NDArray sample = Tensors.of(owner, ramp(4 * 6 * 10), 1, 4, 6, 10);
            final NDArray timestep = Tensors.of(owner, new float[] {500}, 1);
            final NDArray image = Tensors.of(owner, ramp(3 * 24 * 40), 1, 3, 24, 40);
            final Conditioning text = of.get().towards("a photo of a cat", new ImageSize(40, 24), owner);
            try (ControlNetModel.Residuals expected = whole.get().network().forward(sample, timestep, text, image);
                    ControlNetModel.Residuals actual = single.get().network().forward(sample, timestep, text, image)) {
                assertEquals(6, actual.down().size());
                for (int i = 0; i < 6; i++)
                    assertSameValues(expected.down().get(i), actual.down().get(i));
                assertSameValues(expected.mid(), actual.mid());
            }
        }
    }

    private static float[] ramp(final int length) {
        final float[] ramp = new float[length];
        for (int i = 0; i < length; i++) ramp[i] = i * 37 % 101 / 101f;
        return ramp;
    }

    private static void assertSameValues(final NDArray expected, final NDArray actual) {
        assertEquals(expected.getShape(), actual.getShape());
        assertArrayEquals(expected.toFloatArray(), actual.toFloatArray());
        assertTrue(expected.abs().mean().getFloat() > 1e-3, "values that tell nothing");
    }

    @Test
    void itHasThePrecisionOfItsModel() throws IOException {
        try (Lease<DiffusionModel> half =
                        pool.lease(temp.resolve("model").toString(), new Placement(Device.cpu(), Precision.FLOAT16));
                Lease<ControlNet> whole = pool.leaseControlNet(REFERENCE.toString(), model.get());
                Lease<ControlNet> lease = pool.leaseControlNet(REFERENCE.toString(), half.get())) {
            assertNotSame(whole.get(), lease.get());
            assertEquals(DataType.FLOAT32, middle(whole.get(), DataType.FLOAT32).getDataType());
            assertEquals(DataType.FLOAT16, middle(lease.get(), DataType.FLOAT16).getDataType());
        }
    }

    @Test
    void aModelFolderMayHaveOne() throws IOException {
        final Path folder = TinyModel.writeLatent(temp.resolve("pipeline"));
        TinyModel.copy(REFERENCE, folder.resolve("controlnet"));
        assertRefused("does not list one", folder.toString());
        final var index = StrictJson.read(folder.resolve("model_index.json"), 1 << 20);
        index.add("controlnet", com.google.gson.JsonParser.parseString("['diffusers', 'ControlNetModel']"));
        Files.writeString(folder.resolve("model_index.json"), index.toString());
        try (Lease<ControlNet> lease = pool.leaseControlNet(folder.toString(), model.get())) {
            assertFits(lease.get());
        }
    }

    @Test
    void whatIsNoneOrDoesNotFitIsRefused() throws IOException {
        assertRefused("There is no file or folder", temp.resolve("nowhere").toString());
        assertRefused("is a UNet2DConditionModel", temp.resolve("model/unet").toString());
        final Path pickle = Files.writeString(temp.resolve("control.pth"), "x");
        assertRefused("is a pickle", pickle.toString());
        assertRefused("no weights of the variant 'fp16'", REFERENCE + "#fp16");
        assertRefused(
                "is a ControlNet in diffusers' layout",
                REFERENCE.resolve(WEIGHTS).toString());
        assertRefused(
                "holds no ControlNet",
                TinyStableDiffusion.writeVaeFile(temp.resolve("vae.safetensors"))
                        .toString());
        final String tiny = TinyModel.writeLatent(temp.resolve("other")).toString();
        try (Lease<DiffusionModel> other = pool.lease(tiny, CPU)) {
            final ModelException exc =
                    assertThrows(ModelException.class, () -> pool.leaseControlNet(REFERENCE.toString(), other.get()));
            assertTrue(exc.getMessage().contains("was made for another kind of model"), exc.getMessage());
            assertFalse(exc.getMessage().contains("\n"));
        }
        pool.releaseAll();
        assertEquals(
                List.of(),
                pool.open().stream().filter(name -> name.contains("controlnet")).toList());
    }

    private void assertRefused(final String part, final String choice) {
        final ModelException exc = assertThrows(ModelException.class, () -> pool.leaseControlNet(choice, model.get()));
        assertTrue(exc.getMessage().contains(part), exc.getMessage());
    }

    /** Its answer is that of diffusers. */
    private void assertFits(final ControlNet control) throws IOException {
        final NDArray middle = middle(control, DataType.FLOAT32);
        final NDArray expected = reference(DataType.FLOAT32).get("0.out.mid");
        assertTrue(expected.sub(middle).abs().max().getFloat() <= 3e-5);
    }

    private NDArray middle(final ControlNet control, final DataType type) throws IOException {
        final ReferenceTensors reference = reference(type);
        final NDArray timestep = Tensors.cast(reference.get("0.timestep"), DataType.FLOAT32);
        final Conditioning text = new Conditioning.Text(reference.get("0.encoder_hidden_states"));
        return control.network()
                .forward(reference.get("0.sample"), timestep, text, reference.get("0.controlnet_cond"))
                .mid();
    }

    private ReferenceTensors reference(final DataType type) throws IOException {
        return ReferenceTensors.read(manager, type, "controlnet/case.safetensors");
    }

    private Path copy(final String name) throws IOException {
        final Path folder = Files.createDirectories(temp.resolve(name));
        for (final String file : new String[] {"config.json", WEIGHTS})
            Files.copy(REFERENCE.resolve(file), folder.resolve(file));
        return folder;
    }
}
