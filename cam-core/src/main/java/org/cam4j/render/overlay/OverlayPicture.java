package org.cam4j.render.overlay;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cam4j.ActivationMap;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Frame;
import org.cam4j.render.picture.Mark;
import org.cam4j.render.text.Tag;

/** Draws an overlay: the heat, then lines, boxes and words, then what stands beside it. */
final class OverlayPicture {

    /** Alpha rises a little faster than heat, so that weak evidence still shows. */
    private static final double RISE = 0.8;

    private OverlayPicture() {}

    static BufferedImage of(BufferedImage photo, ActivationMap map, OverlayStyle style) {
        Heat heat = Heat.of(map);
        BufferedImage picture = Canvas.copyOf(photo);
        paint(Canvas.pixels(picture), heat, style);
        style.contours().forEach(level -> ContourLines.draw(picture, ContourLines.of(heat, level)));
        style.marks().forEach(mark -> Frame.draw(picture, mark.box()));
        words(picture, style);
        BufferedImage whole = style.sideBySide() ? beside(Canvas.copyOf(photo), picture) : picture;
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
        for (int i = 0; i < pixels.length; i++) {
            double share = heat.at(i);
            if (style.heatOnly()) {
                pixels[i] = style.colormap().rgb(share);
            } else if (share > 0) {
                double alpha = style.opacity() * Math.pow(share, RISE);
                pixels[i] = blend(pixels[i], style.colormap().rgb(share), alpha);
            }
        }
    }

    private static int blend(int below, int above, double alpha) {
        int blended = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double level = (below >> shift & 0xFF) * (1 - alpha) + (above >> shift & 0xFF) * alpha;
            blended |= (int) Math.rint(level) << shift;
        }
        return blended;
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
