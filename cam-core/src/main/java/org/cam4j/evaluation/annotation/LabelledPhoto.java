package org.cam4j.evaluation.annotation;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.Labels;
import org.cam4j.localization.BoundingBox;

/**
 * The labelled boxes of a photo: the objects of one class.
 *
 * @param file the photo's name or path as the annotations have it, relative to the folder of photos
 * @param label the class's name, where the annotations say it
 * @param classIndex the class's index in the network's output, where the annotations say it
 * @param boxes at least one, in the upright photo's own pixels
 */
public record LabelledPhoto(String file, Optional<String> label, OptionalInt classIndex, List<BoundingBox> boxes) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there is no box
     */
    public LabelledPhoto {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(classIndex, "classIndex");
        boxes = List.copyOf(boxes);
        if (boxes.isEmpty()) {
            throw new IllegalArgumentException("'" + file + "' has no box: leave it out");
        }
    }

    /**
     * The class that was labelled: the index if there is one, or else the index of the label.
     *
     * @param labels the network's
     * @return in [0, labels.size())
     * @throws IllegalArgumentException if the annotations name no class, or one that the network does not have
     */
    public int classIndex(Labels labels) {
        if (classIndex.isEmpty()) {
            return labels.indexOf(
                    label.orElseThrow(
                            () -> new IllegalArgumentException(
                                    "'" + file
                                            + "' is labelled with neither a class's name nor its index: add a column 'label' or 'class_index'.")));
        }
        int index = classIndex.getAsInt();
        if (index < 0 || index >= labels.size()) {
            throw new IllegalArgumentException("'" + file + "' is labelled with class " + index
                    + ", but the model's classes are 0 to " + (labels.size() - 1) + ".");
        }
        return index;
    }
}
