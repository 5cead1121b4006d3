package org.cam4j;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.TeachableMachine;

/**
 * The settings of models that Teachable Machine exports: labels in the zip or beside {@code keras_model.h5}, and the preparation of photos
 * in the code that Teachable Machine gives with a model, {@code ImageOps.fit(image, (224, 224), LANCZOS) / 127.5 - 1}
 * (github.com/googlecreativelab/teachablemachine-community, snippets/markdown/image/tensorflow/keras.md).
 */
final class ExportedSettings {

    private static final String MODEL = "keras_model.h5";
    private static final String LABELS = "labels.txt";

    private ExportedSettings() {}

    /**
     * Returns what an export says about itself; {@link ModelSettings#NONE} for every other model.
     *
     * @param file the model's file
     * @param model the model in it
     */
    static ModelSettings of(Path file, ImportedModel model) {
        boolean isBuiltLikeExports = TeachableMachine.isBuiltLike(model);
        Optional<Labels> labels = TeachableMachine.labels(file)
                .map(bytes -> Labels.read(bytes, "'" + LABELS + "' in '" + file + "'"))
                .or(() -> isBuiltLikeExports ? beside(file) : Optional.empty());
        if (labels.isEmpty() || !isBuiltLikeExports) {
            return new ModelSettings(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), labels);
        }
        return new ModelSettings(
                Optional.of(Preprocessing.TF),
                Optional.of(Interpolation.LANCZOS),
                Optional.of(Fit.EXACT_CENTER_CROP),
                OptionalInt.empty(),
                labels);
    }

    /** Returns the labels beside a file that has the exported name. */
    private static Optional<Labels> beside(Path file) {
        Path labels = file.resolveSibling(LABELS);
        return file.getFileName().toString().equalsIgnoreCase(MODEL) && Files.isRegularFile(labels)
                ? Optional.of(Labels.read(labels))
                : Optional.empty();
    }
}
