package org.cam4j.render.picture;

import java.awt.image.BufferedImage;
import org.cam4j.image.DecodedPhoto;

/** Shrinks pictures by area averaging, as photos are shrunk. */
public final class Shrinking {

    private Shrinking() {}

    /**
     * Shrinks a picture.
     *
     * @param picture made by {@link Canvas}; not modified
     * @param width at most the picture's
     * @param height at most the picture's
     * @return a new picture
     */
    public static BufferedImage to(int width, int height, BufferedImage picture) {
        return DecodedPhoto.of(picture).shrunk(width, height);
    }

    /**
     * Shrinks a picture to a size of its longer side; smaller ones keep their size.
     *
     * @param longestSide pixels, at least 1
     * @param picture made by {@link Canvas}; not modified
     * @return a new picture
     */
    public static BufferedImage to(int longestSide, BufferedImage picture) {
        return DecodedPhoto.of(picture).fitted(longestSide);
    }
}
