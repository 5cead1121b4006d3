package org.cam4j.image;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Arrays;

/**
 * A raster that hands on the rows that a decoder writes, from the top, and keeps none: Java's JPEG decoder writes them one by one. Any other
 * use of it fails.
 */
final class PassedRows extends WritableRaster {

    private static final int[] IN_ORDER = {0, 1, 2};

    private final KeptParts parts;

    private PassedRows(int width, int height, KeptParts parts) {
        super(
                new PixelInterleavedSampleModel(
                        DataBuffer.TYPE_BYTE, width, height, 3, Math.multiplyExact(3, width), IN_ORDER),
                // Not a byte can be read or written.
                new DataBufferByte(new byte[0], 0),
                new Point());
        this.parts = parts;
    }

    /**
     * Creates an image of red, green and blue bytes whose rows go to the parts.
     *
     * @param width columns as stored
     * @param height rows as stored
     */
    static BufferedImage to(KeptParts parts, int width, int height) {
        return RgbBytes.image(new PassedRows(width, height, parts));
    }

    @Override
    public void setRect(int x, int y, Raster row) {
        if (x != 0
                || y != parts.rows()
                || row.getHeight() != 1
                || row.getWidth() != width
                || !(row.getSampleModel() instanceof PixelInterleavedSampleModel model)
                || !Arrays.equals(model.getBandOffsets(), IN_ORDER)
                || !(row.getDataBuffer() instanceof DataBufferByte bytes)
                || bytes.getOffset() != 0) {
            throw new UnsupportedOperationException("expected row " + parts.rows() + " of " + width + " pixels");
        }
        parts.takeRow(bytes.getData());
    }
}
