package org.cam4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Any image to {@code TYPE_INT_RGB} by its sample values, as Pillow's {@code convert("RGB")} does.
 *
 * <p>Java's own conversion would take grey for linear light and brighten it, apply embedded profiles and blend alpha.
 */
final class RgbConversion {

    private static final int COLOURS_AND_ALPHA = 4;

    private RgbConversion() {}

    /** An image in any colour model. */
    static BufferedImage of(BufferedImage image) {
        return filled(image.getWidth(), image.getHeight(), rows(image));
    }

    /** An image whose colours are stored multiplied with its alpha, whatever its colour model says. */
    static BufferedImage ofPremultiplied(BufferedImage image) {
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        if (!(model instanceof ComponentColorModel) || raster.getNumBands() != COLOURS_AND_ALPHA) {
            return of(image);
        }
        int shift = model.getComponentSize(0) - 8;
        Samples samples = new Samples(raster);
        return filled(image.getWidth(), image.getHeight(), (y, pixels, at) -> {
            int[] row = samples.row(y);
            for (int i = 0, x = at; i < row.length; i += COLOURS_AND_ALPHA, x++) {
                int alpha = row[i + 3] >>> shift;
                pixels[x] = divided(row[i] >>> shift, alpha) << 16
                        | divided(row[i + 1] >>> shift, alpha) << 8
                        | divided(row[i + 2] >>> shift, alpha);
            }
        });
    }

    /** A colour less its alpha, in Pillow's arithmetic. */
    private static int divided(int colour, int alpha) {
        return alpha == 0 ? 0 : Math.min(255, colour * 255 / alpha);
    }

    /** Cyan, magenta, yellow and black of eight bits; 255 is full ink. */
    static BufferedImage ofInks(Raster inks) {
        return filled(inks.getWidth(), inks.getHeight(), inkRows(inks, 0));
    }

    private static BufferedImage filled(int width, int height, Rows rows) {
        BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] pixels = ((DataBufferInt) rgb.getRaster().getDataBuffer()).getData();
        for (int y = 0; y < height; y++) {
            rows.read(y, pixels, y * width);
        }
        return rgb;
    }

    /** Writes one row of an image as {@code 0xRRGGBB}. */
    private interface Rows {
        void read(int y, int[] pixels, int at);
    }

    private static Rows rows(BufferedImage image) {
        ColorModel model = image.getColorModel();
        int transfer = model.getTransferType();
        if (transfer != DataBuffer.TYPE_BYTE && transfer != DataBuffer.TYPE_USHORT && transfer != DataBuffer.TYPE_INT) {
            throw new UnreadableSamplesException(
                    "holds floating-point or signed samples, whose range is unknown: save it with"
                            + " unsigned samples of 8 or 16 bits, 0 for black.");
        }
        if (model instanceof IndexColorModel palette) {
            return paletteRows(image.getRaster(), palette);
        }
        if (!(model instanceof ComponentColorModel) || model.isAlphaPremultiplied()) {
            return packedRows(image);
        }
        int shift = model.getComponentSize(0) - 8;
        if (shift < 0) {
            return packedRows(image);
        }
        return switch (model.getColorSpace().getType()) {
            case ColorSpace.TYPE_GRAY -> greyRows(image.getRaster(), shift);
            case ColorSpace.TYPE_RGB -> colourRows(image.getRaster(), shift);
            case ColorSpace.TYPE_CMYK -> inkRows(image.getRaster(), shift);
            default -> packedRows(image);
        };
    }

    /** Converts pixels without plain channels by their own colour model. */
    private static Rows packedRows(BufferedImage image) {
        int width = image.getWidth();
        return (y, pixels, at) -> {
            image.getRGB(0, y, width, 1, pixels, at, width);
            for (int x = at; x < at + width; x++) {
                pixels[x] &= 0xffffff;
            }
        };
    }

    private static Rows paletteRows(Raster raster, IndexColorModel palette) {
        int[] colours = new int[1 << palette.getPixelSize()];
        palette.getRGBs(colours);
        Samples samples = new Samples(raster);
        return (y, pixels, at) -> {
            int[] row = samples.row(y);
            for (int x = 0; x < row.length; x++) {
                pixels[at + x] = colours[row[x]] & 0xffffff;
            }
        };
    }

    private static Rows greyRows(Raster raster, int shift) {
        int bands = raster.getNumBands();
        Samples samples = new Samples(raster);
        return (y, pixels, at) -> {
            int[] row = samples.row(y);
            for (int i = 0, x = at; i < row.length; i += bands, x++) {
                pixels[x] = (row[i] >>> shift) * 0x010101;
            }
        };
    }

    private static Rows colourRows(Raster raster, int shift) {
        int bands = raster.getNumBands();
        Samples samples = new Samples(raster);
        return (y, pixels, at) -> {
            int[] row = samples.row(y);
            for (int i = 0, x = at; i < row.length; i += bands, x++) {
                pixels[x] = ((row[i] >>> shift) << 16) | ((row[i + 1] >>> shift) << 8) | (row[i + 2] >>> shift);
            }
        };
    }

    private static Rows inkRows(Raster raster, int shift) {
        int bands = raster.getNumBands();
        Samples samples = new Samples(raster);
        return (y, pixels, at) -> {
            int[] row = samples.row(y);
            for (int i = 0, x = at; i < row.length; i += bands, x++) {
                int white = 255 - (row[i + 3] >>> shift);
                pixels[x] = ((white - product(row[i] >>> shift, white)) << 16)
                        | ((white - product(row[i + 1] >>> shift, white)) << 8)
                        | (white - product(row[i + 2] >>> shift, white));
            }
        };
    }

    /** {@code a · b / 255}, rounded, in Pillow's arithmetic. */
    private static int product(int a, int b) {
        int t = a * b + 128;
        return ((t >> 8) + t) >> 8;
    }

    /** A raster's samples, a row at a time; the row returned is the same array every time. */
    private static final class Samples {

        private final Raster raster;
        private final int[] row;
        private final byte[] bytes;

        Samples(Raster raster) {
            this.raster = raster;
            this.row = new int[Math.multiplyExact(raster.getWidth(), raster.getNumBands())];
            this.bytes = raster.getTransferType() == DataBuffer.TYPE_BYTE ? new byte[row.length] : null;
        }

        int[] row(int y) {
            if (bytes == null) {
                return raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            }
            // Twice as fast as getPixels for the commonest photos.
            raster.getDataElements(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, bytes);
            for (int i = 0; i < row.length; i++) {
                row[i] = bytes[i] & 0xff;
            }
            return row;
        }
    }
}
