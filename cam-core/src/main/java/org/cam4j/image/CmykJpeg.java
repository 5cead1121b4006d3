package org.cam4j.image;

import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/** The inks of a four-channel JPEG, which are stored inverted (Adobe's convention) and often as YCCK. */
final class CmykJpeg {

    private static final int YCCK = 2;

    private CmykJpeg() {}

    /**
     * Inks from what the file stores.
     *
     * @param stored the decoded samples, four bands
     * @param adobeTransform the Adobe marker's colour transform
     * @return cyan, magenta, yellow, black; 255 is full ink
     */
    static Raster inks(Raster stored, int adobeTransform) {
        int width = stored.getWidth();
        WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, stored.getHeight(), 4, null);
        int[] row = new int[width * 4];
        for (int y = 0; y < stored.getHeight(); y++) {
            stored.getPixels(stored.getMinX(), stored.getMinY() + y, width, 1, row);
            for (int i = 0; i < row.length; i += 4) {
                if (adobeTransform == YCCK) {
                    toRgb(row, i);
                } else {
                    row[i] = 255 - row[i];
                    row[i + 1] = 255 - row[i + 1];
                    row[i + 2] = 255 - row[i + 2];
                }
                row[i + 3] = 255 - row[i + 3];
            }
            inks.setPixels(0, y, width, 1, row);
        }
        return inks;
    }

    /** YCbCr to RGB in place, in libjpeg's 16-bit fixed point; the inverse of an inverted ink is its RGB. */
    private static void toRgb(int[] row, int i) {
        int y = row[i];
        int cb = row[i + 1] - 128;
        int cr = row[i + 2] - 128;
        row[i] = clamp(y + ((91881 * cr + 32768) >> 16));
        row[i + 1] = clamp(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
        row[i + 2] = clamp(y + ((116130 * cb + 32768) >> 16));
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
