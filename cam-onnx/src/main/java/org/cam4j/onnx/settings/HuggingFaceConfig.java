package org.cam4j.onnx.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.Optional;
import org.cam4j.door.PhotoSettings;
import org.cam4j.image.Fit;
import org.cam4j.image.Preprocessing;

/** Hugging Face's {@code preprocessor_config.json}, and the names of {@code config.json}. */
final class HuggingFaceConfig {

    private HuggingFaceConfig() {}

    static PhotoSettings settings(Path folder) {
        Optional<String> labels = Config.read(folder, "config.json")
                .map(config -> config.path("id2label"))
                .filter(names -> names.isObject() && !names.isEmpty())
                .map(JsonNode::toString);
        JsonNode preprocessor = Config.read(folder, "preprocessor_config.json").orElse(MissingNode.getInstance());
        Optional<Preprocessing> preprocessing = preprocessing(preprocessor);
        // A size by its shortest edge keeps the proportions; one by height and width does not.
        boolean isCropped = preprocessor.path("do_center_crop").asBoolean(false)
                || preprocessor.path("size").has("shortest_edge");
        return new PhotoSettings(
                preprocessing,
                Optional.empty(),
                preprocessing.map(found -> isCropped ? Fit.CENTER_CROP : Fit.SQUASH),
                labels);
    }

    private static Optional<Preprocessing> preprocessing(JsonNode preprocessor) {
        double factor = preprocessor.path("do_rescale").asBoolean(true)
                ? preprocessor.path("rescale_factor").asDouble(Config.perLevel())
                : 1;
        if (preprocessor.path("do_normalize").asBoolean(true)) {
            return Config.normalized(preprocessor.path("image_mean"), preprocessor.path("image_std"), factor);
        }
        return preprocessor.has("do_normalize") ? Optional.of(Preprocessing.of(factor, 0)) : Optional.empty();
    }
}
