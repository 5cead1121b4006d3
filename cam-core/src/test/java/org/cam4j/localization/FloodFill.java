package org.cam4j.localization;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * A connected region by its definition: every pixel that neighbours lead to.
 *
 * @param region its box and size
 * @param pixels those of the region, [height, width]
 */
record FloodFill(Region region, boolean[] pixels) {

    /** Finds the regions of a mask [height, width]: the largest first, equal ones in reading order of their first pixels. */
    static List<FloodFill> of(boolean[] mask, int width, Connectivity connectivity) {
        boolean[] left = mask.clone();
        List<FloodFill> found = new ArrayList<>();
        for (int i = 0; i < mask.length; i++) {
            if (left[i]) {
                found.add(from(i, left, width, connectivity));
            }
        }
        found.sort(Comparator.comparing(FloodFill::region, Region.LARGEST_FIRST));
        return found;
    }

    /** Finds the regions of the pixels above a threshold. */
    static List<Region> above(double threshold, float[] values, int width, Connectivity connectivity) {
        return of(mask(threshold, values), width, connectivity).stream()
                .map(FloodFill::region)
                .toList();
    }

    static boolean[] mask(double threshold, float... values) {
        boolean[] mask = new boolean[values.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = values[i] > threshold;
        }
        return mask;
    }

    private static FloodFill from(int first, boolean[] left, int width, Connectivity connectivity) {
        boolean[] pixels = new boolean[left.length];
        left[first] = false;
        Deque<Integer> open = new ArrayDeque<>(List.of(first));
        int count = 0;
        BoundingBox box = BoundingBox.ofSize(first % width, first / width, 1, 1);
        while (!open.isEmpty()) {
            int pixel = open.pop();
            int x = pixel % width;
            int y = pixel / width;
            pixels[pixel] = true;
            count++;
            box = box.union(BoundingBox.ofSize(x, y, 1, 1));
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    int neighbour = (y + dy) * width + x + dx;
                    boolean isInside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < left.length / width;
                    boolean isNeighbour = connectivity == Connectivity.EIGHT || dx == 0 || dy == 0;
                    if (isInside && isNeighbour && left[neighbour]) {
                        left[neighbour] = false;
                        open.push(neighbour);
                    }
                }
            }
        }
        return new FloodFill(new Region(box, count), pixels);
    }
}
