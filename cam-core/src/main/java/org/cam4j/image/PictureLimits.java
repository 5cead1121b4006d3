package org.cam4j.image;

import java.io.IOException;
import org.cam4j.exception.PhotoException;

/** The limits of a photo: pixels by the application's setting, memory by Java's heap. */
final class PictureLimits {

    private static final int MEGABYTE = 1 << 20;

    /** The part of the heap that one picture may take; the rest is for those that use it. */
    private static final double SHARE = 7.0 / 8;

    private PictureLimits() {}

    /**
     * Refuses a picture of too many pixels, before they are decoded.
     *
     * @param maxPixels what the application allows
     * @throws PhotoException if it has more
     */
    static void requireFewPixels(EncodedPicture picture, long maxPixels, String name) throws IOException {
        long pixels = pixels(picture);
        if (pixels > Math.min(maxPixels, Integer.MAX_VALUE - 16)) {
            throw new PhotoException(name + " has " + size(picture) + ", more than the " + maxPixels
                    + " allowed: shrink it, or raise the limit with PhotoReader.withMaxPixels.");
        }
    }

    /**
     * Refuses a picture that can never be decoded whole in this heap.
     *
     * @param encodedBytes the size of the file, which lies in memory too
     * @return the bytes that it takes while it is read
     * @throws PhotoException if the heap is smaller
     */
    static long requireHeap(EncodedPicture picture, long encodedBytes, String name) throws IOException {
        long needed = pixels(picture) * picture.bytesPerPixel() + encodedBytes;
        long heap = Runtime.getRuntime().maxMemory();
        if (needed > heap * SHARE) {
            throw new PhotoException(name + " has " + size(picture) + " and takes " + megabytes(needed)
                    + " MB while it is read, of a heap of " + megabytes(heap)
                    + " MB: shrink it, or give Java more memory, at least -Xmx" + megabytes((long) (needed / SHARE))
                    + "m.");
        }
        return needed;
    }

    private static long pixels(EncodedPicture picture) throws IOException {
        return (long) picture.width() * picture.height();
    }

    private static String size(EncodedPicture picture) throws IOException {
        return picture.width() + "x" + picture.height() + " = " + pixels(picture) + " pixels";
    }

    /** A refusal of a picture for which the memory did not suffice after all. */
    static PhotoException outOfMemory(String name, OutOfMemoryError cause) {
        return new PhotoException(
                name + " takes more memory than is free in a heap of "
                        + megabytes(Runtime.getRuntime().maxMemory())
                        + " MB: shrink it, give Java more memory with -Xmx, or read fewer photos at a time.",
                cause);
    }

    private static long megabytes(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE;
    }
}
