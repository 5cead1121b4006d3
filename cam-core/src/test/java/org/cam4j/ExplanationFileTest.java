package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.cam4j.exception.CamException;
import org.cam4j.exception.ExplanationFileException;
import org.cam4j.image.Geometry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplanationFileTest {

    private static final Labels LABELS = Labels.of("giant panda", "</script>", "λ");
    private static final float[] LOGITS = {1.25f, -0.1f, Float.MIN_VALUE};
    private static final float[] MAPS = random(3 * 2 * 4);

    @TempDir
    Path folder;

    private static float[] random(int count) {
        Random random = new Random(3);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * 10);
        }
        return values;
    }

    private static BufferedImage photo() {
        BufferedImage photo = new BufferedImage(13, 9, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(4);
        for (int i = 0; i < 13 * 9; i++) {
            photo.setRGB(i % 13, i / 13, random.nextInt(1 << 24));
        }
        return photo;
    }

    private static Explanation explanation() {
        return Explanations.of(
                "a <b>.jpg", photo(), new Geometry(13, 9, 20, 24, 1.1, 1.3, -0.1, 4 / 3.0), LABELS, LOGITS, MAPS, 2, 4);
    }

    private static void assertSame(Explanation loaded, Explanation saved) {
        assertThat(loaded.name()).isEqualTo(saved.name());
        assertThat(loaded.provenance()).isEqualTo(saved.provenance());
        assertThat(loaded.geometry()).isEqualTo(saved.geometry());
        assertThat(loaded.classes()).isEqualTo(saved.classes());
        for (int c = 0; c < saved.classes(); c++) {
            assertThat(loaded.prediction(c)).isEqualTo(saved.prediction(c));
            assertThat(loaded.map(c).toArray()).isEqualTo(saved.map(c).toArray());
        }
        int width = saved.photo().getWidth();
        int height = saved.photo().getHeight();
        assertThat(loaded.photo().getRGB(0, 0, width, height, null, 0, width))
                .isEqualTo(saved.photo().getRGB(0, 0, width, height, null, 0, width));
    }

    @Test
    void everythingComesBackBitForBit() {
        Path file = folder.resolve("panda.npz");

        explanation().save(file);

        assertSame(Explanation.load(file), explanation());
        assertThat(Explanation.load(file).photo().getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
    }

    @Test
    void equalExplanationsGiveEqualFiles() throws IOException {
        explanation().save(folder.resolve("one.npz"));
        explanation().save(folder.resolve("two.npz"));

        assertThat(folder.resolve("one.npz")).hasSameBinaryContentAs(folder.resolve("two.npz"));
        Explanation.load(folder.resolve("one.npz")).save(folder.resolve("again.npz"));
        assertThat(folder.resolve("again.npz")).hasSameBinaryContentAs(folder.resolve("one.npz"));
    }

    @Test
    void theManifestSaysWhatTheNumbersMean() throws IOException {
        Path file = folder.resolve("panda.npz");
        explanation().save(file);

        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            assertThat(zip.getNextEntry().getName()).isEqualTo("manifest.json");
            assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(
                            "\"format\" : \"cam4j explanation\"",
                            "neither rectified",
                            "pixel centres at i + 0.5",
                            "\"model\" : \"animals.h5\"",
                            "\"modelSha256\" : \"5b41c1d1",
                            "\"version\" : \"1.2.3\"");
        }
    }

    @Test
    void noFlippedBitGoesUnnoticed() throws IOException {
        Path file = folder.resolve("panda.npz");
        explanation().save(file);
        byte[] good = Files.readAllBytes(file);
        Path damaged = folder.resolve("damaged.npz");
        int refused = 0;
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << i % 8);
            Files.write(damaged, bad);
            try {
                // Flips in what ZIP repeats at the archive's end change nothing.
                assertSame(Explanation.load(damaged), explanation());
            } catch (CamException e) {
                refused++;
                assertThat(e).isInstanceOf(ExplanationFileException.class).hasMessageContaining("damaged.npz");
            }
        }
        assertThat(refused).isGreaterThan(good.length / 2);
    }

    @Test
    void noCutGoesUnnoticed() throws IOException {
        Path file = folder.resolve("panda.npz");
        explanation().save(file);
        byte[] good = Files.readAllBytes(file);
        Path damaged = folder.resolve("damaged.npz");
        // The central directory only repeats what came before; every cut before it is one of content.
        int directory = centralDirectory(good);
        assertThat(directory).isPositive();
        for (int length = 0; length < directory; length += 7) {
            Files.write(damaged, java.util.Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Explanation.load(damaged)).isInstanceOf(ExplanationFileException.class);
        }
    }

    /** The place of the first header of the archive's central directory. */
    private static int centralDirectory(byte... archive) {
        return new String(archive, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
    }

    @Test
    void otherKindsOfFilesAreRefused() throws IOException {
        assertThatThrownBy(() -> Explanation.load(folder.resolve("none.npz")))
                .isInstanceOf(ExplanationFileException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> Explanation.load(folder)).isInstanceOf(ExplanationFileException.class);
        Path text = Files.writeString(folder.resolve("text.npz"), "no archive");
        assertThatThrownBy(() -> Explanation.load(text))
                .isInstanceOf(ExplanationFileException.class)
                .hasMessageContainingAll("text.npz", "nothing where manifest.json belongs");
    }

    @Test
    void manifestsThatContradictTheFilesAreRefused() throws IOException {
        assertRefused(json -> json.replace("\"formatVersion\" : 2", "\"formatVersion\" : 3"), "version 3");
        assertRefused(json -> json.replace("\"mapHeight\" : 2", "\"mapHeight\" : 3"), "maps.npy", "hash", "shape");
        assertRefused(json -> json.replace("\"mapHeight\" : 2", "\"mapHeight\" : 200000000"), "memory");
        assertRefused(json -> json.replace("\"photoWidth\" : 13", "\"photoWidth\" : 12"), "photo", "pixels");
        assertRefused(json -> json.replace("\"scaleX\" : 1.1", "\"scaleX\" : 0"), "scales must be positive");
        assertRefused(json -> json.replace("\"labels\" : [ ", "\"labels\" : [ \"one more\", "), "logits.npy", "shape");
        assertRefused(json -> json.replace("\"name\"", "\"title\""), "name");
        assertRefused(json -> "[]", "");
        assertRefused(json -> "null", "");
    }

    private void assertRefused(UnaryOperator<String> edit, String... anyOf) throws IOException {
        Path file = edited(edit);

        assertThatThrownBy(() -> Explanation.load(file))
                .isInstanceOf(ExplanationFileException.class)
                .satisfies(
                        e -> assertThat(anyOf).anyMatch(part -> e.getMessage().contains(part)));
    }

    private Path edited(UnaryOperator<String> edit) throws IOException {
        Path file = folder.resolve("edited.npz");
        explanation().save(file);
        ByteArrayOutputStream edited = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
                ZipOutputStream out = new ZipOutputStream(edited)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                byte[] content = in.readAllBytes();
                out.write(
                        entry.getName().equals("manifest.json")
                                ? edit.apply(new String(content, StandardCharsets.UTF_8))
                                        .getBytes(StandardCharsets.UTF_8)
                                : content);
            }
        }
        return Files.write(file, edited.toByteArray());
    }

    /** A few kilobytes that would be unpacked to 1.6 GB. */
    @Test
    void aPhotoBeyondTheLimitIsRefusedBeforeItIsUnpacked() throws IOException {
        assertRefused(
                json -> json.replace("\"photoWidth\" : 13", "\"photoWidth\" : 20000")
                        .replace("\"photoHeight\" : 9", "\"photoHeight\" : 20000"),
                "20000x20000 has more than the 100000000 pixels allowed, which load(file, maxPixels) sets");
        Path file = folder.resolve("panda.npz");
        explanation().save(file);
        assertThatThrownBy(() -> Explanation.load(file, 116))
                .isInstanceOf(ExplanationFileException.class)
                .hasMessageContaining("13x9");
        assertSame(Explanation.load(file, 117), explanation());
    }

    @Test
    void moreThanFitsIntoMemoryIsRefusedBeforeItIsUnpacked() throws IOException {
        long side = (long) Math.sqrt(Runtime.getRuntime().maxMemory() / 8.0);
        Path file = edited(json -> json.replace("\"photoWidth\" : 13", "\"photoWidth\" : " + side)
                .replace("\"photoHeight\" : 9", "\"photoHeight\" : " + side));

        assertThatThrownBy(() -> Explanation.load(file, Long.MAX_VALUE))
                .isInstanceOf(ExplanationFileException.class)
                .hasMessageContainingAll("edited.npz", "MiB of memory", "-Xmx");
    }

    @Test
    void whatCouldNotBeReadAgainIsNotSaved() {
        float[] maps = MAPS.clone();
        maps[9] = Float.NaN;
        Explanation overflown = Explanations.of("sun.jpg", photo(), LABELS, LOGITS, maps, 2, 4);

        assertThatThrownBy(() -> overflown.save(folder.resolve("sun.npz")))
                .isInstanceOf(ExplanationFileException.class)
                .hasMessageContainingAll("sun.jpg", "NaN");
        assertThat(folder.resolve("sun.npz")).doesNotExist();
    }
}
