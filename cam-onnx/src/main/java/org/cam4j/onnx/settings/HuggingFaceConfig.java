package org.cam4j.onnx.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.door.PhotoSettings;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;

/** Hugging Face's {@code preprocessor_config.json}, and the names of {@code config.json}. */
final class HuggingFaceConfig {

    /** From here on ConvNeXt's processor does not crop. */
    private static final int LARGE = 384;

    private HuggingFaceConfig() {}

    /** @param input the longer side of the model's input; empty if the model leaves it open */
    static PhotoSettings settings(Path folder, OptionalInt input) {
        Optional<String> labels = Config.read(folder, "config.json")
                .map(config -> config.path("id2label"))
                .filter(names -> names.isObject() && !names.isEmpty())
                .map(JsonNode::toString);
        JsonNode preprocessor = Config.read(folder, "preprocessor_config.json").orElse(MissingNode.getInstance());
        Optional<Preprocessing> preprocessing = preprocessing(preprocessor);
        if (preprocessing.isEmpty()) {
            return new PhotoSettings(preprocessing, Optional.empty(), Optional.empty(), OptionalInt.empty(), labels);
        }
        // A size by its shortest edge keeps the proportions; one by height and width does not.
        int edge = edge(preprocessor);
        boolean isCropped = preprocessor.path("do_center_crop").asBoolean(false) || edge > 0;
        Optional<Interpolation> filter = filter(preprocessor.path("resample").asInt(-1));
        boolean isCutOut = edge > 0 && filter.isPresent() && edge >= input.orElse(edge);
        return new PhotoSettings(
                preprocessing,
                filter,
                Optional.of(isCropped ? Fit.CENTER_CROP : Fit.SQUASH),
                isCutOut ? OptionalInt.of(edge) : OptionalInt.empty(),
                labels);
    }

    /** Returns the length of the shorter side after resizing; 0 if both sides are given. ConvNeXt's processor divides it by a share. */
    private static int edge(JsonNode preprocessor) {
        int edge = preprocessor.path("size").path("shortest_edge").asInt();
        double share = preprocessor.path("crop_pct").asDouble(1);
        boolean isWhole = !preprocessor.has("crop_pct") || edge >= LARGE || !(share > 0);
        return isWhole ? edge : (int) (edge / share);
    }

    /** Returns Pillow's filter of its number. */
    private static Optional<Interpolation> filter(int number) {
        return switch (number) {
            case 1 -> Optional.of(Interpolation.LANCZOS);
            case 2 -> Optional.of(Interpolation.SMOOTH_BILINEAR);
            case 3 -> Optional.of(Interpolation.BICUBIC);
            default -> Optional.empty();
        };
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
