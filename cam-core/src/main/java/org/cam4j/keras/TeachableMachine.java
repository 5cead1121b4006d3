package org.cam4j.keras;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cam4j.exception.ModelFileException;
import org.cam4j.keras.file.Blame;
import org.cam4j.keras.file.FileFormat;

/**
 * What is known about models that Teachable Machine (teachablemachine.withgoogle.com) exports for Keras: {@code converted_keras.zip} with
 * {@code keras_model.h5} and {@code labels.txt}.
 *
 * <p>{@link KerasModels} reads the zip like the model in it.
 */
public final class TeachableMachine {

    private static final int SIZE = 224;

    private TeachableMachine() {}

    /**
     * Returns the file of labels in an exported zip.
     *
     * @param model the model's file
     * @return the bytes of {@code labels.txt}; empty if the file is no such zip
     * @throws ModelFileException if the archive is damaged
     */
    public static Optional<byte[]> labels(Path model) {
        return Blame.on(
                "Keras file '" + model + "'",
                () -> FileFormat.labels(model, ReadLimits.standard().files()));
    }

    /**
     * Tells whether a model is built as Teachable Machine builds image models: 224x224x3, global average pooling, a hidden dense layer, and
     * a dense layer without bias to the classes. Its photos are then prepared as Teachable Machine's code does.
     *
     * @param model as {@link KerasModels} returns it
     * @return whether input and last layers are those
     */
    public static boolean isBuiltLike(ImportedModel model) {
        List<ImportedLayer> ends = model.layers().stream()
                .filter(layer -> layer.parameters() > 0 || layer.className().startsWith("Global"))
                .toList();
        if (model.inputHeight() != SIZE
                || model.inputWidth() != SIZE
                || model.inputChannels() != 3
                || ends.size() < 4) {
            return false;
        }
        ImportedLayer pooling = ends.get(ends.size() - 3);
        ImportedLayer hidden = ends.get(ends.size() - 2);
        ImportedLayer classes = ends.get(ends.size() - 1);
        return pooling.className().equals("GlobalAveragePooling2D")
                && isDense(hidden, pooling, true)
                && isDense(classes, hidden, false);
    }

    private static boolean isDense(ImportedLayer layer, ImportedLayer before, boolean hasBias) {
        if (!layer.className().equals("Dense") || layer.shape().size() != 1) {
            return false;
        }
        long outputs = layer.shape().get(0);
        long inputs = before.shape().get(before.shape().size() - 1);
        return layer.parameters() == inputs * outputs + (hasBias ? outputs : 0);
    }
}
