package org.cam4j.render;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.Optional;
import org.cam4j.localization.BoundingBox;

/** A word on a photo: white letters on a dark chip. */
final class Tag {

    private static final Color CHIP = new Color(16, 18, 22, 205);
    private static final Color INK = Color.WHITE;

    private Tag() {}

    /**
     * Draws a word above a box, inside it where there is no room above, or else in the photo's top left corner. A word that is
     * longer than the photo is wide is shortened.
     */
    static void draw(BufferedImage canvas, String text, Optional<BoundingBox> box) {
        int width = canvas.getWidth();
        int height = canvas.getHeight();
        double size = Math.max(10, Math.min(width, height) * 0.044);
        double padding = size * 0.45;
        double margin = box.isPresent() ? 0 : Math.rint(size * 0.5);
        Lettering lettering = Lettering.standard();
        String shown = lettering.shortened(text, size, width - 2 * (margin + padding));
        if (shown.isEmpty()) {
            return;
        }
        double chipWidth = Math.ceil(lettering.width(shown, size) + 2 * padding);
        double chipHeight = Math.ceil(size * Lettering.CAP_HEIGHT + 2 * padding);
        double x = margin;
        double y = margin;
        if (box.isPresent()) {
            int line = Frame.thickness(width, height);
            double above = box.get().y0() - line - chipHeight;
            boolean fits = above >= 0;
            x = Math.max(0, Math.min(box.get().x0() + (fits ? 0 : 2 * line), width - chipWidth));
            y = fits ? above : Math.max(0, box.get().y0()) + 2 * line;
        }
        Graphics2D graphics = Canvas.draw(canvas);
        graphics.setColor(CHIP);
        graphics.fill(new RoundRectangle2D.Double(x, y, chipWidth, chipHeight, size * 0.5, size * 0.5));
        graphics.setColor(INK);
        double baseline = y + (chipHeight + size * Lettering.CAP_HEIGHT) / 2;
        Canvas.fill(graphics, lettering.outline(shown, size), x + padding, baseline);
        graphics.dispose();
    }
}
