package palindrome.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import palindrome.engine.TorchEngine;

/**
 * Opens thousands of damaged checkpoints, made the same way every time, in a
 * Java that has little memory. Each has to end in success or in one
 * {@link ModelException}, soon. Run by {@link DamagedCheckpointsTest} in a
 * process of its own, which an abort would end.
 */
final class DamagedCheckpoints {

    private static final long LIMIT_NANOS = 10_000_000_000L;
    private static final int MAX_FAILURES = 20;

    /** Values that a number of a configuration must not have, or may. */
    private static final List<String> NASTY = List.of(
            "null",
            "0",
            "-1",
            "1000000000",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "1e308",
            "1e999",
            "-1e-400",
            "0.5",
            "\"x\"",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "true",
            "[]",
            "{}",
            "[1]",
            "[[1]]",
            "[1000000000, 1000000000]",
            "{\"a\": 1}",
            "NaN");

    /** Two tiny models, which have to be there. */
    static final String MODEL = "model";

    static final String LORA_MODEL = "lora-model";

    private interface Opening {

        void open() throws IOException;
    }

    private final Path temp;
    private final TreeMap<String, int[]> counts = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private final NDManager manager = TorchEngine.start().newManager(Device.cpu());

    private DamagedCheckpoints(final Path temp) {
        this.temp = temp;
    }

    /** @param args a folder with two tiny models */
    public static void main(final String[] args) throws IOException {
        final DamagedCheckpoints run = new DamagedCheckpoints(Path.of(args[0]));
        run.all();
        int cases = 0;
        for (final var one : run.counts.entrySet()) {
            cases += one.getValue()[0] + one.getValue()[1];
            System.out.println(one.getKey() + ": " + one.getValue()[0] + " opened, " + one.getValue()[1] + " refused");
        }
        run.failures.forEach(System.out::println);
        System.out.println(cases + " cases, " + run.failures.size() + " failures");
        System.exit(run.failures.isEmpty() ? 0 : 1);
    }

    private void all() throws IOException {
        final byte[] weights = smallFile();
        truncated(weights);
        flipped(weights);
        edited(weights);
        lyingLengths(weights);
        headers();
        noise();
        singleFiles();
        loras();
        folders();
    }

    // What is done to one file of weights.

    private void truncated(final byte[] whole) throws IOException {
        for (int length = 0; length < whole.length; length += Math.max(1, whole.length / 400))
            file("truncated", Arrays.copyOf(whole, length));
    }

