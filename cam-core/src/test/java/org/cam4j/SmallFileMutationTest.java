package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.cam4j.evaluation.annotation.LabelledPhoto;
import org.cam4j.evaluation.annotation.LabelledPhotos;
import org.cam4j.exception.CamException;
import org.cam4j.file.Npy;
import org.cam4j.file.Sha256;
import org.cam4j.localization.BoundingBox;

/**
 * The small files around models and photos, damaged at random: labels, settings, boxes, arrays and saved explanations. Each is refused
 * in words that name it, or gives values that can be.
 *
 * <p>The long run takes 20,000 texts, arrays, explanations, and explanations whose hashes are right, in 512 MB, and at most two
 * seconds for each:
 *
 * <pre>
 * mvn test -pl cam-core -Dtest=SmallFileMutationTest -Djqwik.tries.default=20000 -DargLine="-Xms512m -Xmx512m"
 * </pre>
 */
class SmallFileMutationTest {

    private static final String SEED = "2016";
    private static final boolean LONG_RUN = System.getProperty("jqwik.tries.default") != null;
    private static final Duration LONGEST = Duration.ofSeconds(2);

    /** What is put among the bytes: structure, numbers at the edges of types, characters that are more than they seem. */
    private static final String[] TOKENS = {
        "{",
        "}",
        "[",
        "]",
        "[[[[[[[[",
        "\"",
        ",",
        ":",
        "null",
        "true",
        "-1",
        "0",
        "1e308",
        "1e999",
        "NaN",
        "-0.5",
        "2147483647",
        "2147483648",
        "9223372036854775807",
        "123456789012345678901234567890",
        "\n",
        "\r\n",
        "\t",
        "\u0000",
        "\uFEFF",
        "\\u0000",
        "\\ud800",
        "</a>",
        "<a>",
        "<!DOCTYPE a>",
        "&lt;",
        "&x;",
        "#",
        "../",
        "/",
        "\u001B[2J",
        "labels.json",
        "20000"
    };

    /** A sound file by the name that says how it is read. */
    private enum Sample {
        LABEL_LINES("lines.labels", "# animals\n0\tn01\tcat\n1\tn02\tdog\n"),
        NUMBERED_LINES("numbered.labels", "0 cat\n1 dog\n2 bird\n"),
        LABEL_LIST("list.labels", "[\"cat\", [\"n02\", \"dog\"], \"bird\"]"),
        LABEL_DICTIONARY("names.labels", "{\"0\": [\"n01\", \"cat\"], \"1\": \"dog\"}"),
        LABEL_TABLE("table.labels", "id,name\n0,\"cat, small\"\n1,dog\n2,bird\n"),
        LABEL_SYNSETS("synsets.labels", "n02123045 cat, tabby\nn02084071 dog\n"),
        LABEL_INDICES("indices.labels", "{\"cat\": 0, \"dog\": 1}"),
        SETTINGS(
                "model.json",
                "{\"preprocessing\": \"0.5,-1,bgr\", \"resize\": \"nearest\", \"fit\": \"center_crop\", \"labels\": \"lines.labels\"}"),
        COCO("boxes.coco.json", """
                {"info": {"year": 2017}, "images": [{"id": 7, "file_name": "a.jpg"}, {"id": "b", "file_name": "b.jpg"}],
                 "annotations": [{"image_id": 7, "category_id": 18, "bbox": [1.5, 2, 3, 4.25], "iscrowd": 0},
                   {"image_id": "b", "category_id": 18, "bbox": [10, 20, 30, 40], "segmentation": [[1, 2, 3]]}],
                 "categories": [{"id": 18, "name": "dog"}]}
                """),
        CSV(
                "boxes.csv",
                "file,label,class_index,x0,y0,x1,y1\na.jpg,dog,3,1,2,30,40\n\"b, c.jpg\",cat,4,1.5,2e1,9,100\n"),
        VOC("boxes.xml", """
                <?xml version="1.0"?><annotation><filename>a.jpg</filename><object><name>dog</name>
                <bndbox><xmin>1</xmin><ymin>2.0</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object></annotation>
                """),
        WSOL("wsol/localization.txt", "v/a.jpg,0,10,9,19\nv/b.jpg,3,4,5,6\n");

        private final String file;
        private final String text;

        Sample(String file, String text) {
            this.file = file;
            this.text = text;
        }
    }

    /** What happens at a place, which is taken modulo the length. */
    private enum Kind {
        BYTE,
        TOKEN,
        REMOVED,
        REPEATED
    }

    private record Damage(Kind kind, int place, int choice) {

