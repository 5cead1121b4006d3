package org.cam4j.render.overlay;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.PhotoMap;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.DivergingColormap;
import org.cam4j.render.picture.Png;
import org.cam4j.render.text.Tag;

/**
 * A photo with evidence for and against laid over it: red speaks for, blue against. For the difference of two maps, which shows why the
 * network says this class and not that one, and for what a single map has below zero, which an {@link Overlay} leaves out.
 *
 * <p>With {@code v} the map enlarged to the photo, {@code s = v / max|v|} and {@code alpha = opacity · |s|^0.8}; a pixel is
 * {@code (1 - alpha) · photo + alpha · colormap(s)} in each channel, so places without evidence keep the photo's colours.
 *
 * <pre>{@code
 * DifferenceOverlay.of(explanation, explanation.map("wolf").minus(explanation.map("husky"))).label().write(file);
 * }</pre>
 *
 * <p>Immutable: each method gives a new overlay. The photo is not copied.
 */
public final class DifferenceOverlay {

    private static final double RISE = 0.8;

    private final BufferedImage photo;
    private final ActivationMap map;
    private final double opacity;
    private final Optional<String> label;
    private final boolean hasLegend;

    private DifferenceOverlay(
            BufferedImage photo, ActivationMap map, double opacity, Optional<String> label, boolean hasLegend) {
        this.photo = photo;
        this.map = map;
        this.opacity = opacity;
        this.label = label;
        this.hasLegend = hasLegend;
    }

    /**
     * The evidence of a map for and against.
     *
     * @param explanation the photo
     * @param map of the photo, usually {@link ActivationMap#minus} of two
     * @return an overlay with an opacity of 0.7, without label and legend
     * @throws IllegalArgumentException if the map is of a photo of another size
     * @throws org.cam4j.exception.UnsupportedModelException if the map has no place in the photo
     */
    public static DifferenceOverlay of(Explanation explanation, ActivationMap map) {
        return of(explanation.photo(), map);
    }

    /**
     * The evidence of a map for and against.
     *
     * @param photo the photo, upright
     * @param map of the photo
     * @return an overlay as by {@link #of(Explanation, ActivationMap)}
     * @throws IllegalArgumentException if the map is of a photo of another size
     * @throws org.cam4j.exception.UnsupportedModelException if the map has no place in the photo
     */
    public static DifferenceOverlay of(BufferedImage photo, ActivationMap map) {
        Overlay checked = Overlay.of(photo, map);
        return new DifferenceOverlay(photo, checked.map(), 0.7, Optional.empty(), false);
    }

    /**
     * Sets the opacity.
     *
     * @param max in [0, 1]: how much the pixel with the most evidence hides of the photo
     * @return a new overlay
     */
    public DifferenceOverlay opacity(double max) {
        if (!(max >= 0 && max <= 1)) {
            throw new IllegalArgumentException("an opacity of " + max + " is out of range: give 0 to 1");
        }
        return new DifferenceOverlay(photo, map, max, label, hasLegend);
    }

    /**
     * Adds the map's label, as in {@code wolf minus husky}, in the top left corner.
     *
     * @return a new overlay
     */
    public DifferenceOverlay label() {
        return new DifferenceOverlay(
                photo, map, opacity, Optional.of(map.prediction().label()), hasLegend);
    }

    /**
     * Adds a colour bar below, from the most evidence against to as much for.
     *
     * @return a new overlay, whose picture is a little higher
     */
    public DifferenceOverlay legend() {
        return new DifferenceOverlay(photo, map, opacity, label, true);
    }

    /**
     * Draws the picture.
     *
     * @return a new picture, opaque RGB
     */
    public BufferedImage image() {
        PhotoMap large = map.photoMap();
        float most = 0;
        for (float value : large.values()) {
            most = Math.max(most, Math.abs(value));
        }
        BufferedImage picture = Canvas.copyOf(photo);
        paint(Canvas.pixels(picture), large.values(), most);
        label.ifPresent(text -> Tag.draw(picture, text, Optional.empty(), new ArrayList<>()));
        return hasLegend ? withLegend(picture, most) : picture;
    }

    private void paint(int[] pixels, float[] values, float most) {
        for (int i = 0; i < pixels.length; i++) {
            if (values[i] != 0) {
                double share = values[i] / (double) most;
                pixels[i] = blend(pixels[i], DivergingColormap.rgb(share), opacity * Math.pow(Math.abs(share), RISE));
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

    private static BufferedImage withLegend(BufferedImage picture, float most) {
        BufferedImage strip =
                Legend.ofDifference(picture.getWidth(), Tag.letterSize(picture.getWidth(), picture.getHeight()), most);
        BufferedImage both = Canvas.filled(picture.getWidth(), picture.getHeight() + strip.getHeight(), Color.WHITE);
        Graphics2D graphics = both.createGraphics();
        graphics.drawImage(picture, 0, 0, null);
        graphics.drawImage(strip, 0, picture.getHeight(), null);
        graphics.dispose();
        return both;
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

    /**
     * Draws the picture and writes it as PNG.
     *
     * @param out where to; not closed
     * @throws UncheckedIOException if the stream fails; a part of the picture may be written then
     */
    public void write(OutputStream out) {
        try {
            out.write(Png.encode(image()));
        } catch (IOException e) {
            throw new UncheckedIOException("the overlay cannot be written to the stream", e);
        }
    }
}
