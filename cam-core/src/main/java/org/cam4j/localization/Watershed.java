package org.cam4j.localization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts the pixels above a threshold into one region a peak: the watershed by flooding, with the shallow passes filled (peaks are
 * kept by their prominence, the persistence of computational topology).
 *
 * <p>Pixels are taken from the highest down; each joins the region of its highest neighbour, or begins one where it has none.
 * Where two regions meet at a value {@code v}, the lower peak {@code p} is no object of its own, and the regions become one,
 * unless {@code p - v} reaches the prominence. Time is that of sorting the pixels.
 */
final class Watershed {

    private static final int[] DOWN = {-1, 0, 0, 1, -1, -1, 1, 1};
    private static final int[] ACROSS = {0, -1, 1, 0, -1, 1, -1, 1};

    private final float[] values;
    private final int width;
    private final int height;
    private final double prominence;
    private final int neighbours;
    /** The region of each pixel as it was first given; -1 for none yet. */
    private final int[] labels;

    private int[] parents = new int[16];
    private float[] peaks = new float[16];
    private int count;

    private Watershed(double prominence, float[] values, int width, Connectivity connectivity) {
        this.values = values;
        this.width = width;
        this.height = values.length / width;
        this.prominence = prominence;
        this.neighbours = connectivity == Connectivity.EIGHT ? 8 : 4;
        this.labels = new int[values.length];
        Arrays.fill(labels, -1);
    }

    /**
     * Finds the regions.
     *
     * @param threshold pixels with a larger value belong to a region
     * @param prominence how far a peak must rise above the pass to a higher one, in the unit of the values
     * @param values [height, width], row-major; not modified
     * @param width columns
     * @param connectivity which pixels touch
     * @return the largest first
     */
    static List<Region> regions(
            double threshold, double prominence, float[] values, int width, Connectivity connectivity) {
        Watershed watershed = new Watershed(prominence, values, width, connectivity);
        for (long key : highestFirst(threshold, values)) {
            watershed.flood((int) key);
        }
        return watershed.collect();
    }

    /** Pixels in the lower half, in the upper a number that falls with the value; of equal values the first in reading order. */
    private static long[] highestFirst(double threshold, float[] values) {
        long[] keys = new long[values.length];
        int size = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] > threshold) {
                int bits = Float.floatToIntBits(values[i]);
                int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
                keys[size++] = ((long) ~ascending << 32) | i;
            }
        }
        long[] used = Arrays.copyOf(keys, size);
        Arrays.sort(used);
        return used;
    }

    private void flood(int pixel) {
        int y = pixel / width;
        int x = pixel % width;
        int highest = -1;
        for (int n = 0; n < neighbours; n++) {
            int at = neighbour(y, x, n);
            if (at >= 0 && labels[at] >= 0 && (highest < 0 || values[at] > values[highest])) {
                highest = at;
            }
        }
        if (highest < 0) {
            labels[pixel] = begin(values[pixel]);
            return;
        }
        labels[pixel] = labels[highest];
        for (int n = 0; n < neighbours; n++) {
            int at = neighbour(y, x, n);
            if (at >= 0 && labels[at] >= 0) {
                meet(root(labels[pixel]), root(labels[at]), values[pixel]);
            }
        }
    }

    private int neighbour(int y, int x, int n) {
        int row = y + DOWN[n];
        int column = x + ACROSS[n];
        return row >= 0 && row < height && column >= 0 && column < width ? row * width + column : -1;
    }

    private int begin(float peak) {
        if (count == parents.length) {
            parents = Arrays.copyOf(parents, count * 2);
            peaks = Arrays.copyOf(peaks, count * 2);
        }
        parents[count] = count;
        peaks[count] = peak;
        return count++;
    }

    /** Regions are numbered from the highest peak down. */
    private void meet(int one, int other, float pass) {
        int lower = Math.max(one, other);
        if (one != other && peaks[lower] - (double) pass < prominence) {
            parents[lower] = Math.min(one, other);
        }
    }

    private int root(int region) {
        int root = region;
        while (parents[root] != root) {
            parents[root] = parents[parents[root]];
            root = parents[root];
        }
        return root;
    }

    private List<Region> collect() {
        int[] left = new int[count];
        int[] right = new int[count];
        int[] top = new int[count];
        int[] bottom = new int[count];
        long[] areas = new long[count];
        Arrays.fill(left, width);
        Arrays.fill(top, height);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= 0) {
                int root = root(labels[i]);
                left[root] = Math.min(left[root], i % width);
                right[root] = Math.max(right[root], i % width + 1);
                top[root] = Math.min(top[root], i / width);
                bottom[root] = i / width + 1;
                areas[root]++;
            }
        }
        List<Region> regions = new ArrayList<>();
        for (int root = 0; root < count; root++) {
            if (areas[root] > 0) {
                regions.add(new Region(new BoundingBox(left[root], top[root], right[root], bottom[root]), areas[root]));
            }
        }
        regions.sort(Region.LARGEST_FIRST);
        return regions;
    }
}
