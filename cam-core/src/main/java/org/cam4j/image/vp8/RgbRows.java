package org.cam4j.image.vp8;

/**
 * Turns planes into RGB: chroma is interpolated between its samples, nearest weighted 9, 3, 3, 1, and colours are those of BT.601 in
 * studio range; in the integers and the order of libwebp's "fancy upsampling".
 */
final class RgbRows {

    private final Planes planes;
    private final int[] pixels;
    private final int width;
    private final int height;
    /** Chroma of the row at hand and of the one beside it, U in the lower half and V in the upper one. */
    private final int[] near;

    private final int[] far;

    RgbRows(Planes planes, int[] pixels, int width, int height) {
        this.planes = planes;
        this.pixels = pixels;
        this.width = width;
        this.height = height;
        this.near = new int[(width + 1) / 2];
        this.far = new int[near.length];
    }

    /** Writes all pixels, {@code 0xRRGGBB}. */
    void write() {
        int last = (height + 1) / 2 - 1;
        for (int y = 0; y < height; y++) {
            int row = y / 2;
            read(row, near);
            // The chroma row on the other side of the pixels, itself at the borders of the picture.
            read(Math.max(0, Math.min(last, y % 2 == 0 ? row - 1 : row + 1)), far);
            row(y);
        }
    }

    private void read(int row, int[] uv) {
        int at = row * planes.chromaStride;
        for (int x = 0; x < uv.length; x++) {
            uv[x] = (planes.u[at + x] & 0xff) | ((planes.v[at + x] & 0xff) << 16);
        }
    }

    private void row(int y) {
        int luma = y * planes.lumaStride;
        int to = y * width;
        put(to, luma, (3 * near[0] + far[0] + 0x00020002) >>> 2);
        for (int i = 1; i <= (width - 1) / 2; i++) {
            // Between four samples: the sums of both diagonals, then the mean with the nearest one.
            int all = near[i - 1] + near[i] + far[i - 1] + far[i] + 0x00080008;
            int rising = (all + 2 * (near[i] + far[i - 1])) >>> 3;
            int falling = (all + 2 * (near[i - 1] + far[i])) >>> 3;
            put(to + 2 * i - 1, luma + 2 * i - 1, (rising + near[i - 1]) >>> 1);
            put(to + 2 * i, luma + 2 * i, (falling + near[i]) >>> 1);
        }
        if (width % 2 == 0) {
            int end = near.length - 1;
            put(to + width - 1, luma + width - 1, (3 * near[end] + far[end] + 0x00020002) >>> 2);
        }
    }

    private void put(int to, int luma, int uv) {
        int y = ((planes.luma[luma] & 0xff) * 19077) >> 8;
        int u = uv & 0xff;
        int v = uv >>> 16 & 0xff;
        int red = y + ((v * 26149) >> 8) - 14234;
        int green = y - ((u * 6419) >> 8) - ((v * 13320) >> 8) + 8708;
        int blue = y + ((u * 33050) >> 8) - 17685;
        pixels[to] = eight(red) << 16 | eight(green) << 8 | eight(blue);
    }

    /** Eight bits of a number with six fractional ones. */
    private static int eight(int value) {
        return Math.max(0, Math.min(255, value >> 6));
    }
}
