package org.cam4j.onnx.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.cam4j.door.PhotoSettings;

/**
 * Reads the settings that come with a model: from its metadata, as ultralytics and Windows ML write them; otherwise from the
 * configurations that Hugging Face and timm put beside it; names of classes also from {@code labels.txt}. Each part is taken from the first
 * source that has it.
 */
public final class StoredSettings {

    private StoredSettings() {}

    /**
     * Reads the settings of a model.
     *
     * @param model the model's file; empty if it is in memory
     * @param metadata the file's metadata by key
     * @param side the longer side of the model's input; empty if the model leaves it open
     */
    public static PhotoSettings of(Optional<Path> model, Map<String, String> metadata, OptionalInt side) {
        if (model.isEmpty()) {
            return Metadata.settings(metadata, side);
        }
        Path folder = model.get().toAbsolutePath().getParent();
        PhotoSettings settings = PhotoSettings.NONE;
        for (Supplier<PhotoSettings> source : List.<Supplier<PhotoSettings>>of(
                () -> Metadata.settings(metadata, side),
                () -> HuggingFaceConfig.settings(folder, side),
                () -> TimmConfig.settings(folder, side),
                () -> LabelLines.settings(folder))) {
            settings = completed(settings, source.get());
        }
        return settings;
    }

    private static PhotoSettings completed(PhotoSettings first, PhotoSettings second) {
        // Interpolation and fit belong to their preprocessing: those of two recipes make a third.
        boolean hasRecipe = first.preprocessing().isPresent();
        return new PhotoSettings(
                first.preprocessing().or(second::preprocessing),
                hasRecipe ? first.interpolation() : second.interpolation(),
                hasRecipe ? first.fit() : second.fit(),
                hasRecipe ? first.shortSide() : second.shortSide(),
                first.labels().or(second::labels));
    }
}
