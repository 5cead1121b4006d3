package org.cam4j.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * Images of a byte each for red, green and blue, in this order, as libjpeg reads and writes them: ImageIO copies their rows whole, where it
 * converts those of other images number by number.
 */
public final class RgbBytes {

    private RgbBytes() {}

    /**
     * Wraps bytes as an image.
     *
     * @param bytes [height, width, 3]; not copied
     * @param width columns
     * @param height rows
     * @return an image of them
     */
    public static BufferedImage image(byte[] bytes, int width, int height) {
        return image(Raster.createInterleavedRaster(
                new DataBufferByte(bytes, bytes.length), width, height, 3 * width, 3, new int[] {0, 1, 2}, null));
    }

    /** An image whose bytes lie as the raster says. */
    static BufferedImage image(WritableRaster raster) {
        return new BufferedImage(
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_sRGB),
                        false,
                        false,
                        Transparency.OPAQUE,
                        DataBuffer.TYPE_BYTE),
                raster,
                false,
                null);
    }
}
