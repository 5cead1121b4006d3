package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.util.Locale;
import java.util.Objects;

/**
 * Everything between an upright photo and a network's input. Immutable and safe to share between threads.
 *
 * @param height the input's rows, positive
 * @param width the input's columns, positive
 * @param channels 3, or 1 for a network that sees grey
 * @param preprocessing what happens to the values; one that treats all colours alike becomes grey where the network has one channel
 * @param interpolation how the photo is resized
 * @param fit what happens to its proportions
 */
public record ImagePreparation(
        int height, int width, int channels, Preprocessing preprocessing, Interpolation interpolation, Fit fit) {

    public ImagePreparation {
        Objects.requireNonNull(interpolation, "interpolation");
        Objects.requireNonNull(fit, "fit");
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("an input must have a positive size, not " + height + "x" + width);
        }
        if (channels != 3 && channels != 1) {
            throw new IllegalArgumentException(
                    "a photo gives 3 channels or 1, not " + channels + ": make the input of such a network yourself.");
        }
        if (fit == Fit.EXACT_CENTER_CROP && interpolation != Interpolation.LANCZOS) {
            throw new IllegalArgumentException("the fit exact_center_crop cuts within pixels, which the resizing "
                    + interpolation.name().toLowerCase(Locale.ROOT)
                    + " does not: expected lanczos. Choose it, or the fit center_crop.");
        }
        if (channels == 1) {
            preprocessing = preprocessing.grey();
        }
        if (preprocessing.order().channels() != channels) {
            throw new IllegalArgumentException("preprocessing '" + preprocessing + "' gives "
                    + preprocessing.order().channels() + " channel, the network has " + channels + ".");
        }
    }

    /**
     * Prepares one photo.
     *
     * @param photo an upright photo, from {@link PhotoReader} or of the application's own; it is not changed
     * @return the input [height, width, channels] and the way back to the photo's pixels
     */
    public ImageInput prepare(BufferedImage photo) {
        return prepare(DecodedPhoto.of(photo));
    }

    /**
     * Prepares one photo from the pixels that its decoder wrote, without an image of them.
     *
     * @param photo an upright photo, from {@link PhotoReader#decode}
     * @return the input [height, width, channels] and the way back to the photo's pixels
     */
    public ImageInput prepare(DecodedPhoto photo) {
        int photoWidth = photo.width();
        int photoHeight = photo.height();
        Span x = fit.along(photoWidth, photoHeight, width, height);
        Span y = fit.along(photoHeight, photoWidth, height, width);
        float[] values = interpolation.sample(photo, x, y, height, width, preprocessing.order());
        preprocessing.apply(values, width);
        return new ImageInput(values, height, width, channels, fit.geometry(photoWidth, photoHeight, width, height));
    }

    /** For a provenance line: {@code 224x224x3, squashed, bilinear, RGB * 0.0078431373 - 1}; height comes first. */
    @Override
    public String toString() {
        return height + "x" + width + "x" + channels + ", " + fit.words() + ", "
                + interpolation.name().toLowerCase(Locale.ROOT) + ", " + preprocessing.words();
    }
}
