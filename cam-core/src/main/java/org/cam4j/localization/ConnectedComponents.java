package org.cam4j.localization;

import java.util.Arrays;

/**
 * The connected regions of the pixels above a threshold, 8-connected: pixels that touch at a side or a corner belong together,
 * as in OpenCV's {@code findContours}.
 *
 * <p>One pass from top to bottom cuts every row into runs of pixels above the threshold and joins each run with those that it
 * touches in the row above (union-find; a region's root is its first run in reading order). Memory is a few numbers a run, not
 * a pixel, and nothing recurses.
 */
final class ConnectedComponents {

    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int[] rows = new int[64];
    private int[] parents = new int[64];
    private int runs;

    private ConnectedComponents() {}

    /**
     * Finds the regions.
     *
     * @param values [height, width], row-major; not modified
     * @param width columns
     * @param threshold pixels with a larger value belong to a region
     */
    static ConnectedComponents above(double threshold, float[] values, int width) {
        ConnectedComponents components = new ConnectedComponents();
        int height = values.length / width;
        int previous = 0;
        for (int y = 0; y < height; y++) {
            int first = components.runs;
            components.addRuns(threshold, values, y, width);
            components.join(previous, first);
            previous = first;
        }
        return components;
    }

    /**
     * The box of the region with the most pixels; of equal ones, the one that is reached first row by row from the top left.
     *
     * @throws IllegalStateException if no pixel is above the threshold
     */
    BoundingBox largest() {
        if (runs == 0) {
            throw new IllegalStateException("no pixel is above the threshold");
        }
        long[] areas = new long[runs];
        int best = 0;
        for (int run = 0; run < runs; run++) {
            areas[root(run)] += ends[run] - starts[run];
        }
        for (int run = 1; run < runs; run++) {
            if (areas[run] > areas[best]) {
                best = run;
            }
        }
        return box(best);
    }

    private BoundingBox box(int root) {
        int left = starts[root];
        int right = ends[root];
        int bottom = rows[root];
        for (int run = root + 1; run < runs; run++) {
            if (root(run) == root) {
                left = Math.min(left, starts[run]);
                right = Math.max(right, ends[run]);
                bottom = rows[run];
            }
        }
        return new BoundingBox(left, rows[root], right, bottom + 1);
    }

    private void addRuns(double threshold, float[] values, int y, int width) {
        int row = y * width;
        for (int x = 0; x < width; x++) {
            if (values[row + x] > threshold) {
                int start = x;
                while (x < width && values[row + x] > threshold) {
                    x++;
                }
                add(y, start, x);
            }
        }
    }

    private void add(int y, int start, int end) {
        if (runs == starts.length) {
            int capacity = runs * 2;
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            rows = Arrays.copyOf(rows, capacity);
            parents = Arrays.copyOf(parents, capacity);
        }
        rows[runs] = y;
        starts[runs] = start;
        ends[runs] = end;
        parents[runs] = runs;
        runs++;
    }

    /** Joins the runs of two rows, {@code [upper, lower)} and {@code [lower, runs)}, where they touch. */
    private void join(int upper, int lower) {
        int above = upper;
        int below = lower;
        while (above < lower && below < runs) {
            // Ends are exclusive, so runs that touch at a corner have one's end at the other's start.
            if (starts[above] <= ends[below] && starts[below] <= ends[above]) {
                int one = root(above);
                int other = root(below);
                parents[Math.max(one, other)] = Math.min(one, other);
            }
            if (ends[above] < ends[below]) {
                above++;
            } else {
                below++;
            }
        }
    }

    private int root(int run) {
        int root = run;
        while (parents[root] != root) {
            parents[root] = parents[parents[root]];
            root = parents[root];
        }
        return root;
    }
}
