package org.cam4j.training;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.cam4j.exception.CamException;
import org.cam4j.exception.ModelFileException;
import org.cam4j.file.WholeFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** DL4J's zip of a graph with one more entry, which DL4J passes over. */
final class NetworkZip {

    static final String SETTINGS = "cam4j.json";
    private static final int LARGEST_SETTINGS = 1 << 24;

    private NetworkZip() {}

    static void write(GapNetwork network, Path file) {
        WholeFile.write(file, out -> write(network, out));
    }

    private static void write(GapNetwork network, OutputStream out) throws IOException {
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network.graph(), model, false);
        // Not closed: the stream is the caller's.
        ZipOutputStream zip = new ZipOutputStream(out);
        try (ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(model.toByteArray()))) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                zip.putNextEntry(new ZipEntry(entry.getName()));
                entries.transferTo(zip);
                zip.closeEntry();
            }
        }
        zip.putNextEntry(new ZipEntry(SETTINGS));
        zip.write(NetworkSettings.encode(network));
        zip.closeEntry();
        zip.finish();
    }

    static GapNetwork read(Path file) {
        try {
            byte[] settings = settings(file);
            ComputationGraph graph = ModelSerializer.restoreComputationGraph(file.toFile(), false);
            return new GapNetwork(graph, NetworkSettings.labels(settings), NetworkSettings.preparation(settings));
        } catch (NoSuchFileException e) {
            throw new ModelFileException("there is no model '" + file + "': check the path.", e);
        } catch (CamException e) {
            throw new ModelFileException("model '" + file + "': " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            throw new ModelFileException(
                    "model '" + file + "' is no DL4J zip that cam4j wrote, or is damaged: " + e.getMessage(), e);
        }
    }

    private static byte[] settings(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(SETTINGS);
            if (entry == null) {
                throw new ModelFileException(
                        "it has no entry " + SETTINGS + ": a zip of DL4J's ModelSerializer says neither"
                                + " size nor labels. Restore it with ModelSerializer and give both: new GapNetwork(graph, ...).");
            }
            return zip.getInputStream(entry).readNBytes(LARGEST_SETTINGS);
        }
    }
}
