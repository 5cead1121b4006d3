package org.cam4j.onnx.settings;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.door.PhotoSettings;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;

/**
 * The metadata of ultralytics ({@code task}, {@code names}), and of Windows ML ({@code Image.BitmapPixelFormat},
 * {@code Image.NominalPixelRange}).
 */
final class Metadata {

    private Metadata() {}

    /** @param input the longer side of the model's input; empty if the model leaves it open */
    static PhotoSettings settings(Map<String, String> metadata, OptionalInt input) {
        Optional<String> names = Optional.ofNullable(metadata.get("names"));
        if ("classify".equals(metadata.get("task"))) {
            // ultralytics' classify_transforms: pixels in [0, 1], the shorter side resized to the input's by Pillow's
            // bilinear filter.
            return new PhotoSettings(
                    Optional.of(Preprocessing.UNIT),
                    Optional.of(Interpolation.SMOOTH_BILINEAR),
                    Optional.of(Fit.CENTER_CROP),
                    input,
                    names);
        }
        return new PhotoSettings(
                preprocessing(metadata), Optional.empty(), Optional.empty(), OptionalInt.empty(), names);
    }

    private static Optional<Preprocessing> preprocessing(Map<String, String> metadata) {
        Optional<Preprocessing> range = range(metadata.getOrDefault("Image.NominalPixelRange", ""));
        return range.flatMap(found -> switch (metadata.getOrDefault("Image.BitmapPixelFormat", "")) {
            case "Rgb8" -> Optional.of(found);
            case "Bgr8" -> Optional.of(found.bgr());
            case "Gray8" -> Optional.of(found.grey());
            default -> Optional.empty();
        });
    }

    private static Optional<Preprocessing> range(String range) {
        return switch (range) {
            case "NominalRange_0_255" -> Optional.of(Preprocessing.NONE);
            case "Normalized_0_1" -> Optional.of(Preprocessing.UNIT);
            case "Normalized_1_1" -> Optional.of(Preprocessing.TF);
            default -> Optional.empty();
        };
    }
}
