package org.cam4j.image.vp8;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import javax.imageio.IIOException;

/** Decodes one VP8 key frame (RFC 6386), bit for bit as libwebp does. */
public final class Vp8Decoder {

    private static final int BLOCK = 16;
    private static final int BLOCKWISE = 4;
    private static final int INSIDE = 8;

    private final FrameHeader header;
    private final int columns;
    private final int rows;
    private final Planes planes;
    private final Modes modes;
    private final Coefficients coefficients;
    private final Prediction prediction = new Prediction();
    private final int[] work = new int[BLOCK];
    private final int[] aboveRight = new int[4];
    /** For the loop filter: a macroblock's segment, and the flags above. */
    private final byte[] filtering;

    private Vp8Decoder(FrameHeader header) {
        this.header = header;
        this.columns = (header.width + 15) / 16;
        this.rows = (header.height + 15) / 16;
        this.planes = new Planes(columns, rows);
        this.modes = new Modes(header, columns);
        this.coefficients = new Coefficients(header.coefficients, columns);
        this.filtering = new byte[columns * rows];
    }

    /**
     * Decodes a frame.
     *
     * @param file any bytes, not changed
     * @param start the frame's first byte
     * @param length the frame's bytes
     * @return the frame, of type {@code TYPE_INT_RGB}
     * @throws IIOException if it is no key frame, damaged or cut short
     */
    public static BufferedImage decode(byte[] file, int start, int length) throws IIOException {
        Vp8Decoder decoder = new Vp8Decoder(new FrameHeader(file, start, start + length));
        for (int row = 0; row < decoder.rows; row++) {
            decoder.decodeRow(row);
        }
        decoder.filter();
        BufferedImage rgb = new BufferedImage(decoder.header.width, decoder.header.height, BufferedImage.TYPE_INT_RGB);
        int[] pixels = ((DataBufferInt) rgb.getRaster().getDataBuffer()).getData();
        new RgbRows(decoder.planes, pixels, rgb.getWidth(), rgb.getHeight()).write();
        return rgb;
    }

    private void decodeRow(int row) throws IIOException {
        BoolDecoder partition = header.partitions[row % header.partitions.length];
        modes.startRow();
        coefficients.startRow();
        for (int column = 0; column < columns; column++) {
            modes.read(column);
            boolean any = false;
            if (modes.skipped) {
                coefficients.skip(column, !modes.blockwise);
            } else {
                any = coefficients.read(partition, header.quantizers[modes.segment], column, !modes.blockwise);
            }
            if (header.first.isPastEnd() || partition.isPastEnd()) {
                throw new IIOException("the VP8 data end in row " + row + " of " + rows + " macroblocks");
            }
            filtering[row * columns + column] =
                    (byte) (modes.segment | (modes.blockwise ? BLOCKWISE : 0) | (modes.blockwise || any ? INSIDE : 0));
            luma(column, row);
            chroma(planes.u, column, row, 16);
            chroma(planes.v, column, row, 20);
        }
    }

    private void luma(int column, int row) {
        int at = planes.lumaAt(column, row);
        int stride = planes.lumaStride;
        if (modes.blockwise) {
            readAboveRight(at, column, row);
        } else {
            prediction.whole(planes.luma, at, stride, 16, modes.luma, row > 0, column > 0);
        }
        for (int block = 0; block < 16; block++) {
            int x = block % 4;
            int y = block / 4;
            int to = at + 4 * (y * stride + x);
            if (modes.blockwise) {
                prediction.block(
                        planes.luma,
                        to,
                        stride,
                        modes.blocks[block],
                        row > 0 || y > 0,
                        column > 0 || x > 0,
                        x == 3 ? aboveRight : null);
            }
            add(block, planes.luma, to, stride);
        }
    }

    /** The samples above and to the right of a macroblock, which the blocks of its last column share. */
    private void readAboveRight(int at, int column, int row) {
        for (int i = 0; i < 4; i++) {
            int above = at - planes.lumaStride + 16;
            // At the right border libwebp repeats the last sample above; the specification leaves it open.
            aboveRight[i] = row == 0 ? 127 : planes.luma[column == columns - 1 ? above - 1 : above + i] & 0xff;
        }
    }

    private void chroma(byte[] samples, int column, int row, int firstBlock) {
        int at = planes.chromaAt(column, row);
        int stride = planes.chromaStride;
        prediction.whole(samples, at, stride, 8, modes.chroma, row > 0, column > 0);
        for (int i = 0; i < 4; i++) {
            add(firstBlock + i, samples, at + 4 * (i / 2 * stride + i % 2), stride);
        }
    }

    private void add(int block, byte[] samples, int at, int stride) {
        int start = block * BLOCK;
        for (int i = start; i < start + BLOCK; i++) {
            if (coefficients.values[i] != 0) {
                Transform.addInverseCosine(coefficients.values, start, work, samples, at, stride);
                return;
            }
        }
    }

    /** After all rows, because prediction goes by samples before the filter. */
    private void filter() {
        for (int i = 0; i < filtering.length; i++) {
            int how = filtering[i];
            header.filter.apply(
                    planes, i % columns, i / columns, how % BLOCKWISE, (how & BLOCKWISE) != 0, (how & INSIDE) != 0);
        }
    }
}
