package org.cam4j.evaluation.annotation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.localization.BoundingBox;

/** Puts the boxes of one photo and class together, in the order in which they first come. */
final class BoxCollector {

    private final Map<Key, List<BoundingBox>> boxes = new LinkedHashMap<>();

    private record Key(String file, Optional<String> label, OptionalInt classIndex) {}

    void add(String file, Optional<String> label, OptionalInt classIndex, BoundingBox box) {
        boxes.computeIfAbsent(new Key(file, label, classIndex), key -> new ArrayList<>())
                .add(box);
    }

    List<LabelledPhoto> photos() {
        List<LabelledPhoto> photos = new ArrayList<>();
        boxes.forEach((key, found) -> photos.add(new LabelledPhoto(key.file(), key.label(), key.classIndex(), found)));
        return photos;
    }
}
