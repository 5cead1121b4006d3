package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.cam4j.engine.PixelBatch;
import org.cam4j.plan.operation.Shape;

/**
 * Everything between an upright photo and a network's input. Immutable and safe to share between threads.
 *
 * @param height the input's rows, positive
 * @param width the input's columns, positive
 * @param channels 3, or 1 for a network that sees grey
 * @param preprocessing what happens to the values; one that treats all colours alike becomes grey where the network has one channel
 * @param interpolation how the photo is resized
 * @param fit what happens to its proportions
 * @param shortSide the length to which the photo's shorter side is resized before its middle is cut out, as torchvision and timm do; 0 if
 *     the crop is as large as the photo allows
 */
public record ImagePreparation(
        int height,
        int width,
        int channels,
        Preprocessing preprocessing,
        Interpolation interpolation,
        Fit fit,
        int shortSide) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the size is not positive, the channels are not 3 or 1, or the settings do not go together; the message says why
     */
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
        if (fit == Fit.EXACT_CENTER_CROP && !interpolation.isPillows()) {
            throw new IllegalArgumentException(
                    "the fit exact_center_crop cuts within pixels, which the resizing "
                            + interpolation.name().toLowerCase(Locale.ROOT)
                            + " does not: expected lanczos, bicubic or smooth_bilinear. Choose one of them, or the fit center_crop.");
        }
        if (shortSide != 0) {
            requireCrop(height, width, interpolation, fit, shortSide);
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
     * Creates a preparation whose crop, if there is one, is as large as the photo allows.
     *
     * @param height the input's rows, positive
     * @param width the input's columns, positive
     * @param channels 3, or 1 for a network that sees grey
     * @param preprocessing what happens to the values
     * @param interpolation how the photo is resized
     * @param fit what happens to its proportions
     */
    public ImagePreparation(
            int height, int width, int channels, Preprocessing preprocessing, Interpolation interpolation, Fit fit) {
        this(height, width, channels, preprocessing, interpolation, fit, 0);
    }

    private static void requireCrop(int height, int width, Interpolation interpolation, Fit fit, int shortSide) {
        if (fit != Fit.CENTER_CROP || !interpolation.isPillows()) {
            throw new IllegalArgumentException("the shorter side is resized to " + shortSide + " pixels, with the fit "
                    + fit.name().toLowerCase(Locale.ROOT) + " and the resizing "
                    + interpolation.name().toLowerCase(Locale.ROOT)
                    + ": expected center_crop, and lanczos, bicubic or smooth_bilinear. Choose these, or a shorter side of 0, which is"
                    + " the largest crop.");
        }
        if (shortSide < Math.max(height, width)) {
            throw new IllegalArgumentException(
                    "the shorter side is resized to " + shortSide + " pixels for an input of " + height + "x" + width
                            + ": expected at least the input's longer side. Choose it larger, or 0 for the largest crop.");
        }
    }

    /**
     * {@return the same preparation for an input of another size; the shorter side's length changes with the input's longer side}
     *
     * @param otherHeight rows, positive
     * @param otherWidth columns, positive
     */
    public ImagePreparation sized(int otherHeight, int otherWidth) {
        long side = (long) shortSide * Math.max(otherHeight, otherWidth) / Math.max(height, width);
        return new ImagePreparation(
                otherHeight, otherWidth, channels, preprocessing, interpolation, fit, Math.toIntExact(side));
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
        Span x = along(photoWidth, photoHeight, width, height);
        Span y = along(photoHeight, photoWidth, height, width);
        float[] values = interpolation.sample(photo, x, y, height, width, preprocessing.order());
        preprocessing.apply(values, width);
        return new ImageInput(values, height, width, channels, geometry(photoWidth, photoHeight));
    }

    /**
     * Returns the way from an input back to a photo's pixels.
     *
     * @param photoWidth columns of an upright photo
     * @param photoHeight its rows
     * @return what {@link #prepare} gives with the input
     */
    public Geometry geometry(int photoWidth, int photoHeight) {
        Span x = along(photoWidth, photoHeight, width, height);
        Span y = along(photoHeight, photoWidth, height, width);
        return new Geometry(photoWidth, photoHeight, width, height, x.scale(), y.scale(), x.offset(), y.offset());
    }

    /**
     * Prepares one photo as bytes, for engines that sample and scale them on a device. Photos that are resized in whole numbers ({@link
     * Interpolation#LANCZOS}, {@link Interpolation#BICUBIC} and {@link Interpolation#SMOOTH_BILINEAR}) are resized here; for the others the
     * device does it.
     *
     * @param photo an upright photo, from {@link PhotoReader#decode}
     * @return one image, whose values have the bits of {@link #prepare}'s; empty if the preprocessing makes numbers that are not finite
     */
    public Optional<PixelBatch> pixels(DecodedPhoto photo) {
        SampledBytes bytes = new SampledBytes(preprocessing);
        if (!bytes.areFinite()) {
            return Optional.empty();
        }
        Span x = along(photo.width(), photo.height(), width, height);
        Span y = along(photo.height(), photo.width(), height, width);
        PixelBatch.Image image;
        if (interpolation.isPillows()) {
            image = bytes.of(interpolation.sample(photo, x, y, height, width, preprocessing.order()), height, width);
        } else {
            Interpolation.Taps columns = interpolation.taps(x);
            Interpolation.Taps rows = interpolation.taps(y);
            image = bytes.of(photo.samples(columns, rows), x, y, columns, rows);
        }
        return Optional.of(new PixelBatch(List.of(image), new Shape(height, width, channels)));
    }

    /**
     * The pixels that {@link #prepare} reads of a photo.
     *
     * @return empty if it reads all
     */
    Optional<SampledPixels> sampled(int photoWidth, int photoHeight) {
        if (interpolation.isPillows()) {
            return Optional.empty();
        }
        return Optional.of(new SampledPixels(
                photoWidth,
                photoHeight,
                interpolation.taps(along(photoWidth, photoHeight, width, height)),
                interpolation.taps(along(photoHeight, photoWidth, height, width))));
    }

    private Span along(int photo, int photoAcross, int input, int inputAcross) {
        return shortSide == 0
                ? fit.along(photo, photoAcross, input, inputAcross)
                : Span.resizedThenCropped(photo, photoAcross, shortSide, input);
    }

    /** For a provenance line: {@code 224x224x3, squashed, bilinear, RGB * 0.0078431373 - 1}; height comes first. */
    @Override
    public String toString() {
        return height + "x" + width + "x" + channels + ", " + fit.words()
                + (shortSide == 0 ? "" : " of the shorter side at " + shortSide) + ", "
                + interpolation.name().toLowerCase(Locale.ROOT) + ", " + preprocessing.words();
    }
}
