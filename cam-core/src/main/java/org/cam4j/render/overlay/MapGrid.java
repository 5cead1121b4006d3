package org.cam4j.render.overlay;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.cam4j.ActivationMap;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Colormap;
import org.cam4j.render.picture.Png;
import org.cam4j.render.text.Lettering;

/**
 * A raw map as a grid of its cells, each with its value written in it: what the network gives before anything is enlarged.
 *
 * <p>Colours go from the smallest value to the largest, negative ones included.
 *
 * <pre>{@code
 * MapGrid.of(explanation.map()).write(Path.of("pandas-map.png"));
 * }</pre>
 *
 * <p>Immutable: each method gives a new grid.
 */
public final class MapGrid {

    private static final int DEFAULT_CELL = 64;
    private static final int SMALLEST = 8;
    private static final int READABLE = 24;

    private final ActivationMap map;
    private final Colormap colormap;
    private final int cell;

    private MapGrid(ActivationMap map, Colormap colormap, int cell) {
        this.map = map;
        this.colormap = colormap;
        this.cell = cell;
    }

    /**
     * The grid of a map.
     *
     * @param map raw, or any view of it
     * @return a grid in {@link Colormap#VIRIDIS} with cells of 64 pixels
     */
    public static MapGrid of(ActivationMap map) {
        return new MapGrid(Objects.requireNonNull(map, "map"), Colormap.VIRIDIS, DEFAULT_CELL);
    }

    /**
     * Sets the colours.
     *
     * @param colours from the smallest value to the largest
     * @return a new grid
     */
    public MapGrid colormap(Colormap colours) {
        return new MapGrid(map, Objects.requireNonNull(colours, "colours"), cell);
    }

    /**
     * Sets the size of cells.
     *
     * @param pixels the side of a cell, at least 8; below 24 there is no room for numbers
     * @return a new grid
     */
    public MapGrid cellSize(int pixels) {
        if (pixels < SMALLEST) {
            throw new IllegalArgumentException("cells of " + pixels + " pixels: give at least " + SMALLEST);
        }
        return new MapGrid(map, colormap, pixels);
    }

    /**
     * Draws the picture.
     *
     * @return a new picture of [height · cell, width · cell], opaque RGB
     */
    public BufferedImage image() {
        BufferedImage picture = Canvas.filled(
                Math.multiplyExact(map.width(), cell), Math.multiplyExact(map.height(), cell), Color.WHITE);
        Graphics2D graphics = Canvas.draw(picture);
        ActivationMap normalized = map.normalized();
        String format = "%." + decimals() + "f";
        double size = letterSize(format);
        for (int y = 0; y < map.height(); y++) {
            for (int x = 0; x < map.width(); x++) {
                int rgb = colormap.rgb(normalized.at(y, x));
                graphics.setColor(new Color(rgb));
                graphics.fillRect(x * cell, y * cell, cell, cell);
                if (cell >= READABLE) {
                    graphics.setColor(luminance(rgb) > 0.5 ? Color.BLACK : Color.WHITE);
                    write(graphics, text(format, map.at(y, x)), size, x * cell, y * cell);
                }
            }
        }
        graphics.dispose();
        return picture;
    }

    /**
     * Draws the picture and writes it as a PNG file: whole or not at all.
     *
     * @param file where to; folders on the way are made, an existing file is replaced
     * @throws UncheckedIOException if the file cannot be written
     */
    public void write(Path file) {
        Png.write(image(), file);
    }

    private void write(Graphics2D graphics, String text, double size, int left, int top) {
        Lettering lettering = Lettering.standard();
        double x = left + (cell - lettering.width(text, size)) / 2;
        double baseline = top + (cell + size * Lettering.CAP_HEIGHT) / 2;
        Canvas.fill(graphics, lettering.outline(text, size), x, baseline);
    }

    /** About three digits for the largest values. */
    private int decimals() {
        double largest = Math.max(Math.abs(map.max()), Math.abs(map.min()));
        return largest >= 100 ? 0 : largest >= 10 ? 1 : 2;
    }

    /** The same for all cells, so that the widest number fits. */
    private double letterSize(String format) {
        double widest = 0;
        for (float value : map.toArray()) {
            widest = Math.max(widest, Lettering.standard().width(text(format, value), 1));
        }
        return Math.min(cell * 0.34, cell * 0.86 / widest);
    }

    private static String text(String format, float value) {
        String text = String.format(Locale.ROOT, format, value);
        // A hair below zero is written as zero.
        return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
    }

    /** The luma of a colour in [0, 1], after ITU-R BT.601. */
    private static double luminance(int rgb) {
        return (0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF)) / 255;
    }
}
