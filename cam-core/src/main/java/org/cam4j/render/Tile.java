package org.cam4j.render;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import org.cam4j.Prediction;

/**
 * One picture of a {@link ContactSheet} and the words under it.
 *
 * @param picture of any size; not copied, so leave it alone
 * @param caption lines from the top: the first is the title, the others are smaller; none for a picture without words
 */
public record Tile(BufferedImage picture, List<String> caption) {

    /**
     * Keeps its own list of lines.
     *
     * @param picture of any size
     * @param caption lines from the top
     */
    public Tile {
        Objects.requireNonNull(picture, "picture");
        caption = List.copyOf(caption);
    }

    /**
     * A picture with its caption.
     *
     * @param picture of any size
     * @param caption lines from the top
     * @return the tile
     */
    public static Tile of(BufferedImage picture, String... caption) {
        return new Tile(picture, List.of(caption));
    }

    /**
     * An overlay over its class and probability: {@code giant panda}, {@code probability 0.97}.
     *
     * @param overlay drawn at once
     * @return the tile
     */
    public static Tile of(Overlay overlay) {
        Prediction prediction = overlay.map().prediction();
        return of(overlay.image(), prediction.label(), "probability " + Caption.probability(prediction.probability()));
    }
}
