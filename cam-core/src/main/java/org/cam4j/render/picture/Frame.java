package org.cam4j.render.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Area;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import org.cam4j.localization.BoundingBox;

/** The line round a box: white with a dark halo on both sides, so that it shows on any photo. */
public final class Frame {

    private static final Color LINE = Color.WHITE;
    private static final Color HALO = new Color(0, 0, 0, 140);

    private Frame() {}

    /** Line width in pixels for a photo: 1 for thumbnails, 3 for 640x426. */
    public static int thickness(int width, int height) {
        return Math.max(1, Math.round(Math.min(width, height) / 150f));
    }

    /** Draws the line just inside the box's edges, on the outermost pixels that belong to the box. */
    public static void draw(BufferedImage canvas, BoundingBox box) {
        int line = thickness(canvas.getWidth(), canvas.getHeight());
        int halo = (line + 1) / 2;
        Graphics2D graphics = canvas.createGraphics();
        graphics.setColor(HALO);
        graphics.fill(ring(box, -halo, line + halo));
        graphics.setColor(LINE);
        graphics.fill(ring(box, 0, line));
        graphics.dispose();
    }

    /** The pixels that are at least {@code outer} and less than {@code inner} inside the box's edges. */
    private static Area ring(BoundingBox box, int outer, int inner) {
        Area ring = new Area(inset(box, outer));
        ring.subtract(new Area(inset(box, inner)));
        return ring;
    }

    private static Rectangle2D inset(BoundingBox box, int by) {
        return new Rectangle2D.Double(
                box.x0() + (double) by,
                box.y0() + (double) by,
                Math.max(box.width() - 2.0 * by, 0),
                Math.max(box.height() - 2.0 * by, 0));
    }
}
