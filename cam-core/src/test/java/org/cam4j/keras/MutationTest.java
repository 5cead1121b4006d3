package org.cam4j.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.cam4j.exception.CamException;
import org.cam4j.testing.Golden;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sound files, damaged at random: each is refused with a sentence that names the file, or gives a model that runs.
 *
 * <p>The long run takes other files, in 512 MB, and at most two seconds for each:
 *
 * <pre>
 * mvn test -pl cam-core -Dtest=MutationTest -Dcam4j.mutations=2000 -Dcam4j.mutations.seed=7 \
 *     -DargLine="-Xmx512m -Dorg.bytedeco.javacpp.maxbytes=512m"
 * </pre>
 */
class MutationTest {

    private static final int COUNT = Integer.getInteger("cam4j.mutations", 100);
    private static final boolean LONG_RUN = System.getProperty("cam4j.mutations") != null;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final long SEED = Long.getLong("cam4j.mutations.seed", 2016);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] VALUES = {
        "null",
        "-1",
        "0",
        "1",
        "2",
        "3",
        "4",
        "7",
        "1000000",
        "2147483647",
        "1e30",
        "-0.5",
        "true",
        "false",
        "\"\"",
        "\"same\"",
        "\"conv\"",
        "\"Functional\"",
        "\"channels_first\"",
        "[]",
        "{}",
        "[[]]",
        "[1, 1]",
        "[null, 3, 5, 2]",
        "[\"last\", 1, 0]"
    };

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "nested_deep, k2.h5",
        "nested_twice, k3.h5",
        "nested_deep, k3.keras",
        "bfloat16, k3.keras",
        "flat_vgg, k3.weights.h5"
    })
    void damagedBytesAreRefusedOrRead(String name, String format) throws IOException {
        byte[] good = Files.readAllBytes(file(name, format));
        Random random = new Random(SEED);
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = i % 20 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            // Half of them in the first part, which is mostly structure.
            int range = Math.max(1, i % 2 == 0 ? bytes.length : bytes.length / 2);
            for (int n = 1 << random.nextInt(5); n > 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(range)] = (byte) (random.nextBoolean() ? random.nextInt(256) : -random.nextInt(2));
            }
            requireAnswer(bytes, format, "bytes " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"nested_deep, k2.h5", "heads, k3.h5", "nested_twice, k3.keras"})
    void damagedConfigurationsAreRefusedOrRead(String name, String format) throws IOException {
        byte[] good = Files.readAllBytes(file(name, format));
        Random random = new Random(SEED + 1);
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes;
            if (format.endsWith("h5")) {
                bytes = good.clone();
                int start = new String(good, StandardCharsets.ISO_8859_1).indexOf("{\"class_name\"");
                int end = start;
                while (good[end] != 0) {
                    end++;
                }
                byte[] config = mutated(Arrays.copyOfRange(good, start, end), random);
                Arrays.fill(bytes, start, end, (byte) ' ');
                System.arraycopy(config, 0, bytes, start, Math.min(config.length, end - start));
            } else {
                Map<String, byte[]> entries = entries(good);
                entries.computeIfPresent("config.json", (entry, config) -> mutated(config, random));
                bytes = zip(entries);
            }
            requireAnswer(bytes, format, "configuration " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"nested_deep, k3.keras", "nested_twice, k2.keras"})
    void damagedEntriesAreRefusedOrRead(String name, String format) throws IOException {
        byte[] good = Files.readAllBytes(file(name, format));
        Random random = new Random(SEED + 2);
        for (int i = 0; i < COUNT; i++) {
            Map<String, byte[]> entries = entries(good);
            List<String> names = new ArrayList<>(entries.keySet());
            String chosen = names.get(random.nextInt(names.size()));
            byte[] content = entries.get(chosen).clone();
            switch (random.nextInt(5)) {
                case 0 -> entries.remove(chosen);
                case 1 -> entries.put("../" + chosen, entries.remove(chosen));
                case 2 -> entries.put(chosen, Arrays.copyOf(content, random.nextInt(content.length)));
                case 3 -> entries.put(chosen, entries.get(names.get(random.nextInt(names.size()))));
                default -> {
                    for (int n = 1 << random.nextInt(5); n > 0; n--) {
                        content[random.nextInt(content.length)] = (byte) random.nextInt(256);
                    }
                    entries.put(chosen, content);
                }
            }
            requireAnswer(zip(entries), format, "entry " + i);
        }
    }

    private static Path file(String name, String format) {
        return Golden.resource("/keras/models/" + name + "/" + format);
    }

    private void requireAnswer(byte[] bytes, String format, String mutation) throws IOException {
        Path file = folder.resolve("mutated." + format.substring(3));
        // A new file each time: the mapping of the last one may still be there.
        Files.deleteIfExists(file);
        Files.write(file, bytes);
        long start = System.nanoTime();
        try {
            ImportedModel model = format.contains("weights")
                    ? KerasApplication.load(file, KerasApplication.VGG19.config(false, 2))
                    : KerasModels.load(file);
            int height = model.inputHeight();
            int width = model.inputWidth();
            if (height > 0 && width > 0 && height * width <= 32 * 32) {
                int channels = Math.toIntExact(channels(model));
                INDArray[] outputs = model.graph().output(Nd4j.zeros(1, height, width, channels));
                assertThat(outputs).hasSameSizeAs(model.outputs());
            }
        } catch (CamException e) {
            assertThat(e).as(mutation).hasMessageContaining("'" + file + "'");
        } catch (RuntimeException | Error e) {
            Path kept = Path.of("target", "mutated-" + mutation.replace(' ', '-') + "." + format);
            Files.write(kept, bytes);
            fail(mutation + ", kept as " + kept, e);
        }
        // Not in every build, where the machine may be busy.
        if (LONG_RUN) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(mutation).isLessThan(LONGEST);
        }
    }

    private static long channels(ImportedModel model) {
        var first = model.graph().getConfiguration().getVertexInputs().entrySet().stream()
                .filter(entry ->
                        entry.getValue().equals(model.graph().getConfiguration().getNetworkInputs()))
                .map(Map.Entry::getKey)
                .map(name -> model.graph().getLayer(name))
                .filter(layer -> layer != null && layer.getParam("W") != null)
                .findFirst();
        return first.map(layer -> layer.getParam("W").size(1)).orElse(3L);
    }

    private static byte[] mutated(byte[] config, Random random) {
        try {
            JsonNode root = JSON.readTree(config);
            List<JsonNode> containers = new ArrayList<>();
            collect(root, containers);
            for (int n = 1 + random.nextInt(2); n > 0; n--) {
                JsonNode at = containers.get(random.nextInt(containers.size()));
                JsonNode value = random.nextInt(4) == 0
                        ? containers.get(random.nextInt(containers.size())).deepCopy()
                        : JSON.readTree(VALUES[random.nextInt(VALUES.length)]);
                if (at instanceof ObjectNode object && !object.isEmpty()) {
                    List<String> keys = new ArrayList<>();
                    object.fieldNames().forEachRemaining(keys::add);
                    String key = keys.get(random.nextInt(keys.size()));
                    if (random.nextInt(5) == 0) {
                        object.remove(key);
                    } else {
                        object.set(key, value);
                    }
                } else if (at instanceof ArrayNode array && !array.isEmpty()) {
                    int index = random.nextInt(array.size());
                    if (random.nextInt(5) == 0) {
                        array.remove(index);
                    } else {
                        array.set(index, value);
                    }
                }
            }
            return JSON.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(inner -> collect(inner, containers));
        }
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
