package org.cam4j.render.overlay;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cam4j.render.picture.Colormap;
import org.cam4j.render.picture.Mark;

/**
 * The appearance of an overlay.
 *
 * @param colormap what heat looks like
 * @param opacity how much the hottest pixel hides of the photo, in [0, 1]
 * @param heatOnly colours alone, without the photo
 * @param contours heat levels with a line each, in (0, 1)
 * @param marks boxes
 * @param label words in a corner or at the first box
 * @param sideBySide the photo as it is to the left
 * @param legend a colour bar below
 */
record OverlayStyle(
        Colormap colormap,
        double opacity,
        boolean heatOnly,
        List<Double> contours,
        List<Mark> marks,
        Optional<String> label,
        boolean sideBySide,
        boolean legend) {

    static final OverlayStyle PLAIN =
            new OverlayStyle(Colormap.TURBO, 0.6, false, List.of(), List.of(), Optional.empty(), false, false);

    OverlayStyle withColormap(Colormap colours) {
        return new OverlayStyle(colours, opacity, heatOnly, contours, marks, label, sideBySide, legend);
    }

    OverlayStyle withOpacity(double max) {
        return new OverlayStyle(colormap, max, heatOnly, contours, marks, label, sideBySide, legend);
    }

    OverlayStyle withHeatOnly() {
        return new OverlayStyle(colormap, opacity, true, contours, marks, label, sideBySide, legend);
    }

    OverlayStyle withContours(List<Double> levels) {
        return new OverlayStyle(colormap, opacity, heatOnly, levels, marks, label, sideBySide, legend);
    }

    OverlayStyle withMark(Mark mark) {
        List<Mark> more = Stream.concat(marks.stream(), Stream.of(mark)).toList();
        return new OverlayStyle(colormap, opacity, heatOnly, contours, more, label, sideBySide, legend);
    }

    OverlayStyle withLabel(String text) {
        return new OverlayStyle(colormap, opacity, heatOnly, contours, marks, Optional.of(text), sideBySide, legend);
    }

    OverlayStyle withSideBySide() {
        return new OverlayStyle(colormap, opacity, heatOnly, contours, marks, label, true, legend);
    }

    OverlayStyle withLegend() {
        return new OverlayStyle(colormap, opacity, heatOnly, contours, marks, label, sideBySide, true);
    }
}
