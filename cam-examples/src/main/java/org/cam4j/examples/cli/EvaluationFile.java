package org.cam4j.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cam4j.ClassActivationMapper;
import org.cam4j.evaluation.annotation.LabelledPhoto;
import org.cam4j.evaluation.faithfulness.FaithfulnessScores;
import org.cam4j.evaluation.localization.BoxOverlap;
import org.cam4j.evaluation.localization.LocalizationReport;
import org.cam4j.evaluation.localization.Observation;
import org.cam4j.file.WholeFile;
import org.cam4j.image.ImagePreparation;
import org.cam4j.localization.BoundingBox;

/** The JSON file of an evaluation: settings, results, and results by photo. */
final class EvaluationFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root = JSON.createObjectNode();
    private final ArrayNode photos = JSON.createArrayNode();

    EvaluationFile(ClassActivationMapper mapper, Path boxes, double threshold, Optional<Integer> passes) {
        root.put("model", mapper.summary().model());
        root.put("engine", mapper.engine());
        root.put(
                "preparation",
                mapper.preparation().map(ImagePreparation::toString).orElse(null));
        root.put("version", ClassActivationMapper.version());
        root.put("boxes", boxes.getFileName().toString());
        root.put("threshold", threshold);
        root.put("hideAndSeekPasses", passes.orElse(0));
    }

    void add(LabelledPhoto photo, Observation seen, BoxOverlap overlap) {
        addBox(entry(photo, seen), overlap);
    }

    /** Adds a photo with the boxes of several methods. */
    void add(
            LabelledPhoto photo,
            List<EvaluatedMethod> methods,
            List<EvaluatedMethod.Seen> seen,
            List<BoxOverlap> overlaps) {
        ArrayNode each = entry(photo, seen.get(0).observation()).putArray("methods");
        for (int i = 0; i < methods.size(); i++) {
            ObjectNode method = each.addObject();
            method.put("method", methods.get(i).name());
            addBox(method, overlaps.get(i));
        }
    }

    private ObjectNode entry(LabelledPhoto photo, Observation seen) {
        ObjectNode entry = photos.addObject();
        entry.put("image", photo.file());
        entry.put("index", seen.map().prediction().index());
        entry.put("label", seen.map().prediction().label());
        entry.put("rank", seen.rank());
        return entry;
    }

    private static void addBox(ObjectNode entry, BoxOverlap overlap) {
        if (overlap.box().isPresent()) {
            BoundingBox box = overlap.box().get();
            entry.putArray("box").add(box.x0()).add(box.y0()).add(box.x1()).add(box.y1());
        } else {
            entry.putNull("box");
        }
        entry.put("intersectionOverUnion", overlap.intersectionOverUnion());
    }

    void write(Path file, LocalizationReport report, Optional<FaithfulnessScores> faithfulness) {
        root.set("localization", JSON.valueToTree(report));
        faithfulness.ifPresent(scores -> root.set("faithfulness", JSON.valueToTree(scores)));
        write(file);
    }

    /** Writes the results of several methods; {@code localization} are those of the first. */
    void write(Path file, List<EvaluatedMethod> methods) {
        root.set("localization", JSON.valueToTree(methods.get(0).report()));
        ArrayNode each = root.putArray("methods");
        for (EvaluatedMethod method : methods) {
            ObjectNode entry = each.addObject();
            entry.put("method", method.name());
            entry.put("millisecondsPerMap", method.millisecondsEach());
            entry.set("localization", JSON.valueToTree(method.report()));
            method.mean().ifPresent(mean -> {
                entry.put("deletion", mean.deletion());
                entry.put("insertion", mean.insertion());
                entry.put("averageDrop", mean.adcc().drop());
                entry.put("coherency", mean.adcc().coherency());
                entry.put("complexity", mean.adcc().complexity());
                entry.put("adcc", method.adcc().orElseThrow());
            });
        }
        write(file);
    }

    private void write(Path file) {
        root.set("photos", photos);
        WholeFile.write(
                file, out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root)));
    }
}
