package org.cam4j.render.sheet;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.cam4j.Explanation;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Png;
import org.cam4j.render.picture.Shrinking;
import org.cam4j.render.text.Lettering;

/**
 * Many pictures on one sheet, each with its caption: rows of equal tiles on white.
 *
 * <p>A picture is fitted into its tile without distortion, shrunk by area averaging. Captions that are wider than their tile are
 * shortened with an ellipsis.
 *
 * <pre>{@code
 * ContactSheet.of(overlays.stream().map(Tile::of).toList()).columns(4).write(Path.of("gallery.png"));
 * }</pre>
 *
 * <p>Immutable: each method gives a new sheet.
 */
public final class ContactSheet {

    private static final int DEFAULT_TILE_WIDTH = 320;
    private static final int DEFAULT_TILE_HEIGHT = 240;
    private static final Color PAPER = Color.WHITE;
    private static final Color TITLE = new Color(0x1B1F24);
    private static final Color DETAIL = new Color(0x66707B);

    private final List<Tile> tiles;
    private final int columns;
    private final int tileWidth;
    private final int tileHeight;

    private ContactSheet(List<Tile> tiles, int columns, int tileWidth, int tileHeight) {
        this.tiles = tiles;
        this.columns = columns;
        this.tileWidth = tileWidth;
        this.tileHeight = tileHeight;
    }

    /**
     * A sheet of tiles of 320x240 pixels; up to three side by side, more in about as many rows as columns.
     *
     * @param tiles from left to right and top to bottom, at least one
     * @return the sheet
     */
    public static ContactSheet of(List<Tile> tiles) {
        if (tiles.isEmpty()) {
            throw new IllegalArgumentException("a contact sheet of no pictures: give at least one tile");
        }
        int count = tiles.size();
        int columns = count <= 3 ? count : (int) Math.ceil(Math.sqrt(count));
        return new ContactSheet(List.copyOf(tiles), columns, DEFAULT_TILE_WIDTH, DEFAULT_TILE_HEIGHT);
    }

    /**
     * A gallery of explained photos: the evidence for each photo's best class, the box of its object, and class, probability and the
     * photo's name below. Where maps have no place in the photo, the photo alone is shown.
     *
     * @param explanations from left to right and top to bottom, at least one
     * @return the sheet
     */
    public static ContactSheet gallery(List<Explanation> explanations) {
        return of(explanations.stream()
                .map(explanation -> tile(explanation).named(explanation.name()))
                .toList());
    }

    private static Tile tile(Explanation explanation) {
        if (!explanation.map().isPlaced()) {
            return Tile.of(explanation);
        }
        Overlay overlay = Overlay.of(explanation).longestSide(Tile.LARGEST);
        return Tile.of(Localizer.paper().box(overlay.map()).map(overlay::box).orElse(overlay));
    }

    /**
     * Sets the number of tiles side by side.
     *
     * @param count at least 1; more than there are tiles put all in one row
     * @return a new sheet
     */
    public ContactSheet columns(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(count + " columns: give at least 1");
        }
        return new ContactSheet(tiles, Math.min(count, tiles.size()), tileWidth, tileHeight);
    }

    /**
     * Sets the width of tiles, with which captions grow.
     *
     * @param width pixels, at least 32
     * @param height pixels, at least 32
     * @return a new sheet
     */
    public ContactSheet tileSize(int width, int height) {
        if (width < 32 || height < 32) {
            throw new IllegalArgumentException("tiles of " + width + "x" + height + " pixels: give at least 32x32");
        }
        return new ContactSheet(tiles, columns, width, height);
    }

    /**
     * Draws the sheet.
     *
     * @return a new picture, opaque RGB
     */
    public BufferedImage image() {
        int margin = tileWidth / 13;
        int gap = tileWidth / 16;
        int captionHeight = captionHeight();
        int down = (tiles.size() + columns - 1) / columns;
        BufferedImage sheet = Canvas.filled(
                Math.addExact(Math.multiplyExact(columns, tileWidth + gap), 2 * margin - gap),
                Math.addExact(Math.multiplyExact(down, tileHeight + captionHeight + gap), 2 * margin - gap),
                PAPER);
        Graphics2D graphics = Canvas.draw(sheet);
        for (int i = 0; i < tiles.size(); i++) {
            int x = margin + i % columns * (tileWidth + gap);
            int y = margin + i / columns * (tileHeight + captionHeight + gap);
            drawPicture(graphics, tiles.get(i).picture(), x, y);
            drawCaption(graphics, tiles.get(i).caption(), x, y + tileHeight);
        }
        graphics.dispose();
        return sheet;
    }

    /**
     * Draws the sheet and writes it as a PNG file: whole or not at all.
     *
     * @param file where to; folders on the way are made, an existing file is replaced
     * @throws UncheckedIOException if the file cannot be written
     */
    public void write(Path file) {
        Png.write(image(), file);
    }

    private void drawPicture(Graphics2D graphics, BufferedImage picture, int x, int y) {
        double scale = Math.min((double) tileWidth / picture.getWidth(), (double) tileHeight / picture.getHeight());
        int width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
        int top = y + tileHeight - height;
        if (scale <= 1) {
            graphics.drawImage(Shrinking.to(width, height, Canvas.copyOf(picture)), x, top, null);
        } else {
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(picture, x, top, width, height, null);
        }
    }

    private void drawCaption(Graphics2D graphics, List<String> lines, int x, int y) {
        Lettering lettering = Lettering.standard();
        double baseline = y;
        for (int i = 0; i < lines.size(); i++) {
            double size = letterSize(i);
            baseline += lineHeight(i);
            graphics.setColor(i == 0 ? TITLE : DETAIL);
            Canvas.fill(
                    graphics, lettering.outline(lettering.shortened(lines.get(i), size, tileWidth), size), x, baseline);
        }
    }

    /** Room for the longest caption: its lines and what hangs below the last. */
    private int captionHeight() {
        int lines = tiles.stream().mapToInt(tile -> tile.caption().size()).max().orElseThrow();
        double height = 0;
        for (int i = 0; i < lines; i++) {
            height += lineHeight(i);
        }
        return (int) Math.ceil(height + (lines > 0 ? Lettering.DESCENT * letterSize(lines - 1) : 0));
    }

    private double letterSize(int line) {
        return Math.max(8, tileWidth * (line == 0 ? 0.053 : 0.043));
    }

    private double lineHeight(int line) {
        return letterSize(line) * 1.4;
    }
}
