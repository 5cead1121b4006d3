package org.cam4j.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
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
        ObjectNode entry = photos.addObject();
        entry.put("image", photo.file());
        entry.put("index", seen.map().prediction().index());
        entry.put("label", seen.map().prediction().label());
        entry.put("rank", seen.rank());
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
        root.set("photos", photos);
        WholeFile.write(
                file, out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root)));
    }
}
