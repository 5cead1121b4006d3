package org.cam4j.evaluation.annotation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.exception.AnnotationException;
import org.cam4j.localization.BoundingBox;

/**
 * The metadata folders of wsolevaluation (Choe et al., "Evaluating Weakly Supervised Object Localization Methods Right", CVPR
 * 2020): {@code localization.txt} with {@code path,x0,y0,x1,y1} a line, the last pixels inclusive, and {@code class_labels.txt} with
 * {@code path,index}.
 */
final class WsolMetadata {

    static final String BOXES = "localization.txt";
    private static final String CLASSES = "class_labels.txt";

    private WsolMetadata() {}

    static List<LabelledPhoto> read(Path folder) {
        Map<String, Integer> classes = classes(folder.resolve(CLASSES));
        BoxCollector collector = new BoxCollector();
        Path file = folder.resolve(BOXES);
        for (String line : lines(file)) {
            String[] fields = line.split(",", -1);
            if (fields.length != 5) {
                throw new AnnotationException("'" + file + "' has the line '" + line
                        + "': expected path,x0,y0,x1,y1. Metadata with masks has no boxes.");
            }
            String where = "line '" + line + "' of '" + file + "'";
            if (fields[0].isBlank()) {
                throw new AnnotationException(where + " names no file: expected the photo of the box.");
            }
            Integer index = classes.get(fields[0]);
            collector.add(
                    fields[0],
                    Optional.empty(),
                    index == null ? OptionalInt.empty() : OptionalInt.of(index),
                    box(fields, where));
        }
        return collector.photos();
    }

    private static BoundingBox box(String[] fields, String where) {
        try {
            return new BoundingBox(
                    TextFile.pixel(fields[1], where),
                    TextFile.pixel(fields[2], where),
                    TextFile.pixel(fields[3], where) + 1,
                    TextFile.pixel(fields[4], where) + 1);
        } catch (IllegalArgumentException e) {
            throw new AnnotationException(where + ": " + e.getMessage() + ".", e);
        }
    }

    private static Map<String, Integer> classes(Path file) {
        Map<String, Integer> classes = new HashMap<>();
        if (Files.exists(file)) {
            for (String line : lines(file)) {
                int comma = line.lastIndexOf(',');
                if (comma < 0) {
                    throw new AnnotationException("'" + file + "' has the line '" + line + "': expected path,index.");
                }
                classes.put(
                        line.substring(0, comma),
                        TextFile.index(line.substring(comma + 1), "line '" + line + "' of '" + file + "'"));
            }
        }
        return classes;
    }

    private static List<String> lines(Path file) {
        return TextFile.read(file, TextFile.largestTable())
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }
}
