package org.cam4j.image;

/**
 * The position of a photo's pixels in the network's input.
 *
 * <p>{@code input_x = photo_x · scaleX + offsetX}, the same in y, in continuous coordinates in which pixel {@code i}
 * covers {@code [i, i + 1)} and has its centre at {@code i + 0.5} (half-pixel centres). The photo is the upright one,
 * after its EXIF orientation was applied. All sizes are in pixels.
 *
 * @param photoWidth the photo's width, positive
 * @param photoHeight the photo's height, positive
 * @param inputWidth the network input's width, positive
 * @param inputHeight the network input's height, positive
 * @param scaleX input pixels per photo pixel, positive
 * @param scaleY input pixels per photo pixel, positive
 * @param offsetX where the photo's left edge lies in the input; negative when it was cropped away
 * @param offsetY where the photo's top edge lies in the input; negative when it was cropped away
 */
public record Geometry(
        int photoWidth,
        int photoHeight,
        int inputWidth,
        int inputHeight,
        double scaleX,
        double scaleY,
        double offsetX,
        double offsetY) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a size or scale is not positive, or a scale or offset not finite
     */
    public Geometry {
        if (photoWidth < 1 || photoHeight < 1 || inputWidth < 1 || inputHeight < 1) {
            throw new IllegalArgumentException("sizes must be positive: photo " + photoWidth + "x" + photoHeight
                    + ", input " + inputWidth + "x" + inputHeight);
        }
        if (!(scaleX > 0 && scaleY > 0 && Double.isFinite(scaleX) && Double.isFinite(scaleY))
                || !Double.isFinite(offsetX)
                || !Double.isFinite(offsetY)) {
            throw new IllegalArgumentException("scales must be positive and finite, offsets finite: " + scaleX + ", "
                    + scaleY + ", " + offsetX + ", " + offsetY);
        }
    }

    /**
     * The photo squashed onto the whole input, whatever its proportions: what Keras does.
     *
     * @param photoWidth the photo's width
     * @param photoHeight the photo's height
     * @param inputWidth the input's width
     * @param inputHeight the input's height
     * @return the geometry of a plain resize
     */
    public static Geometry squash(int photoWidth, int photoHeight, int inputWidth, int inputHeight) {
        return new Geometry(
                photoWidth,
                photoHeight,
                inputWidth,
                inputHeight,
                (double) inputWidth / photoWidth,
                (double) inputHeight / photoHeight,
                0,
                0);
    }

    /**
     * The position of the same photo at another size, for example of a smaller picture of it.
     *
     * @param width the other width, positive
     * @param height the other height, positive
     * @return with the same input and offsets, and the scales of the other size
     */
    public Geometry resized(int width, int height) {
        return new Geometry(
                width,
                height,
                inputWidth,
                inputHeight,
                scaleX / ((double) width / photoWidth),
                scaleY / ((double) height / photoHeight),
                offsetX,
                offsetY);
    }

    /**
     * A photo's x in the input.
     *
     * @param photoX continuous coordinate in the photo
     * @return continuous coordinate in the input
     */
    public double toInputX(double photoX) {
        return photoX * scaleX + offsetX;
    }

    /**
     * A photo's y in the input.
     *
     * @param photoY continuous coordinate in the photo
     * @return continuous coordinate in the input
     */
    public double toInputY(double photoY) {
        return photoY * scaleY + offsetY;
    }

    /**
     * An input's x in the photo.
     *
     * @param inputX continuous coordinate in the input
     * @return continuous coordinate in the photo
     */
    public double toPhotoX(double inputX) {
        return (inputX - offsetX) / scaleX;
    }

    /**
     * An input's y in the photo.
     *
     * @param inputY continuous coordinate in the input
     * @return continuous coordinate in the photo
     */
    public double toPhotoY(double inputY) {
        return (inputY - offsetY) / scaleY;
    }
}
