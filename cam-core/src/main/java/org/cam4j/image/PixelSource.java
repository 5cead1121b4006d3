package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.awt.image.SinglePixelPackedSampleModel;
import java.awt.image.WritableRaster;

/** The pixels of an upright photo where they lie, as {@code 0xRRGGBB}. */
sealed interface PixelSource extends PixelSamples permits PixelSource.Packed, PixelSource.Bytes {

    /**
     * Reads a row.
     *
     * @param y the row
     * @param pixels receives the row's pixels
     * @param start where the first pixel goes
     */
    void read(int y, int[] pixels, int start);

    /**
     * Sums a row.
     *
     * @param y the row
     * @param sums receives the row's running sums
     */
    void sum(int y, RowSums sums);

    /**
     * The pixels of an image.
     *
     * @param image of type {@code TYPE_INT_RGB}, or a part of one; not copied
     */
    static PixelSource of(BufferedImage image) {
        WritableRaster raster = image.getRaster();
        SinglePixelPackedSampleModel model = (SinglePixelPackedSampleModel) raster.getSampleModel();
        DataBufferInt buffer = (DataBufferInt) raster.getDataBuffer();
        int first = model.getOffset(-raster.getSampleModelTranslateX(), -raster.getSampleModelTranslateY());
        return new Packed(buffer.getData(), buffer.getOffset() + first, model.getScanlineStride(), image.getWidth());
    }

    /**
     * Pixels of one number each.
     *
     * @param pixels the numbers
     * @param first the index of the first pixel
     * @param down from a row to the next
     * @param width columns
     */
    record Packed(int[] pixels, int first, int down, int width) implements PixelSource {

        @Override
        public void read(int y, int[] columns, int[] into) {
            int row = first + y * down;
            for (int i = 0; i < columns.length; i++) {
                into[i] = pixels[row + columns[i]] & 0xffffff;
            }
        }

        @Override
        public void read(int y, int[] into, int start) {
            int row = first + y * down;
            for (int x = 0; x < width; x++) {
                // Java2D leaves the unused bits set.
                into[start + x] = pixels[row + x] & 0xffffff;
            }
        }

        @Override
        public void sum(int y, RowSums sums) {
            sums.load(pixels, first + y * down);
        }
    }

    /**
     * Pixels of a byte a channel, in steps that may lead anywhere, so that a photo that lies on its side need not be turned.
     *
     * @param samples the bytes
     * @param red the index of the first pixel's red
     * @param green from a pixel's red to its green
     * @param blue from a pixel's red to its blue
     * @param along from a column to the next
     * @param down from a row to the next
     * @param width columns
     */
    record Bytes(byte[] samples, int red, int green, int blue, int along, int down, int width) implements PixelSource {

        @Override
        public void read(int y, int[] columns, int[] into) {
            int row = red + y * down;
            for (int i = 0; i < columns.length; i++) {
                into[i] = at(row + columns[i] * along);
            }
        }

        @Override
        public void read(int y, int[] into, int start) {
            int at = red + y * down;
            for (int x = 0; x < width; x++, at += along) {
                into[start + x] = at(at);
            }
        }

        @Override
        public void sum(int y, RowSums sums) {
            sums.load(samples, red + y * down, green, blue, along);
        }

        private int at(int index) {
            return (samples[index] & 0xff) << 16
                    | (samples[index + green] & 0xff) << 8
                    | (samples[index + blue] & 0xff);
        }

        /** The same pixels turned upright by their EXIF orientation, 1 to 8, without moving them. */
        Bytes upright(int exif, int height) {
            int lastColumn = (width - 1) * along;
            int lastRow = (height - 1) * down;
            return switch (exif) {
                case 1 -> this;
                case 2 -> new Bytes(samples, red + lastColumn, green, blue, -along, down, width);
                case 3 -> new Bytes(samples, red + lastColumn + lastRow, green, blue, -along, -down, width);
                case 4 -> new Bytes(samples, red + lastRow, green, blue, along, -down, width);
                case 5 -> new Bytes(samples, red, green, blue, down, along, height);
                case 6 -> new Bytes(samples, red + lastRow, green, blue, -down, along, height);
                case 7 -> new Bytes(samples, red + lastColumn + lastRow, green, blue, -down, -along, height);
                case 8 -> new Bytes(samples, red + lastColumn, green, blue, down, -along, height);
                default -> throw new IllegalArgumentException("EXIF orientations are 1 to 8, not " + exif);
            };
        }
    }
}
