package org.cam4j.examples;

import java.nio.file.Path;
import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.explain.Augmented;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.explain.GradCam;
import org.cam4j.explain.LayerCam;
import org.cam4j.explain.Methods;
import org.cam4j.explain.Occlusion;
import org.cam4j.explain.Rise;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.sheet.ContactSheet;
import org.cam4j.render.sheet.Tile;

/** A worked example: draws one photo's maps by every method but those of transformers. Made the figure of docs/methods.md. */
public final class MethodSheet {

    private MethodSheet() {}

    /**
     * Writes a contact sheet.
     *
     * @param arguments the model, the photo, the picture file to write, and the names of layers, the shallow ones first
     */
    public static void main(String[] arguments) {
        String[] layers = List.of(arguments).subList(3, arguments.length).toArray(String[]::new);
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(Path.of(arguments[0])).build()) {
            Explanation explanation = mapper.explain(Path.of(arguments[1]));
            ContactSheet.of(List.of(
                            tile(explanation, "cam"),
                            tile(explanation, "grad-cam"),
                            tile(explanation, "hires-cam"),
                            tile(explanation, "xgrad-cam"),
                            tile(explanation, "grad-cam++"),
                            tile(explanation, "layer-cam"),
                            tile(explanation, "elementwise-grad-cam"),
                            tile(explanation, "finer-cam"),
                            tile(explanation, "shapley-cam"),
                            tile(explanation, "eigen-cam"),
                            tile(explanation, "eigen-grad-cam"),
                            tile(explanation, "kpca-cam"),
                            tile(explanation, "score-cam"),
                            tile(explanation, "ablation-cam"),
                            tile(explanation, "recipro-cam"),
                            tile(explanation, Rise.with(500), "500 masks"),
                            tile(explanation, Occlusion.with(5), ""),
                            tile(explanation, "full-grad"),
                            tile(explanation, "integrated-gradients"),
                            tile(explanation, "smooth-grad"),
                            tile(explanation, LayerCam.at(layers), "of " + layers.length + " layers"),
                            tile(explanation, GradCam.at(layers[0]), "of " + layers[0]),
                            tile(explanation, LayerCam.at(layers[1]), "of " + layers[1]),
                            tile(explanation, Augmented.of(LayerCam.at(layers[1])), "of " + layers[1])))
                    .columns(4)
                    .tileSize(220, 160)
                    .write(Path.of(arguments[2]));
        }
    }

    private static Tile tile(Explanation explanation, String name) {
        return tile(explanation, Methods.named(name, List.of()), "");
    }

    private static Tile tile(Explanation explanation, ExplanationMethod method, String more) {
        ActivationMap map = explanation.map(explanation.prediction().index(), method);
        return Tile.of(Overlay.of(explanation, map).image(), method.name(), more);
    }
}
