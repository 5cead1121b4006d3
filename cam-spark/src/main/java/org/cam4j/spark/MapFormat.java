package org.cam4j.spark;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.exception.Quoted;
import org.cam4j.localization.BoundingBox;
import org.cam4j.render.overlay.Overlay;

/** How the column {@code maps} holds a map. */
public enum MapFormat {
    /** No maps; they are not computed unless boxes or checks need them. */
    NONE,
    /** The raw values, an array of floats. */
    RAW,
    /** A PNG of one grey pixel a cell: {@code minimum + grey / 255 · (maximum - minimum)} is the value, rounded to 8 bits. */
    PNG8,
    /** A PNG of the photo with heat and boxes, of the photo's size. */
    OVERLAY;

    /**
     * Finds a format.
     *
     * @param name {@code none}, {@code raw}, {@code png8} or {@code overlay}
     * @return the format
     * @throws IllegalArgumentException if there is no such format
     */
    public static MapFormat named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no map format " + Quoted.of(name)
                        + "; choose one of "
                        + Arrays.stream(values()).map(MapFormat::word).collect(Collectors.joining(", "))));
    }

    /** The name as {@link #named} takes it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The bytes of the map's picture; null if the format has none. */
    byte[] picture(Explanation explanation, ActivationMap map, List<BoundingBox> boxes) {
        return switch (this) {
            case NONE, RAW -> null;
            case PNG8 -> grey(map);
            case OVERLAY -> overlay(explanation, map, boxes);
        };
    }

    private static byte[] grey(ActivationMap map) {
        BufferedImage picture = new BufferedImage(map.width(), map.height(), BufferedImage.TYPE_BYTE_GRAY);
        double span = (double) map.max() - map.min();
        for (int y = 0; y < map.height(); y++) {
            for (int x = 0; x < map.width(); x++) {
                double share = span > 0 ? (map.at(y, x) - (double) map.min()) / span : 0;
                picture.getRaster().setSample(x, y, 0, Math.toIntExact(Math.round(255 * share)));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(picture, "png", bytes)) {
                throw new IllegalStateException("this Java has no PNG writer: use the JDK's module java.desktop whole");
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("a map could not be written to memory", e);
        }
        return bytes.toByteArray();
    }

    private static byte[] overlay(Explanation explanation, ActivationMap map, List<BoundingBox> boxes) {
        Overlay overlay = Overlay.of(explanation, map);
        for (BoundingBox box : boxes) {
            overlay = overlay.box(box);
        }
        return overlay.png();
    }
}
