package org.cam4j.render.overlay;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cam4j.ActivationMap;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Frame;
import org.cam4j.render.picture.Mark;
import org.cam4j.render.text.Tag;

/** Draws an overlay: the heat, then lines, boxes and words, then what stands beside it. */
final class OverlayPicture {

    private OverlayPicture() {}

    /**
     * Draws an overlay.
     *
     * @param photo the whole photo
     * @param map over the photo
     * @param style boxes are in the photo's pixels
     */
    static BufferedImage of(DecodedPhoto photo, ActivationMap map, OverlayStyle style) {
        BufferedImage picture = photo.fitted(style.longestSide());
        int width = picture.getWidth();
        int height = picture.getHeight();
        float max = Heat.of(map).max();
        return width == photo.width() && height == photo.height()
                ? drawn(picture, map, max, style)
                : drawn(
                        picture,
                        map.withGeometry(map.geometry().resized(width, height)),
                        max,
                        style.withMarksScaled((double) width / photo.width(), (double) height / photo.height()));
    }

    /** Draws on the picture itself; the largest value is that of the photo's own pixels. */
    private static BufferedImage drawn(BufferedImage picture, ActivationMap map, float max, OverlayStyle style) {
        Optional<BufferedImage> left = style.sideBySide() ? Optional.of(Canvas.copyOf(picture)) : Optional.empty();
        Heat heat = new Heat(map.interpolated(), max);
        paint(Canvas.pixels(picture), heat, style);
        style.contours().forEach(level -> ContourLines.draw(picture, ContourLines.of(heat, level)));
        style.marks().forEach(mark -> Frame.draw(picture, mark.box()));
        words(picture, style);
        BufferedImage whole = left.map(plain -> beside(plain, picture)).orElse(picture);
        return style.legend()
                ? above(
                        whole,
                        Legend.strip(
                                whole.getWidth(),
                                Tag.letterSize(picture.getWidth(), picture.getHeight()),
                                style.colormap(),
                                heat.max()))
                : whole;
    }

    private static void paint(int[] pixels, Heat heat, OverlayStyle style) {
        HeatPaint paint = new HeatPaint(heat, style);
        float[] row = new float[heat.width()];
        for (int y = 0; y < heat.height(); y++) {
            heat.map().row(y, row);
            paint.row(row, pixels, y * row.length);
        }
    }

    /** The label at the first box that says nothing itself, the boxes' own words, none over another where there is room. */
    private static void words(BufferedImage picture, OverlayStyle style) {
        List<Rectangle2D> taken = new ArrayList<>();
        Optional<Mark> bare =
                style.marks().stream().filter(mark -> mark.text().isEmpty()).findFirst();
        style.label().ifPresent(text -> Tag.draw(picture, text, bare.map(Mark::box), taken));
        for (Mark mark : style.marks()) {
            mark.text().ifPresent(text -> Tag.draw(picture, text, Optional.of(mark.box()), taken));
        }
    }

    private static BufferedImage beside(BufferedImage left, BufferedImage right) {
        int gap = Math.max(2, left.getWidth() / 80);
        BufferedImage both =
                Canvas.filled(Math.addExact(left.getWidth() + gap, right.getWidth()), left.getHeight(), Color.WHITE);
        Graphics2D graphics = both.createGraphics();
        graphics.drawImage(left, 0, 0, null);
        graphics.drawImage(right, left.getWidth() + gap, 0, null);
        graphics.dispose();
        return both;
    }

    private static BufferedImage above(BufferedImage top, BufferedImage bottom) {
        BufferedImage both =
                Canvas.filled(top.getWidth(), Math.addExact(top.getHeight(), bottom.getHeight()), Color.WHITE);
        Graphics2D graphics = both.createGraphics();
        graphics.drawImage(top, 0, 0, null);
        graphics.drawImage(bottom, 0, top.getHeight(), null);
        graphics.dispose();
        return both;
    }
}
