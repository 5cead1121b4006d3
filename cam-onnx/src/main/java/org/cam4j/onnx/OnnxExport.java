package org.cam4j.onnx;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.file.WholeFile;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Preprocessing;
import org.cam4j.onnx.export.ExportedGraph;
import org.cam4j.onnx.export.ExportedModel;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.StringStringEntryProto;
import org.cam4j.plan.InferencePlan;

/**
 * Writes a classifier with its class activation map as ONNX, opset 17, float32, for any number of images at a time.
 *
 * <pre>{@code
 * try (ClassActivationMapper mapper = ClassActivationMapper.from(Path.of("vgg19-gap.h5")).build()) {
 *     OnnxExport.of(mapper).write(Path.of("vgg19-cam.onnx"));
 * }
 * }</pre>
 *
 * <p>Inputs: {@code image} [N, c, h, w], prepared as the network wants it, and {@code class}, int64 [1] or [N], which may be left out:
 * the class whose map is computed, or -1 for the one with the largest logit, the default. Outputs: {@code probabilities} and
 * {@code logits} [N, classes]; {@code features} [N, k, h, w], the activations of the target layer; {@code cam} [N, h, w], the map that
 * adds up, not rectified or rescaled; {@code bias} [N]: {@code logits[class] = mean(cam) + bias}, whatever the head.
 *
 * <p>Immutable.
 */
public final class OnnxExport {

    private final ClassActivationMapper mapper;
    private final boolean isChannelsFirst;

    private OnnxExport(ClassActivationMapper mapper, boolean isChannelsFirst) {
        this.mapper = mapper;
        this.isChannelsFirst = isChannelsFirst;
    }

    /**
     * Exports a mapper's network, with images as PyTorch orders them, [N, c, h, w].
     *
     * @param mapper open while the file is written; its images' usual size becomes that of the file
     * @return the export
     */
    public static OnnxExport of(ClassActivationMapper mapper) {
        return new OnnxExport(mapper, true);
    }

    /**
     * Returns an export whose images and features are as Keras orders them.
     *
     * @return the export of {@code image} [N, h, w, c] and {@code features} [N, h, w, k]
     */
    public OnnxExport channelsLast() {
        return new OnnxExport(mapper, false);
    }

    /**
     * Writes the file. Its metadata holds the classes' names, as ultralytics writes them.
     *
     * @param file written whole or not at all; replaces an existing file
     * @throws UnsupportedModelException if the network has no plan, since DL4J's layers run it, or more than 2 GiB of weights
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public void write(Path file) {
        ModelProto model = model();
        WholeFile.write(file, model::writeTo);
    }

    private ModelProto model() {
        InferencePlan plan = mapper.plan()
                .orElseThrow(() ->
                        new UnsupportedModelException("'" + mapper.summary().model()
                                + "' cannot be written as ONNX: it runs on " + mapper.engine()
                                + ", and only what has a plan can be exported. Use the Keras file."));
        String scores =
                switch (mapper.scoreFunction()) {
                    case SOFTMAX -> "Softmax";
                    case SIGMOID -> "Sigmoid";
                    case IDENTITY -> "Identity";
                };
        ModelProto.Builder model =
                ExportedModel.of(ExportedGraph.of(mapper.summary().model(), plan, scores, isChannelsFirst));
        metadata()
                .forEach((key, value) -> model.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }

    private Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        ObjectNode names = new ObjectMapper().createObjectNode();
        List<String> labels = mapper.labels().names();
        for (int i = 0; i < labels.size(); i++) {
            names.put(String.valueOf(i), labels.get(i));
        }
        metadata.put("names", names.toString());
        Optional<ImagePreparation> preparation = mapper.preparation();
        preparation.ifPresent(prepare -> {
            metadata.put("preparation", prepare.toString());
            range(prepare.preprocessing()).ifPresent(range -> {
                metadata.put("Image.NominalPixelRange", range);
                metadata.put(
                        "Image.BitmapPixelFormat",
                        switch (prepare.preprocessing().order()) {
                            case RGB -> "Rgb8";
                            case BGR -> "Bgr8";
                            case GREY -> "Gray8";
                        });
            });
        });
        return metadata;
    }

    /** Returns Windows ML's name for a range of pixels. */
    private static Optional<String> range(Preprocessing preprocessing) {
        Map<String, Preprocessing> ranges = Map.of(
                "NominalRange_0_255", Preprocessing.NONE,
                "Normalized_0_1", Preprocessing.UNIT,
                "Normalized_1_1", Preprocessing.TF);
        return ranges.entrySet().stream()
                .filter(range -> isSame(range.getValue(), preprocessing))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isSame(Preprocessing range, Preprocessing preprocessing) {
        return range.equals(preprocessing)
                || range.bgr().equals(preprocessing)
                || range.grey().equals(preprocessing);
    }
}
