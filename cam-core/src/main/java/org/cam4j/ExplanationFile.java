package org.cam4j;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.cam4j.exception.ExplanationFileException;
import org.cam4j.exception.JsonFault;
import org.cam4j.exception.PhotoException;
import org.cam4j.file.Npy;
import org.cam4j.file.Sha256;
import org.cam4j.file.WholeFile;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.Geometry;
import org.cam4j.image.PhotoReader;

/**
 * A saved explanation: a ZIP archive with the manifest and the files whose hashes the manifest holds, in a fixed order.
 *
 * <p>Stores the maps of all classes, not the activations and weights: the maps are fewer numbers, and are read bit for bit with any
 * engine. Equal explanations give equal bytes.
 */
final class ExplanationFile {

    private static final String MANIFEST = "manifest.json";
    private static final String LOGITS = "logits.npy";
    private static final String MAPS = "maps.npy";
    private static final String BIASES = "biases.npy";
    private static final String PHOTO = "photo.png";

    private static final int LARGEST_MANIFEST = 16 << 20;
    private static final int ARRAY_HEADER = 1 << 10;

    /** The earliest ZIP time, the same for all files, so that equal explanations give equal bytes. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private ExplanationFile() {}

    static void write(Explanation explanation, Path file) {
        int classes = explanation.classes();
        RawMaps maps = explanation.rawMaps();
        float[] all = new float[Math.multiplyExact(classes, maps.height() * maps.width())];
        float[] biases = new float[classes];
        for (int c = 0; c < classes; c++) {
            Activations.ClassMap map = maps.map(c);
            System.arraycopy(map.values(), 0, all, c * map.values().length, map.values().length);
            biases[c] = map.bias();
        }
        requireFinite(explanation, all);
        byte[] logits = Npy.encode(explanation.logits(), classes);
        byte[] values = Npy.encode(all, classes, maps.height(), maps.width());
        byte[] unplaced = Npy.encode(biases, classes);
        byte[] photo = png(explanation.photo());
        ExplanationManifest manifest = ExplanationManifest.of(
                explanation,
                new TreeMap<>(Map.of(
                        LOGITS,
                        Sha256.of(logits),
                        MAPS,
                        Sha256.of(values),
                        BIASES,
                        Sha256.of(unplaced),
                        PHOTO,
                        Sha256.of(photo))));
        WholeFile.write(file, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            entry(zip, MANIFEST, JSON.writeValueAsBytes(manifest));
            entry(zip, LOGITS, logits);
            entry(zip, MAPS, values);
            entry(zip, BIASES, unplaced);
            entry(zip, PHOTO, photo);
            zip.finish();
        });
    }

    private static void requireFinite(Explanation explanation, float[] maps) {
        try {
            finite(LOGITS, explanation.logits());
            finite(MAPS, maps);
        } catch (IllegalArgumentException e) {
            throw new ExplanationFileException(
                    "the explanation of '" + explanation.name() + "' cannot be saved: " + e.getMessage()
                            + ". The network overflows on this photo: check its weights and the preprocessing.",
                    e);
        }
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] png(BufferedImage photo) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(photo, "png", stream)) {
                throw new IllegalStateException("no PNG writer takes a picture of " + photo.getColorModel());
            }
        } catch (IOException e) {
            throw new IllegalStateException("a picture could not be written to memory", e);
        }
        return bytes.toByteArray();
    }

    static Explanation read(Path file, long maxPixels) {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            return read(zip, maxPixels);
        } catch (NoSuchFileException e) {
            throw new ExplanationFileException("saved explanation '" + file + "' does not exist: check the path.", e);
        } catch (JacksonException e) {
            throw refusal(file, JsonFault.of(e), e);
        } catch (IOException | IllegalArgumentException | PhotoException e) {
            // A fault in the archive, an array or the photo: the same refusal for all.
            throw refusal(file, e.getMessage(), e);
        }
    }

    private static ExplanationFileException refusal(Path file, String found, Exception cause) {
        return new ExplanationFileException(
                "saved explanation '" + file + "' is damaged or of another kind: " + found
                        + ". Expected what Explanation.save writes; save or fetch it again.",
                cause);
    }

    private static Explanation read(ZipInputStream zip, long maxPixels) throws IOException {
        ExplanationManifest manifest =
                JSON.readValue(content(zip, MANIFEST, LARGEST_MANIFEST), ExplanationManifest.class);
        if (manifest == null) {
            throw new IllegalArgumentException(MANIFEST + " says nothing");
        }
        int classes = manifest.labels().size();
        int height = manifest.mapHeight();
        int width = manifest.mapWidth();
        Geometry geometry = manifest.geometry();
        long pixels = (long) geometry.photoWidth() * geometry.photoHeight();
        requireRoom(manifest, pixels, maxPixels);
        byte[] logitBytes = verified(zip, LOGITS, classes * Float.BYTES + ARRAY_HEADER, manifest);
        byte[] mapBytes = verified(zip, MAPS, classes * height * width * Float.BYTES + ARRAY_HEADER, manifest);
        byte[] biasBytes = verified(zip, BIASES, classes * Float.BYTES + ARRAY_HEADER, manifest);
        float[] biases = finite(BIASES, Npy.decode(biasBytes, classes));
        float[] logits = finite(LOGITS, Npy.decode(logitBytes, classes));
        float[] maps = finite(MAPS, Npy.decode(mapBytes, classes, height, width));
        byte[] png = verified(zip, PHOTO, (int) Math.min(Integer.MAX_VALUE - 16, pixels * 4 + (1 << 20)), manifest);
        DecodedPhoto photo =
                DecodedPhoto.of(PhotoReader.standard().withMaxPixels(pixels).read(png));
        if (photo.width() != geometry.photoWidth() || photo.height() != geometry.photoHeight()) {
            throw new IllegalArgumentException("the photo is " + photo.width() + "x" + photo.height() + ", not "
                    + geometry.photoWidth() + "x" + geometry.photoHeight());
        }
        return new Explanation(
                manifest.name(),
                photo,
                geometry,
                manifest.mapPlacement(),
                RawMaps.of(manifest.layer(), maps, biases, height, width),
                logits,
                manifest.scoreFunction(),
                Labels.of(manifest.labels()),
                manifest.provenance());
    }

    /** Runs before any allocation of a size that the manifest states: a damaged manifest may state any size. */
    private static void requireRoom(ExplanationManifest manifest, long pixels, long maxPixels) {
        if (pixels > maxPixels) {
            throw new IllegalArgumentException(
                    "its photo of " + manifest.geometry().photoWidth() + "x"
                            + manifest.geometry().photoHeight() + " has more than the " + maxPixels
                            + " pixels allowed, which load(file, maxPixels) sets");
        }
        // Counts the bytes and the decoded values, the encoded photo and its pixels.
        double needed = 2.0
                * Float.BYTES
                * (manifest.labels().size() * ((double) manifest.mapHeight() * manifest.mapWidth() + 1) + pixels);
        long heap = Runtime.getRuntime().maxMemory();
        if (needed > heap * 0.75) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "it needs %.0f MiB of memory, more than Java has with its heap of %d MiB, which -Xmx sets",
                    needed / (1 << 20),
                    heap >> 20));
        }
    }

    private static byte[] verified(ZipInputStream zip, String name, int most, ExplanationManifest manifest)
            throws IOException {
        byte[] content = content(zip, name, most);
        if (!Sha256.of(content).equals(manifest.sha256().get(name))) {
            throw new IllegalArgumentException(name + " is not the one that the manifest speaks of: its hash differs");
        }
        return content;
    }

    private static byte[] content(ZipInputStream zip, String name, int most) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        if (entry == null || !entry.getName().equals(name)) {
            throw new IllegalArgumentException("it has " + (entry == null ? "nothing" : "'" + entry.getName() + "'")
                    + " where " + name + " belongs");
        }
        byte[] content = zip.readNBytes(most);
        // Reads to the end, because only then the archive's own checksum is compared.
        if (zip.read() >= 0) {
            throw new IllegalArgumentException(name + " has more than " + most + " bytes");
        }
        return content;
    }

    private static float[] finite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(name + " holds the value " + value + "; all must be finite");
            }
        }
        return values;
    }
}
