package org.cam4j.image;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cam4j.engine.PixelBatch;

/** The bytes of a photo that a network's input is sampled from, in the order of the network's channels. */
final class SampledBytes {

    private final ChannelOrder order;
    private final float[] scale;
    private final float[] offset;

    SampledBytes(Preprocessing preprocessing) {
        this.order = preprocessing.order();
        this.scale = floats(preprocessing.scale());
        this.offset = floats(preprocessing.offset());
    }

    private static float[] floats(List<Double> numbers) {
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i).floatValue();
        }
        return floats;
    }

    /** Whether every pixel gives a finite value. */
    boolean areFinite() {
        return IntStream.range(0, scale.length)
                .allMatch(c -> Float.isFinite(0 * scale[c] + offset[c]) && Float.isFinite(255 * scale[c] + offset[c]));
    }

    /** Takes the pixels in which taps cross. */
    PixelBatch.Image of(PixelSamples photo, Span x, Span y, Interpolation.Taps columns, Interpolation.Taps rows) {
        int[] usedColumns = used(columns);
        int[] usedRows = used(rows);
        int channels = order.channels();
        byte[] bytes = new byte[Math.multiplyExact(Math.multiplyExact(usedRows.length, usedColumns.length), channels)];
        int[] row = new int[usedColumns.length];
        int at = 0;
        for (int used : usedRows) {
            photo.read(used, usedColumns, row);
            for (int pixel : row) {
                if (order == ChannelOrder.GREY) {
                    bytes[at++] = (byte) ChannelOrder.luma(pixel);
                } else {
                    bytes[at++] = (byte) (pixel >> order.firstShift);
                    bytes[at++] = (byte) (pixel >> order.secondShift);
                    bytes[at++] = (byte) (pixel >> order.thirdShift);
                }
            }
        }
        return new PixelBatch.Image(
                bytes,
                usedColumns.length,
                axis(y.inputStart(), rows, usedRows),
                axis(x.inputStart(), columns, usedColumns),
                scale,
                offset);
    }

    /** Takes pixels that were sampled already, [height, width, channels], whole numbers in [0, 255]. */
    PixelBatch.Image of(float[] pixels, int height, int width) {
        byte[] bytes = new byte[pixels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (int) pixels[i];
        }
        return new PixelBatch.Image(
                bytes, width, PixelBatch.Axis.whole(height), PixelBatch.Axis.whole(width), scale, offset);
    }

    private static int[] used(Interpolation.Taps taps) {
        return IntStream.concat(Arrays.stream(taps.lower()), Arrays.stream(taps.upper()))
                .distinct()
                .sorted()
                .toArray();
    }

    private static PixelBatch.Axis axis(int start, Interpolation.Taps taps, int... used) {
        return new PixelBatch.Axis(start, places(taps.lower(), used), places(taps.upper(), used), taps.weight());
    }

    private static int[] places(int[] taps, int... used) {
        return Arrays.stream(taps).map(tap -> Arrays.binarySearch(used, tap)).toArray();
    }
}
