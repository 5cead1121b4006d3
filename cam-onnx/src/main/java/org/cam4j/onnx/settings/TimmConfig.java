package org.cam4j.onnx.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.door.PhotoSettings;
import org.cam4j.image.Fit;
import org.cam4j.image.Preprocessing;

/** timm's {@code config.json}. */
final class TimmConfig {

    /** timm's {@code DEFAULT_CROP_PCT}. */
    private static final double DEFAULT_CROP = 0.875;

    private TimmConfig() {}

    /** @param input the longer side of the model's input; empty if the model leaves it open */
    static PhotoSettings settings(Path folder, OptionalInt input) {
        JsonNode config = Config.read(folder, "config.json").orElse(MissingNode.getInstance());
        JsonNode recipe = config.path("pretrained_cfg");
        Optional<Preprocessing> preprocessing =
                Config.normalized(recipe.path("mean"), recipe.path("std"), Config.perLevel());
        JsonNode names = config.path("label_names");
        Optional<String> labels =
                names.isArray() && !names.isEmpty() ? Optional.of(names.toString()) : Optional.empty();
        if (preprocessing.isEmpty()) {
            return new PhotoSettings(preprocessing, Optional.empty(), Optional.empty(), OptionalInt.empty(), labels);
        }
        return new PhotoSettings(
                preprocessing,
                Config.filter(recipe.path("interpolation").asText()),
                fit(recipe),
                side(recipe, input),
                labels);
    }

    private static Optional<Fit> fit(JsonNode recipe) {
        return switch (recipe.path("crop_mode").asText("center")) {
            case "center" -> Optional.of(Fit.CENTER_CROP);
            case "squash" ->
                // Squashed, then cropped, where the share is below 1: none of the fits.
                recipe.path("crop_pct").asDouble(DEFAULT_CROP) == 1 ? Optional.of(Fit.SQUASH) : Optional.empty();
            // A border of the mean colour: none of the fits.
            default -> Optional.empty();
        };
    }

    /** Returns {@code floor(side / crop_pct)} of a square input that is cropped, if the filter is one of Pillow's. */
    private static OptionalInt side(JsonNode recipe, OptionalInt input) {
        double share = recipe.path("crop_pct").asDouble(DEFAULT_CROP);
        JsonNode size = recipe.path("input_size");
        int side = input.orElse(Math.max(size.path(1).asInt(), size.path(2).asInt()));
        boolean isCropped = fit(recipe).filter(fit -> fit == Fit.CENTER_CROP).isPresent();
        boolean isFiltered =
                Config.filter(recipe.path("interpolation").asText()).isPresent();
        return isCropped && isFiltered && side > 0 && share > 0 && share <= 1
                ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, Math.floor(side / share)))
                : OptionalInt.empty();
    }
}
