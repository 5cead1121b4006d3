package org.cam4j.examples;

import java.nio.file.Path;
import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.HideAndSeek;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.sheet.ContactSheet;
import org.cam4j.render.sheet.Tile;

/** A worked example: draws the boxes that different rules find on one map. Made the figure of docs/localization.md. */
public final class BoxRules {

    private BoxRules() {}

    /**
     * Writes a contact sheet.
     *
     * @param arguments the model, the photo, and the PNG file to write
     */
    public static void main(String[] arguments) {
        try (ClassActivationMapper mapper =
                ClassActivationMapper.fromKeras(Path.of(arguments[0])).build()) {
            Explanation explanation = mapper.explain(Path.of(arguments[1]));
            ActivationMap map = explanation.map();
            ActivationMap sought = HideAndSeek.of(mapper)
                    .seek(explanation, map.prediction().index())
                    .average();
            ContactSheet.of(List.of(
                            tile(explanation, map, Localizer.paper().boxes(map), "Localizer.paper()"),
                            tile(explanation, map, Localizer.relative(0.4).boxes(map), "Localizer.relative(0.4)"),
                            tile(explanation, map, Localizer.minMax(0.5).boxes(map), "Localizer.minMax(0.5)"),
                            tile(
                                    explanation,
                                    map,
                                    Localizer.relative(0.4).splitting(0.1).boxes(map),
                                    "relative(0.4).splitting(0.1)"),
                            tile(explanation, map, Localizer.multiThreshold().boxes(map), "Localizer.multiThreshold()"),
                            tile(explanation, sought, Localizer.paper().boxes(sought), "HideAndSeek, paper()")))
                    .columns(3)
                    .write(Path.of(arguments[2]));
        }
    }

    private static Tile tile(Explanation explanation, ActivationMap map, List<BoundingBox> boxes, String rule) {
        Overlay overlay = Overlay.of(explanation, map);
        for (BoundingBox box : boxes) {
            overlay = overlay.box(box);
        }
        return Tile.of(overlay.image(), rule, boxes.size() == 1 ? "1 box" : boxes.size() + " boxes");
    }
}
