package org.cam4j.onnx.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cam4j.InputTensor;
import org.cam4j.onnx.OnnxModel;
import org.cam4j.plan.operation.Shape;

/**
 * A classifier of a folder as {@code src/test/resources/classifiers/README.md} describes it.
 *
 * @param folder with {@code NAME.onnx} and {@code NAME.npz}
 * @param name of the model
 * @param tensors the names of the tensors whose values are known, by the array's name
 * @param logits the name of the logits' tensor
 */
public record StoredClassifier(Path folder, String name, Map<String, String> tensors, String logits) {

    /** The fixtures, or the folder of the system property {@code cam4j.onnx.classifiers}. */
    public static List<StoredClassifier> all() {
        String given = System.getProperty("cam4j.onnx.classifiers");
        return in(given == null ? Path.of("src", "test", "resources", "classifiers") : Path.of(given));
    }

    public static List<StoredClassifier> in(Path folder) {
        List<StoredClassifier> found = new ArrayList<>();
        try {
            JsonNode models = new ObjectMapper()
                    .readTree(folder.resolve("index.json").toFile())
                    .get("models");
            for (JsonNode model : models) {
                String logits = model.get("output").get("logits_tensor").textValue();
                found.add(new StoredClassifier(
                        folder,
                        model.get("name").textValue(),
                        Map.of(
                                "logits", logits,
                                "last.activation", tensor(model, "last"),
                                "inner.activation", tensor(model, "inner")),
                        logits));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static String tensor(JsonNode model, String layer) {
        return model.get("layers").get(layer).get("tensor").textValue();
    }

    public static StoredClassifier of(String name) {
        return in(Path.of("src", "test", "resources", "classifiers")).stream()
                .filter(stored -> stored.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    public Path file() {
        return folder.resolve(name + ".onnx");
    }

    public OnnxModel model() {
        return OnnxModel.read(file());
    }

    public Map<String, Npz.Array> values() {
        return Npz.read(folder.resolve(name + ".npz"));
    }

    /** The images in the plan's order, whatever the model's. */
    public record Images(int count, Shape shape, float[] values) {}

    public Images images() {
        Npz.Array input = values().get("input");
        int[] dims = input.dims();
        boolean isChannelsLast = dims[3] <= 4;
        int height = dims[isChannelsLast ? 1 : 2];
        int width = dims[isChannelsLast ? 2 : 3];
        int channels = dims[isChannelsLast ? 3 : 1];
        Shape shape = new Shape(height, width, channels);
        if (isChannelsLast) {
            return new Images(dims[0], shape, input.values());
        }
        float[] values = new float[input.values().length];
        int cells = height * width;
        for (int i = 0; i < values.length; i++) {
            int image = i / shape.size();
            int channel = i / cells % channels;
            values[(image * cells + i % cells) * channels + channel] = input.values()[i];
        }
        return new Images(dims[0], shape, values);
    }

    /** The first image. */
    public InputTensor image() {
        Images images = images();
        Shape shape = images.shape();
        return InputTensor.of(
                Arrays.copyOf(images.values(), shape.size()), shape.height(), shape.width(), shape.channels());
    }

    @Override
    public String toString() {
        return name;
    }
}
