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
 * @param longestSide pixels along the longer side of the photo in the picture, at most; smaller photos keep their size
 */
record OverlayStyle(
        Colormap colormap,
        double opacity,
        boolean heatOnly,
        List<Double> contours,
        List<Mark> marks,
        Optional<String> label,
        boolean sideBySide,
        boolean legend,
        int longestSide) {

    static final OverlayStyle PLAIN = new OverlayStyle(
            Colormap.TURBO, 0.6, false, List.of(), List.of(), Optional.empty(), false, false, Integer.MAX_VALUE);

    OverlayStyle withColormap(Colormap colours) {
        return new OverlayStyle(colours, opacity, heatOnly, contours, marks, label, sideBySide, legend, longestSide);
    }

    OverlayStyle withOpacity(double max) {
        return new OverlayStyle(colormap, max, heatOnly, contours, marks, label, sideBySide, legend, longestSide);
    }

    OverlayStyle withHeatOnly() {
        return new OverlayStyle(colormap, opacity, true, contours, marks, label, sideBySide, legend, longestSide);
    }

    OverlayStyle withContours(List<Double> levels) {
        return new OverlayStyle(colormap, opacity, heatOnly, levels, marks, label, sideBySide, legend, longestSide);
    }

    OverlayStyle withMark(Mark mark) {
        List<Mark> more = Stream.concat(marks.stream(), Stream.of(mark)).toList();
        return new OverlayStyle(colormap, opacity, heatOnly, contours, more, label, sideBySide, legend, longestSide);
    }

    /** The boxes in a picture of the photo at another size. */
    OverlayStyle withMarksScaled(double factorX, double factorY) {
        List<Mark> scaled = marks.stream()
                .map(mark -> new Mark(mark.box().enclosing(factorX, factorY), mark.text()))
                .toList();
        return new OverlayStyle(colormap, opacity, heatOnly, contours, scaled, label, sideBySide, legend, longestSide);
    }

    OverlayStyle withLongestSide(int pixels) {
        return new OverlayStyle(colormap, opacity, heatOnly, contours, marks, label, sideBySide, legend, pixels);
    }

    OverlayStyle withLabel(String text) {
        return new OverlayStyle(
                colormap, opacity, heatOnly, contours, marks, Optional.of(text), sideBySide, legend, longestSide);
    }

    OverlayStyle withSideBySide() {
        return new OverlayStyle(colormap, opacity, heatOnly, contours, marks, label, true, legend, longestSide);
    }

    OverlayStyle withLegend() {
        return new OverlayStyle(colormap, opacity, heatOnly, contours, marks, label, sideBySide, true, longestSide);
    }
}
