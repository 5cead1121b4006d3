package org.cam4j.training.export;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.file.WholeFile;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Writes a DL4J graph as a Keras model that Keras loads and runs, and that {@link org.cam4j.keras.KerasModels} reads back.
 *
 * <p>Written are convolutions (plain, depthwise, separable), normalization, activations, pooling, borders, sums, products,
 * concatenations and dense layers; dropout, which only training knows, is left out. The model takes images [n, h, w, c] whatever the
 * graph's own layout.
 */
public final class KerasExport {

    /** An attribute of an HDF5 object header holds 64 kB; what is larger needs structures that jHDF does not write. */
    private static final int LARGEST_ATTRIBUTE = 60_000;

    /** Both Keras 2 and Keras 3 read what this version wrote. */
    private static final String KERAS_2 = "2.15.0";

    private static final String KERAS_3 = "3.5.0";

    private KerasExport() {}

    /**
     * Writes a classifier.
     *
     * @param graph initialised; a network that has class activation maps; not modified
     * @param height rows of the input
     * @param width columns of the input
     * @param file ends in {@code .keras} for Keras 3, in anything else for an HDF5 file that Keras 2 and 3 read; written whole or
     *     not at all
     * @throws UnsupportedModelException if the graph has layers that Keras has not, or is too large for an HDF5 file; the message
     *     names them
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public static void write(ComputationGraph graph, int height, int width, Path file) {
        int channels = GapClassifier.find(graph, height, width).inputChannels();
        List<KerasLayer> layers = KerasOrder.of(KerasLayers.of(graph, height, width, channels));
        boolean keras3 = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".keras");
        if (keras3) {
            WholeFile.write(file, out -> writeKeras3(layers, out));
        } else {
            String config = KerasConfig.keras2(layers).toString();
            if (config.length() > LARGEST_ATTRIBUTE) {
                throw new UnsupportedModelException("the model's description has " + config.length()
                        + " characters, of which an attribute of an HDF5 file holds " + LARGEST_ATTRIBUTE
                        + ": write a .keras file, which has no such limit.");
            }
            WholeFile.write(file, out -> copyHdf5(out, hdf5 -> writeKeras2(layers, config, hdf5)));
        }
    }

    /**
     * {@code model_weights/LAYER/LAYER/kernel:0}, and the names of all in attributes. Layers without weights are left out, which
     * Keras does not mind: jHDF 0.9.4 writes the next group over one that is empty.
     */
    private static void writeKeras2(List<KerasLayer> layers, String config, WritableHdfFile file) {
        file.putAttribute("keras_version", KERAS_2);
        file.putAttribute("backend", "tensorflow");
        file.putAttribute("model_config", config);
        List<KerasLayer> weighty =
                layers.stream().filter(layer -> !layer.weights().isEmpty()).toList();
        WritableGroup weights = file.putGroup("model_weights");
        weights.putAttribute("keras_version", KERAS_2);
        weights.putAttribute("backend", "tensorflow");
        weights.putAttribute(
                "layer_names", weighty.stream().map(KerasLayer::name).toArray(String[]::new));
        for (KerasLayer layer : weighty) {
            WritableGroup group = weights.putGroup(layer.name());
            group.putAttribute(
                    "weight_names",
                    layer.weights().stream()
                            .map(weight -> layer.name() + "/" + weight.name() + ":0")
                            .toArray(String[]::new));
            WritableGroup inner = group.putGroup(layer.name());
            layer.weights().forEach(weight -> inner.putDataset(weight.name() + ":0", weight.nested()));
        }
    }

    private static void writeKeras3(List<KerasLayer> layers, OutputStream out) throws IOException {
        // Not closed: the stream is the caller's.
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.putNextEntry(new ZipEntry("metadata.json"));
        zip.write(JsonNodeFactory.instance
                .objectNode()
                .put("keras_version", KERAS_3)
                .toString()
                .getBytes(StandardCharsets.UTF_8));
        zip.putNextEntry(new ZipEntry("config.json"));
        zip.write(KerasConfig.keras3(layers).toString().getBytes(StandardCharsets.UTF_8));
        zip.putNextEntry(new ZipEntry("model.weights.h5"));
        copyHdf5(zip, file -> writeKeras3Weights(layers, file));
        zip.closeEntry();
        zip.finish();
    }

    /** {@code layers/conv2d_1/vars/0}: by class, counted in the order of the layers. */
    private static void writeKeras3Weights(List<KerasLayer> layers, WritableHdfFile file) {
        WritableGroup all = file.putGroup("layers");
        Map<String, Integer> counts = new HashMap<>();
        for (KerasLayer layer : layers) {
            if (layer.weights().isEmpty()) {
                continue;
            }
            int count = counts.merge(layer.snakeName(), 1, Integer::sum) - 1;
            WritableGroup group = all.putGroup(count == 0 ? layer.snakeName() : layer.snakeName() + "_" + count);
            WritableGroup values = group.putGroup("vars");
            for (int i = 0; i < layer.weights().size(); i++) {
                values.putDataset(String.valueOf(i), layer.weights().get(i).nested());
            }
        }
    }

    /** The callback that fills an HDF5 file. */
    @FunctionalInterface
    private interface Hdf5Content {
        void writeTo(WritableHdfFile file);
    }

    /** jHDF writes files, not streams. */
    private static void copyHdf5(OutputStream out, Hdf5Content content) throws IOException {
        Path temporary = Files.createTempFile("cam4j-", ".h5");
        try {
            try (WritableHdfFile file = HdfFile.write(temporary)) {
                content.writeTo(file);
            }
            Files.copy(temporary, out);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
