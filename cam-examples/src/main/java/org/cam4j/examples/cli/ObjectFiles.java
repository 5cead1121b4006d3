package org.cam4j.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.file.WholeFile;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.DetectedObject;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.picture.Colormap;

/** Writes the objects of a photo: {@code NAME-objects.png} or {@code .jpg} for people and {@code NAME-objects.json} for programs. */
final class ObjectFiles {

    private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();
    private static final double OPACITY = 0.45;

    private final ResultFolder folder;
    private final OverlayOptions overlays;

    ObjectFiles(ResultFolder folder, OverlayOptions overlays) {
        this.folder = folder;
        this.overlays = overlays;
    }

    void write(String name, Explanation explanation, List<DetectedObject> objects) {
        Path last = folder.claim(name + "-objects.json");
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("image", explanation.name());
        root.put("width", explanation.decoded().width());
        root.put("height", explanation.decoded().height());
        root.put("model", explanation.provenance().model());
        root.put("version", explanation.provenance().version());
        ArrayNode list = root.putArray("objects");
        for (DetectedObject object : objects) {
            ObjectNode entry = list.addObject()
                    .put("index", object.prediction().index())
                    .put("label", object.label())
                    .put("probability", object.probability());
            corners(entry.putArray("box"), object.box());
            corners(entry.putArray("crop"), object.crop());
        }
        overlays.overlays().ifPresent(colormap -> {
            String picture = name + "-objects" + overlays.format().ending();
            overlays.format()
                    .write(overlay(explanation, objects, colormap, overlays.longestSide()), folder.claim(picture));
            root.put("overlay", picture);
        });
        WholeFile.write(last, out -> out.write(JSON.writeValueAsBytes(root)));
    }

    private static void corners(ArrayNode array, BoundingBox box) {
        array.add(box.x0()).add(box.y0()).add(box.x1()).add(box.y1());
    }

    /** Draws the heat of all objects first, so that no heat covers a box; without objects, the photo alone. */
    private static Overlay overlay(
            Explanation explanation, List<DetectedObject> objects, Colormap colormap, int longestSide) {
        BufferedImage picture = explanation.decoded().fitted(longestSide);
        double x = (double) picture.getWidth() / explanation.decoded().width();
        double y = (double) picture.getHeight() / explanation.decoded().height();
        Overlay overlay = on(picture, explanation.map()).opacity(0);
        for (DetectedObject object : objects) {
            overlay = on(overlay.image(), object.map()).colormap(colormap).opacity(OPACITY);
        }
        for (DetectedObject object : objects) {
            overlay = on(overlay.image(), object.map())
                    .opacity(0)
                    .box(object.box().enclosing(x, y))
                    .label(String.format(Locale.ROOT, "%s %.2f", object.label(), object.probability()));
        }
        return overlay;
    }

    /** An overlay on a photo that may have been shrunk. */
    private static Overlay on(BufferedImage picture, ActivationMap map) {
        return Overlay.of(picture, map.withGeometry(map.geometry().resized(picture.getWidth(), picture.getHeight())));
    }
}