        byte[] in(byte[] bytes) {
            if (bytes.length == 0) {
                return bytes;
            }
            int at = place % bytes.length;
            int end = at + choice % 12 % (bytes.length - at) + 1;
            byte[] before = Arrays.copyOf(bytes, at);
            byte[] part = Arrays.copyOfRange(bytes, at, end);
            return switch (kind) {
                case BYTE ->
                    joined(before, new byte[] {(byte) choice}, Arrays.copyOfRange(bytes, at + 1, bytes.length));
                case TOKEN ->
                    joined(
                            before,
                            TOKENS[choice % TOKENS.length].getBytes(StandardCharsets.UTF_8),
                            Arrays.copyOfRange(bytes, choice % 3 == 0 ? end : at, bytes.length));
                case REMOVED -> joined(before, Arrays.copyOfRange(bytes, end, bytes.length));
                case REPEATED -> joined(before, part, part, Arrays.copyOfRange(bytes, end, bytes.length));
            };
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private Path folder;
    private Map<String, byte[]> explanation;

    @BeforeProperty
    void makeSoundFiles() throws IOException {
        folder = Files.createTempDirectory("mutations");
        BufferedImage photo = new BufferedImage(13, 9, BufferedImage.TYPE_INT_RGB);
        Explanations.of("a.jpg", photo, Labels.of("cat", "dog"), new float[] {1, -2}, new float[12], 2, 3)
                .save(folder.resolve("sound.npz"));
        explanation = entries(Files.readAllBytes(folder.resolve("sound.npz")));
    }

    @AfterProperty
    void removeFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Arbitrary<Integer> anywhere() {
        return Arbitraries.integers()
                .between(0, Integer.MAX_VALUE)
                .withDistribution(RandomDistribution.uniform())
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<Damage> damage() {
        return Combinators.combine(Arbitraries.of(Kind.class), anywhere(), anywhere())
                .as(Damage::new);
    }

    @Property(seed = SEED)
    void damagedTextsAreRefusedOrRead(
            @ForAll Sample sample, @ForAll @Size(min = 1, max = 4) List<@From("damage") Damage> damages)
            throws IOException {
        for (Sample each : Sample.values()) {
            write(each.file, each.text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = sample.text.getBytes(StandardCharsets.UTF_8);
        for (Damage damage : damages) {
            bytes = damage.in(bytes);
        }
        Path file = write(sample.file, bytes);
        requireAnswer(bytes, sample.name(), () -> read(sample, file));
    }

    private void read(Sample sample, Path file) {
        switch (sample) {
            case COCO, CSV, VOC -> requireSane(LabelledPhotos.read(file));
            case WSOL -> requireSane(LabelledPhotos.read(file.getParent()));
            case SETTINGS -> ModelSettings.beside(folder.resolve("model.h5"));
            default ->
                assertThat(Labels.read(file).names()).isNotEmpty().allSatisfy(name -> assertThat(name)
                        .isEqualTo(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)));
        }
    }

    private static void requireSane(List<LabelledPhoto> photos) {
        assertThat(photos).isNotEmpty();
        for (LabelledPhoto photo : photos) {
            assertThat(photo.file()).isNotBlank();
            assertThat(photo.classIndex().orElse(0)).isNotNegative();
            for (BoundingBox box : photo.boxes()) {
                assertThat(box.width()).isPositive();
                assertThat(box.height()).isPositive();
                assertThat(Math.abs((long) box.x0()) + Math.abs((long) box.y1()))
                        .isLessThan(1L << 33);
            }
        }
    }

    @Property(seed = SEED)
    void damagedExplanationsAreRefused(@ForAll @Size(min = 1, max = 4) List<@From("damage") Damage> damages)
            throws IOException {
        byte[] bytes = zip(explanation);
        for (Damage damage : damages) {
            bytes = damage.in(bytes);
        }
        Path file = write("damaged.npz", bytes);
        requireAnswer(bytes, "explanation", () -> requireSane(Explanation.load(file)));
    }

    /** As a program would write it that means harm: the hashes are right. */
    @Property(seed = SEED)
    void explanationsWhoseDamageTheHashesHideAreRefusedOrRead(
            @ForAll("place") int entry, @ForAll @Size(min = 1, max = 4) List<@From("damage") Damage> damages)
            throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(explanation);
        String name = List.copyOf(entries.keySet()).get(entry % entries.size());
        byte[] content = entries.get(name);
        for (Damage damage : damages) {
            content = damage.in(content);
        }
        String manifest = new String(entries.get("manifest.json"), StandardCharsets.UTF_8)
                .replace(Sha256.of(entries.get(name)), Sha256.of(content));
        entries.put("manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
        entries.put(name, content);
        byte[] bytes = zip(entries);
        Path file = write("hostile.npz", bytes);
        requireAnswer(bytes, "hostile", () -> requireSane(Explanation.load(file)));
    }

    @Provide
    Arbitrary<Integer> place() {
        return anywhere();
    }

    private static void requireSane(Explanation loaded) {
        for (int c = 0; c < loaded.classes(); c++) {
            assertThat(loaded.prediction(c).probability()).isBetween(0.0, 1.0);
            assertThat(loaded.map(c).toArray())
                    .hasSize(loaded.map(c).height() * loaded.map(c).width());
        }
        assertThat(loaded.photo().getWidth()).isEqualTo(loaded.geometry().photoWidth());
    }

    @Property(seed = SEED)
    void damagedArraysAreRefusedOrRead(@ForAll @Size(min = 1, max = 4) List<@From("damage") Damage> damages)
            throws IOException {
        byte[] sound = Npy.encode(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        byte[] bytes = sound;
        for (Damage damage : damages) {
            bytes = damage.in(bytes);
        }
        byte[] damaged = bytes;
        requireAnswer(damaged, "array", () -> {
            try {
                assertThat(Npy.decode(damaged, 2, 3)).hasSize(6);
                assertThat(Arrays.copyOf(damaged, 128)).isEqualTo(Arrays.copyOf(sound, 128));
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("NumPy array");
            }
        });
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private void requireAnswer(byte[] bytes, String kind, Runnable reading) throws IOException {
        long start = System.nanoTime();
        try {
            reading.run();
        } catch (CamException e) {
            assertThat(e).hasMessageContaining(folder.toString());
        } catch (RuntimeException | Error e) {
            Path kept = Path.of("target", "mutated." + kind);
            Files.write(kept, bytes);
            fail("the last of its kind is kept as " + kept, e);
        }
        // Not in every build, where the machine may be busy.
        if (LONG_RUN) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
        }
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }
}
