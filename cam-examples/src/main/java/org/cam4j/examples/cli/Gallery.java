package org.cam4j.examples.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.picture.Colormap;
import org.cam4j.render.sheet.ContactSheet;
import org.cam4j.render.sheet.Tile;

/** Collects overlays for one contact sheet: the blog's figure 4. */
final class Gallery {

    private final List<Tile> tiles = new ArrayList<>();

    /** Draws a tile, on any thread. */
    static Tile tile(Explanation explanation, ActivationMap map, Colormap colormap) {
        if (!map.isPlaced()) {
            return Tile.of(explanation).named(explanation.name());
        }
        Overlay overlay = Overlay.of(explanation, map).longestSide(Tile.LARGEST).colormap(colormap);
        return Tile.of(Localizer.paper().box(map).map(overlay::box).orElse(overlay))
                .named(explanation.name());
    }

    void add(Tile tile) {
        tiles.add(tile);
    }

    boolean isEmpty() {
        return tiles.isEmpty();
    }

    void write(Path file) {
        ContactSheet.of(tiles).write(file);
    }
}
