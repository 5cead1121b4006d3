package org.cam4j.render.overlay;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import java.util.function.DoubleToIntFunction;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Colormap;
import org.cam4j.render.picture.DivergingColormap;
import org.cam4j.render.text.Lettering;

/** The colour bar of an overlay: from no evidence to the most in the photo. */
final class Legend {

    private static final Color PAPER = Color.WHITE;
    private static final Color INK = new Color(0x1B1F24);

    private Legend() {}

    /**
     * A strip with the bar and what its ends stand for.
     *
     * @param width pixels
     * @param size of the letters, pixels an em
     * @param colormap its colours from left to right
     * @param max the value of the last
     */
    static BufferedImage strip(int width, double size, Colormap colormap, float max) {
        return strip(width, size, colormap::rgb, "0", number(max));
    }

    /** A strip for evidence for and against, from {@code -max} to {@code max}. */
    static BufferedImage ofDifference(int width, double size, float max) {
        return strip(width, size, share -> DivergingColormap.rgb(2 * share - 1), number(-max), number(max));
    }

    private static String number(float value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static BufferedImage strip(int width, double size, DoubleToIntFunction colours, String least, String most) {
        int height = (int) Math.ceil(size * 2.4);
        BufferedImage strip = Canvas.filled(width, height, PAPER);
        Graphics2D graphics = Canvas.draw(strip);
        graphics.setColor(INK);
        Lettering lettering = Lettering.standard();
        double baseline = (height + size * Lettering.CAP_HEIGHT) / 2;
        double margin = size * 0.8;
        Canvas.fill(graphics, lettering.outline(least, size), margin, baseline);
        Canvas.fill(graphics, lettering.outline(most, size), width - margin - lettering.width(most, size), baseline);
        int left = (int) Math.ceil(margin + lettering.width(least, size) + margin);
        int right = (int) Math.floor(width - margin - lettering.width(most, size) - margin);
        int bar = (int) Math.ceil(size * 0.9);
        int top = (height - bar) / 2;
        for (int x = left; x < right; x++) {
            graphics.setColor(new Color(colours.applyAsInt((x - left + 0.5) / (right - left))));
            graphics.fillRect(x, top, 1, bar);
        }
        graphics.dispose();
        return strip;
    }
}
