package org.cam4j.image;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.cam4j.exception.PhotoException;

/** A program that reads a photo when its heap is almost full, and again when it is not. */
final class SmallHeap {

    private static final int BLOCK = 1 << 18;

    private SmallHeap() {}

    /**
     * Reads photos.
     *
     * @param arguments the photo to read with a full heap, and one that is too large for the heap however empty
     */
    public static void main(String... arguments) {
        print(Path.of(arguments[1]));
        Path photo = Path.of(arguments[0]);
        print(photo);
        Deque<byte[]> ballast = new ArrayDeque<>();
        try {
            while (true) {
                ballast.add(new byte[BLOCK]);
            }
        } catch (OutOfMemoryError e) {
            // Room for the refusal itself.
            for (int i = 0; i < 8; i++) {
                ballast.poll();
            }
        }
        print(photo);
        ballast.clear();
        print(photo);
    }

    private static void print(Path photo) {
        try {
            System.out.println(PhotoReader.standard().read(photo).getWidth() + " columns");
        } catch (PhotoException e) {
            System.out.println(e.getMessage());
        }
    }
}
