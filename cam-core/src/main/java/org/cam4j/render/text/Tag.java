package org.cam4j.render.text;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cam4j.localization.BoundingBox;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Frame;

/** A word on a photo: white letters on a dark chip. */
public final class Tag {

    private static final Color CHIP = new Color(16, 18, 22, 205);
    private static final Color INK = Color.WHITE;

    private Tag() {}

    /** The size of letters on a photo, pixels an em. */
    public static double letterSize(int width, int height) {
        return Math.max(10, Math.min(width, height) * 0.044);
    }

    /**
     * Draws a word above a box, inside it where there is no room above, or else in the photo's top left corner. A word that is
     * longer than the photo is wide is shortened.
     *
     * @param taken where words are already, which are avoided as far as there is room; this one is added
     */
    public static void draw(BufferedImage canvas, String text, Optional<BoundingBox> box, List<Rectangle2D> taken) {
        int width = canvas.getWidth();
        int height = canvas.getHeight();
        double size = letterSize(width, height);
        double padding = size * 0.45;
        double margin = box.isPresent() ? 0 : Math.rint(size * 0.5);
        Lettering lettering = Lettering.standard();
        String shown = lettering.shortened(text, size, width - 2 * (margin + padding));
        if (shown.isEmpty()) {
            return;
        }
        double chipWidth = Math.ceil(lettering.width(shown, size) + 2 * padding);
        double chipHeight = Math.ceil(size * Lettering.CAP_HEIGHT + 2 * padding);
        Rectangle2D chip = box.map(found -> at(found, chipWidth, chipHeight, width, height, taken))
                .orElse(new Rectangle2D.Double(margin, margin, chipWidth, chipHeight));
        taken.add(chip);
        Graphics2D graphics = Canvas.draw(canvas);
        graphics.setColor(CHIP);
        graphics.fill(
                new RoundRectangle2D.Double(chip.getX(), chip.getY(), chipWidth, chipHeight, size * 0.5, size * 0.5));
        graphics.setColor(INK);
        double baseline = chip.getY() + (chipHeight + size * Lettering.CAP_HEIGHT) / 2;
        Canvas.fill(graphics, lettering.outline(shown, size), chip.getX() + padding, baseline);
        graphics.dispose();
    }

    /** The first free place: above the box, inside its top, inside its bottom, below it; else the first in the photo. */
    private static Rectangle2D at(
            BoundingBox box, double chipWidth, double chipHeight, int width, int height, List<Rectangle2D> taken) {
        int line = Frame.thickness(width, height);
        double rightmost = width - chipWidth;
        double outside = Math.max(0, Math.min(box.x0(), rightmost));
        double inside = Math.max(0, Math.min(box.x0() + 2.0 * line, rightmost));
        double insideTop = Math.max(0, box.y0()) + 2.0 * line;
        Rectangle2D within = new Rectangle2D.Double(inside, insideTop, chipWidth, chipHeight);
        List<Rectangle2D> places = Stream.<Rectangle2D>of(
                        new Rectangle2D.Double(outside, box.y0() - line - chipHeight, chipWidth, chipHeight),
                        within,
                        new Rectangle2D.Double(
                                inside, Math.min(box.y1(), height) - 2.0 * line - chipHeight, chipWidth, chipHeight),
                        new Rectangle2D.Double(outside, box.y1() + (double) line, chipWidth, chipHeight))
                .filter(place -> place.getMinY() >= 0 && place.getMaxY() <= height)
                .toList();
        return places.stream()
                .filter(place -> taken.stream().noneMatch(place::intersects))
                .findFirst()
                .or(() -> places.stream().findFirst())
                .orElse(within);
    }
}