    private void flipped(final byte[] whole) throws IOException {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 500; i++) {
            final byte[] bytes = whole.clone();
            final int at = i < 64 ? i / 8 : random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << (i < 64 ? i % 8 : random.nextInt(8)));
            file("bit flipped", bytes);
        }
    }

    private void edited(final byte[] whole) throws IOException {
        final SplittableRandom random = new SplittableRandom(2);
        final int header =
                (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        for (int i = 0; i < 400; i++) {
            final StringBuilder text = new StringBuilder(new String(whole, 8, header, StandardCharsets.ISO_8859_1));
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                final int at = random.nextInt(text.length() - 4);
                final char any = "{}[]\",:0123456789-eE.ntf\\ \u0000\u00ff".charAt(random.nextInt(28));
                switch (random.nextInt(4)) {
                    case 0 -> text.setCharAt(at, any);
                    case 1 -> text.insert(at, any);
                    case 2 -> text.deleteCharAt(at);
                    default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(60))));
                }
            }
            file(
                    "header edited",
                    file(
                            text.toString().getBytes(StandardCharsets.ISO_8859_1),
                            Arrays.copyOfRange(whole, 8 + header, whole.length)));
        }
    }

    private void lyingLengths(final byte[] whole) throws IOException {
        for (final long length : new long[] {
            0,
            1,
            2,
            7,
            8,
            99_999_999,
            100_000_000,
            100_000_001,
            Integer.MAX_VALUE,
            1L << 32,
            Long.MAX_VALUE,
            -1,
            Long.MIN_VALUE,
            whole.length,
            whole.length - 8,
            whole.length - 9
        }) {
            final byte[] bytes = whole.clone();
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            file("lying length", bytes);
        }
    }

    private void headers() throws IOException {
        for (final int depth : new int[] {5, 31, 32, 33, 1000, 100_000, 1_000_000})
            for (final String[] pair : new String[][] {{"[", "]"}, {"{\"a\":", "}"}}) {
                final String inside = pair[0].repeat(depth) + "1" + pair[1].repeat(depth);
                file("deep JSON", file("{\"a\":" + inside + "}", 4));
                file("deep JSON", file("{\"__metadata__\":" + inside + "}", 0));
                file("deep JSON", file("{\"a\":" + pair[0].repeat(depth), 0));
            }
        for (final String number : NASTY)
            for (final String tensor : new String[] {
                "{\"dtype\":\"F32\",\"shape\":[@],\"data_offsets\":[0,4]}",
                "{\"dtype\":\"F32\",\"shape\":[@,@],\"data_offsets\":[0,4]}",
                "{\"dtype\":\"F32\",\"shape\":[0,@],\"data_offsets\":[0,0]}",
                "{\"dtype\":\"F32\",\"shape\":@,\"data_offsets\":[0,4]}",
                "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,@]}",
                "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[@,4]}",
                "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":@}",
                "{\"dtype\":@,\"shape\":[1],\"data_offsets\":[0,4]}",
                "@"
            }) {
                file("strange value", file("{\"a\":" + tensor.replace("@", number) + "}", 4));
                file("strange value", file("{\"a\":" + tensor.replace("@", number) + "}", 0));
            }
        for (final SafetensorsType type : SafetensorsType.values())
            for (int bytes = 0; bytes <= 16; bytes += 4)
                file(
                        "every type",
                        file(
                                "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":[" + bytes * 8 / type.bits()
                                        + "],\"data_offsets\":[0," + bytes + "]}}",
                                bytes));
        file(
                "long number",
                file("{\"a\":{\"dtype\":\"F32\",\"shape\":[" + "9".repeat(200_000) + "],\"data_offsets\":[0,4]}}", 4));
        file("long name", file("{\"" + "n".repeat(3_000_000) + "\":1}", 0));
        final StringBuilder many = new StringBuilder("{\"z\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}");
        for (int i = 0; i < 20_000; i++)
            many.append(",\"").append(i).append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}");
        file("many tensors", file(many + "}", 4));
        file(
                "wide shape",
                file(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[" + "1,".repeat(100_000) + "1],\"data_offsets\":[0,4]}}",
                        4));
        file(
                "wide shape",
                file("{\"a\":{\"dtype\":\"F32\",\"shape\":[" + "1,".repeat(60) + "1],\"data_offsets\":[0,4]}}", 4));
    }

    private void noise() throws IOException {
        final SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 150; i++) {
            final byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            if (i % 3 == 0 && bytes.length > 16) {
                Arrays.fill(bytes, 0, 8, (byte) 0);
                bytes[0] = (byte) (bytes.length - 8);
                bytes[8] = '{';
            }
            file("noise", bytes);
        }
    }

    /** Through all that reads such a file. */
    private void file(final String kind, final byte[] bytes) throws IOException {
        final Path path = temp.resolve("case.safetensors");
        Files.write(path, bytes);
        attempt(kind, () -> {
            try (SafetensorsFile file = SafetensorsFile.open(path);
                    NDManager scope = manager.newSubManager()) {
                for (final String name : file.names()) {
                    file.get(name, scope);
                    if (file.type(name).isFloat()) file.floats(name);
                }
            }
        });
    }

    // Whole models.

    private void singleFiles() throws IOException {
        final SplittableRandom random = new SplittableRandom(4);
        final var shapes = LdmShapes.vae();
        final List<String> names = List.copyOf(shapes.keySet());
        for (int i = 0; i < 150; i++) {
            final var damaged = new java.util.LinkedHashMap<>(shapes);
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                final String name = names.get(random.nextInt(names.size()));
                final long[] shape = damaged.remove(name);
                if (shape == null) continue;
                switch (random.nextInt(5)) {
                    case 0 -> {}
                    case 1 -> damaged.put(name, new long[0]);
                    case 2 -> damaged.put(name, new long[] {3});
                    case 3 -> damaged.put(name + ".x", shape);
                    default -> damaged.put("first_stage_model." + name, shape);
                }
            }
            final Path path = temp.resolve("single" + i + ".safetensors");
            new CheckpointGenerator(1, SafetensorsType.F16).writeHollow(path, damaged);
            attempt(
                    "single file",
                    () -> SingleFile.open(path, "").tensors("vae").close());
            attempt("single file", () -> ModelCatalog.open(path.toString(), Device.cpu())
                    .close());
            Files.delete(path);
        }
        for (final long[] shape : new long[][] {{}, {768}, {320, 768}, {0, 1024}, {1, 1, 1, 768}})
            for (final String prefix : List.of("model.diffusion_model.", "control_model.")) {
                final Path path = temp.resolve("one.safetensors");
                new CheckpointGenerator(1, SafetensorsType.F32)
                        .write(
                                path,
                                java.util.Map.of(
                                        prefix + "input_blocks.2.1.transformer_blocks.0.attn2.to_k.weight",
                                        shape,
                                        prefix + "input_blocks.0.0.weight",
                                        shape,
                                        "first_stage_model.encoder.conv_in.weight",
                                        shape,
                                        "cond_stage_model.model.text_projection",
                                        shape,
                                        "cond_stage_model.model.transformer.resblocks.0.attn.in_proj_weight",
                                        shape,
                                        "cond_stage_model.transformer.x",
                                        shape));
                attempt("single file", () -> {
                    final SingleFile file = SingleFile.open(path, "");
                    for (final String component : file.components())
                        if (!component.startsWith("tokenizer") && !component.equals("scheduler"))
                            file.tensors(component).close();
                });
                attempt("single file", () -> ModelCatalog.open(path + " | prediction=v", Device.cpu())
                        .close());
            }
    }

    private void loras() throws IOException {
        final Path folder = temp.resolve(LORA_MODEL);
        final SplittableRandom random = new SplittableRandom(5);
        final String module = "lora_unet_down_blocks_1_attentions_0_proj_in";
        for (int i = 0; i < 60; i++) {
            final SafetensorsWriter writer = new SafetensorsWriter();
            for (final String part : List.of(".lora_down.weight", ".lora_up.weight", ".alpha", ".lora_mid.weight"))
                if (random.nextInt(4) > 0 && !(part.contains("mid") && random.nextInt(3) > 0)) {
                    final long[] shape = new long[part.contains("alpha") ? random.nextInt(2) : random.nextInt(1, 5)];
                    for (int k = 0; k < shape.length; k++)
                        shape[k] = k > 1 ? 1 : new long[] {16, 16, 1, 3, 0}[random.nextInt(5)];
                    writer.tensor(module + part, new float[(int) ArchitectureShapes.size(shape)], shape);
                }
            final Path path = temp.resolve("lora.safetensors");
            writer.write(path);
            attempt("LoRA", () -> LoraCheckpoint.of(DiffusersFolder.open(folder), new LoraChoice(path, 1))
                    .tensors("unet")
                    .close());
        }
    }

    private void folders() throws IOException {
        final Path folder = temp.resolve(MODEL);
        final List<String> files = List.of(
                "model_index.json",
                "unet/config.json",
                "text_encoder/config.json",
                "scheduler/scheduler_config.json",
                "tokenizer/tokenizer_config.json",
                "tokenizer/special_tokens_map.json");
        final SplittableRandom random = new SplittableRandom(6);
        for (final String name : files) {
            final Path path = folder.resolve(name);
            final byte[] whole = Files.readAllBytes(path);
            final String text = new String(whole, StandardCharsets.UTF_8);
            final var json = StrictJson.read(path, 1 << 20);
            for (final String key : json.keySet())
                for (final String value : NASTY) {
                    // Numbers that would take all memory are tried everywhere.
                    if (!value.contains("00000000") && random.nextInt(3) > 0) continue;
                    final var changed = json.deepCopy();
                    changed.addProperty(key, "@@");
                    Files.writeString(path, changed.toString().replace("\"@@\"", value));
                    model("value in " + name, folder);
                }
            for (int i = 0; i < 40; i++) {
                final byte[] bytes = i % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
                if (i % 4 > 0) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                Files.write(path, bytes);
                model("bytes of " + name, folder);
            }
            Files.writeString(path, "");
            model("bytes of " + name, folder);
            Files.delete(path);
            Files.createDirectory(path);
            model("bytes of " + name, folder);
            Files.delete(path);
            model("bytes of " + name, folder);
            Files.writeString(path, text);
        }
        tokenizers(folder, random);
        indices(folder, random);
    }

    private void tokenizers(final Path folder, final SplittableRandom random) throws IOException {
        for (final String name : List.of("tokenizer/vocab.json", "tokenizer/merges.txt")) {
            final Path path = folder.resolve(name);
            final byte[] whole = Files.readAllBytes(path);
            for (int i = 0; i < 40; i++) {
                final byte[] bytes = i % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
                if (i % 4 > 0)
                    for (int n = 0; n < 3; n++) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                Files.write(path, bytes);
                model(name, folder);
            }
            Files.write(path, whole);
        }
    }

    private void indices(final Path folder, final SplittableRandom random) throws IOException {
        final Path unet = folder.resolve("unet");
        Files.delete(unet.resolve("diffusion_pytorch_model.safetensors"));
        final var shapes = new java.util.LinkedHashMap<String, long[]>();
        TinyModel.unetShapes().forEach((name, shape) -> shapes.put(name, shape.getShape()));
        new CheckpointGenerator(1, SafetensorsType.F32).writeSharded(unet, "diffusion_pytorch_model", shapes, 20_000);
        model("sharded", folder);
        final Path index = unet.resolve("diffusion_pytorch_model.safetensors.index.json");
        final String text = Files.readString(index);
        for (int i = 0; i < 60; i++) {
            final StringBuilder damaged = new StringBuilder(text);
            final int at = random.nextInt(text.length());
            if (i % 3 == 0) damaged.setLength(at);
            else if (i % 3 == 1) damaged.setCharAt(at, (char) random.nextInt(32, 127));
            else damaged.deleteCharAt(at);
            Files.writeString(index, damaged);
            model("index.json", folder);
        }
        for (final String value : NASTY) {
            Files.writeString(index, "{\"weight_map\": " + value + "}");
            model("index.json", folder);
            Files.writeString(index, "{\"weight_map\": {\"a\": " + value + "}}");
            model("index.json", folder);
        }
    }

    private void model(final String kind, final Path folder) {
        attempt(kind, () -> ModelCatalog.open(folder.toString(), Device.cpu()).close());
    }

    private void attempt(final String kind, final Opening opening) {
        final int[] count = counts.computeIfAbsent(kind, name -> new int[2]);
        final long start = System.nanoTime();
        try {
            opening.open();
            count[0]++;
        } catch (final ModelException exc) {
            count[1]++;
            final String message = exc.getMessage();
            if (message == null || message.length() < 20 || message.indexOf('\n') >= 0 || message.length() > 1100)
                failed(kind, "no clear sentence", exc);
        } catch (final IOException | RuntimeException | Error exc) {
            count[1]++;
            failed(kind, "no ModelException", exc);
        }
        if (System.nanoTime() - start > LIMIT_NANOS) failed(kind, "too slow", null);
    }

    private void failed(final String kind, final String what, final Throwable exc) {
        if (failures.size() >= MAX_FAILURES) return;
        final StringBuilder text =
                new StringBuilder("FAILED ").append(kind).append(": ").append(what);
        if (exc != null) {
            final String message = String.valueOf(exc);
            text.append(": ").append(message, 0, Math.min(300, message.length()));
            for (int i = 0; i < Math.min(6, exc.getStackTrace().length); i++)
                text.append("\n    ").append(exc.getStackTrace()[i]);
        }
        failures.add(text.toString());
    }

    private static byte[] smallFile() {
        final String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"a.weight\":{\"dtype\":\"F32\",\"shape\":[4,4],\"data_offsets\":[0,64]},"
                + "\"b\":{\"dtype\":\"F16\",\"shape\":[8],\"data_offsets\":[64,80]},"
                + "\"c\":{\"dtype\":\"BF16\",\"shape\":[2,4],\"data_offsets\":[80,96]},"
                + "\"d\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[96,112]},"
                + "\"e\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[112,120]},"
                + "\"f\":{\"dtype\":\"BOOL\",\"shape\":[0],\"data_offsets\":[120,120]}}";
        return file(header, 120);
    }

    private static byte[] file(final String header, final int dataBytes) {
        return file(header.getBytes(StandardCharsets.UTF_8), new byte[dataBytes]);
    }

    private static byte[] file(final byte[] header, final byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }
}
