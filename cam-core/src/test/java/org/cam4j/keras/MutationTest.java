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
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.cam4j.exception.CamException;
import org.cam4j.testing.Golden;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sound files, damaged at random: each is refused with a sentence that names the file, or gives a model that runs, and computes
 * what its plan says ({@link LoadedMutant}).
 *
 * <p>The long run takes 20,000 files of each kind, in 512 MB, and at most two seconds for each:
 *
 * <pre>
 * mvn test -pl cam-core -Dtest=MutationTest -Djqwik.tries.default=20000 \
 *     -DargLine="-Xms512m -Xmx512m -Dorg.bytedeco.javacpp.maxbytes=512m"
 * </pre>
 */
class MutationTest {

    private static final String SEED = "2016";
    private static final boolean LONG_RUN = System.getProperty("jqwik.tries.default") != null;
    private static final Duration LONGEST = Duration.ofSeconds(2);
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

    private Path folder;
    private int read;
    private int compared;

    @BeforeProperty
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("mutations");
    }

    /** What Java and ND4J prepare once takes seconds, which no damaged file is to blame for. */
    @BeforeProperty
    void readSoundFile() {
        ImportedModel model = KerasModels.load(Golden.resource("/keras/models/nested_deep/k3.keras"));
        model.graph().output(Nd4j.zeros(1, model.inputHeight(), model.inputWidth(), 3));
    }

    @AfterProperty
    void removeFolder() throws IOException {
        System.out.println(read + " files were read all the same, " + compared
                + " of them classifiers whose numbers were compared");
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** A sound file. */
    private record Sample(String name, String format) {

        byte[] bytes() throws IOException {
            return Files.readAllBytes(Golden.resource("/keras/models/" + name + "/" + format));
        }
    }

    private static Arbitrary<Sample> samples(String... files) {
        return Arbitraries.of(files)
                .map(file -> new Sample(file.substring(0, file.indexOf('/')), file.substring(file.indexOf('/') + 1)));
    }

    private static Arbitrary<Integer> anywhere() {
        return Arbitraries.integers()
                .between(0, Integer.MAX_VALUE)
                .withDistribution(RandomDistribution.uniform())
                .withoutEdgeCases();
    }

    /** Another byte at a place that is taken modulo the length; half of them in the first half, which is mostly structure. */
    private record Damage(int place, boolean isEarly, byte value) {

        void to(byte[] bytes) {
            int range = isEarly ? bytes.length / 2 : bytes.length;
            if (range > 0) {
                bytes[place % range] = value;
            }
        }
    }

    @Provide
    Arbitrary<Damage> damage() {
        return Combinators.combine(anywhere(), Arbitraries.of(true, false), Arbitraries.bytes())
                .as(Damage::new);
    }

    @Provide
    Arbitrary<Sample> files() {
        return samples(
                "nested_deep/k2.h5",
                "nested_twice/k3.h5",
                "nested_deep/k3.keras",
                "bfloat16/k3.keras",
                "flat_vgg/k3.weights.h5");
    }

    @Property(seed = SEED)
    void damagedBytesAreRefusedOrRead(
            @ForAll("files") Sample sample, @ForAll @Size(min = 1, max = 20) List<@From("damage") Damage> damages)
            throws IOException {
        byte[] bytes = sample.bytes();
        damages.forEach(damage -> damage.to(bytes));
        requireAnswer(bytes, sample.format());
    }

    @Property(seed = SEED)
    void filesThatAreCutShortAreRefusedOrRead(@ForAll("files") Sample sample, @ForAll("place") int length)
            throws IOException {
        byte[] bytes = sample.bytes();
        requireAnswer(Arrays.copyOf(bytes, length % bytes.length), sample.format());
    }

    @Provide
    Arbitrary<Integer> place() {
        return anywhere();
    }

    /** What becomes of one value in the configuration. */
    private enum Edit {
        REMOVED,
        COPIED_FROM_ELSEWHERE,
        REPLACED
    }

    /** An edit of one container's value; places are taken modulo how many there are. */
    private record ConfigDamage(Edit edit, int container, int key, int other) {}

    @Provide
    Arbitrary<ConfigDamage> configDamage() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(1, Edit.REMOVED),
                                Tuple.of(1, Edit.COPIED_FROM_ELSEWHERE),
                                Tuple.of(3, Edit.REPLACED)),
                        anywhere(),
                        anywhere(),
                        anywhere())
                .as(ConfigDamage::new);
    }

    @Provide
    Arbitrary<Sample> models() {
        return samples(
                "nested_deep/k2.h5", "heads/k3.h5", "nested_twice/k3.keras", "layers_preprocessing_lambdas/k2.h5");
    }

    @Property(seed = SEED)
    void damagedConfigurationsAreRefusedOrRead(
            @ForAll("models") Sample sample,
            @ForAll @Size(min = 1, max = 2) List<@From("configDamage") ConfigDamage> damages)
            throws IOException {
        byte[] bytes = sample.bytes();
        if (sample.format().endsWith("h5")) {
            int start = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("{\"class_name\"");
            int end = start;
            while (bytes[end] != 0) {
                end++;
            }
            byte[] config = edited(Arrays.copyOfRange(bytes, start, end), damages);
            Arrays.fill(bytes, start, end, (byte) ' ');
            System.arraycopy(config, 0, bytes, start, Math.min(config.length, end - start));
        } else {
            Map<String, byte[]> entries = entries(bytes);
            entries.computeIfPresent("config.json", (entry, config) -> edited(config, damages));
            bytes = zip(entries);
        }
        requireAnswer(bytes, sample.format());
    }

    /** What becomes of an entry of an archive. */
    private enum Fate {
        MISSING,
        RENAMED,
        CUT_SHORT,
        ANOTHER_ENTRY,
        DAMAGED
    }

    @Provide
    Arbitrary<Sample> archives() {
        return samples("nested_deep/k3.keras", "nested_twice/k2.keras", "bfloat16/k3.keras");
    }

    @Property(seed = SEED)
    void damagedEntriesAreRefusedOrRead(
            @ForAll("archives") Sample sample,
            @ForAll Fate fate,
            @ForAll("place") int entry,
            @ForAll("place") int other,
            @ForAll @Size(min = 1, max = 20) List<@From("damage") Damage> damages)
            throws IOException {
        Map<String, byte[]> entries = entries(sample.bytes());
        List<String> names = new ArrayList<>(entries.keySet());
        String chosen = names.get(entry % names.size());
        byte[] content = entries.get(chosen).clone();
        switch (fate) {
            case MISSING -> entries.remove(chosen);
            case RENAMED -> entries.put("../" + chosen, entries.remove(chosen));
            case CUT_SHORT -> entries.put(chosen, Arrays.copyOf(content, other % content.length));
            case ANOTHER_ENTRY -> entries.put(chosen, entries.get(names.get(other % names.size())));
            case DAMAGED -> {
                damages.forEach(damage -> damage.to(content));
                entries.put(chosen, content);
            }
        }
        requireAnswer(zip(entries), sample.format());
    }

    private void requireAnswer(byte[] bytes, String format) throws IOException {
        Path file = folder.resolve("mutated." + format.substring(3));
        // A new file each time: the mapping of the last one may still be there.
        Files.deleteIfExists(file);
        Files.write(file, bytes);
        try {
            long start = System.nanoTime();
            ImportedModel model = format.contains("weights")
                    ? KerasApplication.load(file, KerasApplication.VGG19.config(false, 2))
                    : KerasModels.load(file);
            int height = model.inputHeight();
            int width = model.inputWidth();
            boolean isSmall = height > 0 && width > 0 && height * width <= 32 * 32;
            if (isSmall) {
                int channels = Math.toIntExact(channels(model));
                INDArray[] outputs = model.graph().output(Nd4j.zeros(1, height, width, channels));
                assertThat(outputs).hasSameSizeAs(model.outputs());
            }
            requireShort(start);
            if (isSmall) {
                requireSameNumbersEverywhere(model);
            }
        } catch (CamException e) {
            assertThat(e).hasMessageContaining("'" + file + "'");
        } catch (RuntimeException | Error e) {
            Path kept = Path.of("target", "mutated." + format);
            Files.write(kept, bytes);
            fail("the last of its kind is kept as " + kept, e);
        }
    }

    private static void requireShort(long start) {
        // Not in every build, where the machine may be busy.
        if (LONG_RUN) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
        }
    }

    private void requireSameNumbersEverywhere(ImportedModel model) {
        read++;
        Optional<LoadedMutant> mutant = LoadedMutant.of(model);
        if (mutant.isPresent() && mutant.get().isInRange()) {
            compared++;
            mutant.get().requireSameNumbersEverywhere();
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

    private static byte[] edited(byte[] config, List<ConfigDamage> damages) {
        try {
            JsonNode root = JSON.readTree(config);
            List<JsonNode> containers = new ArrayList<>();
            collect(root, containers);
            for (ConfigDamage damage : damages) {
                JsonNode at = containers.get(damage.container % containers.size());
                JsonNode value = damage.edit == Edit.COPIED_FROM_ELSEWHERE
                        ? containers.get(damage.other % containers.size()).deepCopy()
                        : JSON.readTree(VALUES[damage.other % VALUES.length]);
                if (at instanceof ObjectNode object && !object.isEmpty()) {
                    List<String> keys = new ArrayList<>();
                    object.fieldNames().forEachRemaining(keys::add);
                    String key = keys.get(damage.key % keys.size());
                    if (damage.edit == Edit.REMOVED) {
                        object.remove(key);
                    } else {
                        object.set(key, value);
                    }
                } else if (at instanceof ArrayNode array && !array.isEmpty()) {
                    int index = damage.key % array.size();
                    if (damage.edit == Edit.REMOVED) {
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
