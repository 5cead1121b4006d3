package org.cam4j.examples.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.localization.BoundingBox;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.picture.Colormap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options for the pictures of single photos. */
final class PictureOptions {

    @Mixin
    OverlayOptions overlays = new OverlayOptions();

    @Option(
            names = "--contours",
            paramLabel = "LEVEL",
            split = ",",
            description = "Draw lines of equal heat on overlays, at these shares of the maximum: 0.2,0.5,0.8.")
    private List<Double> contours = List.of();

    @Option(names = "--legend", description = "Draw a bar of the colours below overlays.")
    private boolean legend;

    @Option(names = "--side-by-side", description = "Draw the photo as it is beside each overlay.")
    private boolean sideBySide;

    @Option(names = "--grid", description = "Also write NAME-INDEX-grid.png, the raw map with its values.")
    private boolean grid;

    Colormap colormap() {
        return overlays.colormap();
    }

    boolean grid() {
        return grid;
    }

    /** Returns the longest sides of overlays, as {@link org.cam4j.MapperBuilder#pictures} takes them. */
    IntStream sizes() {
        return overlays.overlays().isEmpty() ? IntStream.empty() : IntStream.of(overlays.longestSide());
    }

    /** Returns the format of overlays. */
    OverlayFormat format() {
        return overlays.format();
    }

    /** Draws the overlay of a map with these options; empty if none is wanted, or the map has no place in the photo. */
    Optional<Overlay> overlay(Explanation explanation, ActivationMap map, Optional<BoundingBox> box) {
        if (overlays.overlays().isEmpty() || !map.isPlaced()) {
            return Optional.empty();
        }
        Overlay overlay = Overlay.of(explanation, map)
                .colormap(overlays.colormap())
                .longestSide(overlays.longestSide())
                .label()
                .contours(contours.stream().mapToDouble(level -> level).toArray());
        overlay = legend ? overlay.legend() : overlay;
        overlay = sideBySide ? overlay.sideBySide() : overlay;
        return Optional.of(box.map(overlay::box).orElse(overlay));
    }

    /** Refuses impossible sizes and contour levels before any photo is read. */
    void check() {
        overlays.check();
        contours.stream().filter(level -> !(level > 0 && level < 1)).findFirst().ifPresent(level -> {
            throw new IllegalArgumentException(
                    "--contours " + level + ": give shares of the maximum between 0 and 1, both exclusive");
        });
    }
}
