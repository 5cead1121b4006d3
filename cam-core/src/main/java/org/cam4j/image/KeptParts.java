package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a large photo while its rows are decoded: the pixels that a network's input is sampled from, and pictures of some sizes.
 * The photo itself, 3 bytes a pixel, lies nowhere. Not thread-safe while rows are taken.
 */
final class KeptParts {

    private final int storedWidth;
    private final int storedHeight;
    private final int exif;
    private final SampledPixels samples;
    private final List<AreaAverage> averages;
    private final RowSums sums;
    private final List<BufferedImage> pictures = new ArrayList<>();
    private int nextRow;

    private KeptParts(int storedWidth, int storedHeight, int exif, SampledPixels samples, List<AreaAverage> averages) {
        this.storedWidth = storedWidth;
        this.storedHeight = storedHeight;
        this.exif = exif;
        this.samples = samples;
        this.averages = averages;
        this.sums = new RowSums(averages.isEmpty() ? 0 : storedWidth);
    }

    /**
     * Creates the parts of a photo, of no rows.
     *
     * @param storedWidth columns before the photo is turned upright
     * @param storedHeight rows before the photo is turned upright
     * @param exif its EXIF orientation, 1 to 8
     * @param use what it is decoded for
     * @return empty if all pixels are needed
     */
    static Optional<KeptParts> of(int storedWidth, int storedHeight, int exif, PhotoUse use) {
        int longest = Math.max(storedWidth, storedHeight);
        if (use.longestSides().stream().anyMatch(side -> side >= longest)) {
            return Optional.empty();
        }
        boolean isTurned = exif > 4;
        List<AreaAverage> averages = new ArrayList<>();
        for (int side : use.longestSides()) {
            averages.add(new AreaAverage(
                    storedWidth,
                    storedHeight,
                    DecodedPhoto.fitted(storedWidth, longest, side),
                    DecodedPhoto.fitted(storedHeight, longest, side)));
        }
        return use.preparation()
                .sampled(isTurned ? storedHeight : storedWidth, isTurned ? storedWidth : storedHeight)
                .map(samples -> new KeptParts(storedWidth, storedHeight, exif, samples, averages));
    }

    /**
     * Takes the next row as it is stored.
     *
     * @param row red, green and blue of each pixel; may be changed afterwards
     */
    void takeRow(byte[] row) {
        int along = 3;
        int last = (storedWidth - 1) * along;
        int fromEnd = storedHeight - 1 - nextRow;
        switch (exif) {
            case 1 -> samples.takeRow(nextRow, row, 0, along);
            case 2 -> samples.takeRow(nextRow, row, last, -along);
            case 3 -> samples.takeRow(fromEnd, row, last, -along);
            case 4 -> samples.takeRow(fromEnd, row, 0, along);
            case 5 -> samples.takeColumn(nextRow, row, 0, along);
            case 6 -> samples.takeColumn(fromEnd, row, 0, along);
            case 7 -> samples.takeColumn(fromEnd, row, last, -along);
            case 8 -> samples.takeColumn(nextRow, row, last, -along);
            default -> throw new IllegalArgumentException("EXIF orientations are 1 to 8, not " + exif);
        }
        if (!averages.isEmpty()) {
            sums.load(row, 0, 1, 2, along);
            averages.forEach(average -> average.add(sums));
        }
        nextRow++;
        if (isComplete()) {
            averages.forEach(average -> pictures.add(Orientation.upright(average.image(), exif)));
            averages.clear();
        }
    }

    /** How many rows were taken. */
    int rows() {
        return nextRow;
    }

    /** Whether all rows were taken. */
    boolean isComplete() {
        return nextRow == storedHeight;
    }

    /** Columns of the upright photo. */
    int width() {
        return exif > 4 ? storedHeight : storedWidth;
    }

    /** Rows of the upright photo. */
    int height() {
        return exif > 4 ? storedWidth : storedHeight;
    }

    /** The pixels that the network's input is sampled from. */
    SampledPixels samples() {
        return samples;
    }

    /** The picture of a size, upright; not a copy. Empty if it is not among those kept. */
    Optional<BufferedImage> picture(int width, int height) {
        return pictures.stream()
                .filter(picture -> picture.getWidth() == width && picture.getHeight() == height)
                .findFirst();
    }
}
