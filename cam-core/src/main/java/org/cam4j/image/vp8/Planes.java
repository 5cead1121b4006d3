package org.cam4j.image.vp8;

/** The samples of a frame in whole macroblocks: luma, and U and V with half its rows and columns. */
final class Planes {

    final byte[] luma;
    final byte[] u;
    final byte[] v;
    final int lumaStride;
    final int chromaStride;

    Planes(int columns, int rows) {
        lumaStride = 16 * columns;
        chromaStride = 8 * columns;
        luma = new byte[Math.multiplyExact(lumaStride, 16 * rows)];
        u = new byte[chromaStride * 8 * rows];
        v = new byte[u.length];
    }

    /** The first luma sample of a macroblock. */
    int lumaAt(int column, int row) {
        return 16 * (row * lumaStride + column);
    }

    /** The first sample of U and V of a macroblock. */
    int chromaAt(int column, int row) {
        return 8 * (row * chromaStride + column);
    }
}
