package org.cam4j.onnx.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.Optional;
import org.cam4j.door.PhotoSettings;
import org.cam4j.image.Fit;
import org.cam4j.image.Preprocessing;

/** timm's {@code config.json}. */
final class TimmConfig {

    private TimmConfig() {}

    static PhotoSettings settings(Path folder) {
        JsonNode config = Config.read(folder, "config.json").orElse(MissingNode.getInstance());
        JsonNode recipe = config.path("pretrained_cfg");
        Optional<Preprocessing> preprocessing =
                Config.normalized(recipe.path("mean"), recipe.path("std"), Config.perLevel());
        boolean isSquashed = recipe.path("crop_mode").asText("center").equals("squash");
        JsonNode names = config.path("label_names");
        return new PhotoSettings(
                preprocessing,
                Optional.empty(),
                preprocessing.map(found -> isSquashed ? Fit.SQUASH : Fit.CENTER_CROP),
                names.isArray() && !names.isEmpty() ? Optional.of(names.toString()) : Optional.empty());
    }
}
