package org.cam4j.render.sheet;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Shrinking;
import org.cam4j.render.text.Caption;

/**
 * One picture of a {@link ContactSheet} and the words under it.
 *
 * <p>Photos may be large and sheets hold many: a picture of more than {@value #LARGEST} pixels along a side is kept shrunk.
 *
 * @param picture at most {@value #LARGEST} pixels wide and high; one that is not shrunk is not copied, so leave it alone
 * @param caption lines from the top: the first is the title, the others are smaller; none for a picture without words
 */
public record Tile(BufferedImage picture, List<String> caption) {

    /** The longest side of a picture that is kept. */
    public static final int LARGEST = 1024;

    public Tile {
        picture = shrunk(Objects.requireNonNull(picture, "picture"));
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
        return of(overlay.image(), overlay.map().prediction());
    }

    /**
     * A photo as it is over its best class and probability.
     *
     * @param explanation what the network saw in it
     * @return the tile
     */
    public static Tile of(Explanation explanation) {
        return of(explanation.decoded().fitted(LARGEST), explanation.prediction());
    }

    /**
     * Adds a line to the caption, such as the photo's name.
     *
     * @param name of the photo
     * @return a new tile with the same picture
     */
    public Tile named(String name) {
        return new Tile(
                picture, Stream.concat(caption.stream(), Stream.of(name)).toList());
    }

    private static Tile of(BufferedImage picture, Prediction prediction) {
        return of(picture, prediction.label(), "probability " + Caption.probability(prediction.probability()));
    }

    private static BufferedImage shrunk(BufferedImage picture) {
        return Math.max(picture.getWidth(), picture.getHeight()) <= LARGEST
                ? picture
                : Shrinking.to(LARGEST, Canvas.copyOf(picture));
    }
}
