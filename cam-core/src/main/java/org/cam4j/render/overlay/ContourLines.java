package org.cam4j.render.overlay;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Frame;

/**
 * Lines of equal heat, by marching squares (Lorensen and Cline's marching cubes, SIGGRAPH 1987, in two dimensions): each square
 * between four pixel centres is crossed where linear interpolation along its sides meets the level. Where two corners that lie
 * across are hot and the other two cold, the mean of the four decides which of them belong together.
 */
final class ContourLines {

    private static final Color LINE = Color.WHITE;
    private static final Color HALO = new Color(0, 0, 0, 120);

    private final float level;
    private final Path2D.Float path = new Path2D.Float();

    private ContourLines(Heat heat, double level) {
        this.level = (float) (level * heat.max());
    }

    /**
     * The line of a level.
     *
     * @param heat of a photo
     * @param level in (0, 1), a share of the largest value
     * @return segments in continuous coordinates of the photo, in which pixel centres lie at i + 0.5; empty where all is colder
     */
    static Path2D of(Heat heat, double level) {
        ContourLines lines = new ContourLines(heat, level);
        if (heat.max() > 0) {
            float[] above = new float[heat.width()];
            float[] below = new float[heat.width()];
            heat.map().row(0, below);
            for (int y = 0; y + 1 < heat.height(); y++) {
                float[] free = above;
                above = below;
                below = free;
                heat.map().row(y + 1, below);
                for (int x = 0; x + 1 < heat.width(); x++) {
                    lines.cross(x, y, above, below);
                }
            }
        }
        return lines.path;
    }

    /** Draws a line: white with a dark halo, so that it shows on any photo. */
    static void draw(BufferedImage canvas, Path2D line) {
        float width = Frame.thickness(canvas.getWidth(), canvas.getHeight()) * 0.6f;
        Graphics2D graphics = Canvas.draw(canvas);
        graphics.setColor(HALO);
        graphics.setStroke(new BasicStroke(width * 2.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(line);
        graphics.setColor(LINE);
        graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(line);
        graphics.dispose();
    }

    private void cross(int x, int y, float[] above, float[] below) {
        float topLeft = above[x];
        float topRight = above[x + 1];
        float bottomLeft = below[x];
        float bottomRight = below[x + 1];
        int hot = (topLeft > level ? 8 : 0)
                | (topRight > level ? 4 : 0)
                | (bottomRight > level ? 2 : 0)
                | (bottomLeft > level ? 1 : 0);
        if (hot == 0 || hot == 15) {
            return;
        }
        // Where the level lies on each side; only sides with one hot end are used.
        float top = x + 0.5f + part(topLeft, topRight);
        float bottom = x + 0.5f + part(bottomLeft, bottomRight);
        float left = y + 0.5f + part(topLeft, bottomLeft);
        float right = y + 0.5f + part(topRight, bottomRight);
        float x0 = x + 0.5f;
        float x1 = x + 1.5f;
        float y0 = y + 0.5f;
        float y1 = y + 1.5f;
        boolean joined = (topLeft + topRight + bottomLeft + bottomRight) / 4 > level;
        switch (hot) {
            case 1, 14 -> segment(x0, left, bottom, y1);
            case 2, 13 -> segment(bottom, y1, x1, right);
            case 3, 12 -> segment(x0, left, x1, right);
            case 4, 11 -> segment(top, y0, x1, right);
            case 6, 9 -> segment(top, y0, bottom, y1);
            case 7, 8 -> segment(x0, left, top, y0);
            default -> {
                // 5: top right and bottom left are hot; 10: the other two.
                if (joined == (hot == 5)) {
                    segment(x0, left, top, y0);
                    segment(bottom, y1, x1, right);
                } else {
                    segment(x0, left, bottom, y1);
                    segment(top, y0, x1, right);
                }
            }
        }
    }

    private float part(float from, float to) {
        return (level - from) / (to - from);
    }

    private void segment(float fromX, float fromY, float toX, float toY) {
        path.moveTo(fromX, fromY);
        path.lineTo(toX, toY);
    }
}
