package org.cam4j.localization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The connected regions of the pixels above a threshold.
 *
 * <p>One pass from top to bottom cuts every row into runs of pixels above the threshold and joins each run with those that it
 * touches in the row above (union-find; a region's root is its first run in reading order). Memory is a few numbers a run, not
 * a pixel, and nothing recurses.
 */
public final class ConnectedComponents {

    private final int width;
    private final int height;
    // Ends are exclusive, so runs that touch at a corner have one's end at the other's start.
    private final int slack;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int[] rows = new int[64];
    private int[] parents = new int[64];
    private int runs;

    private ConnectedComponents(int width, int height, Connectivity connectivity) {
        this.width = width;
        this.height = height;
        this.slack = connectivity == Connectivity.EIGHT ? 1 : 0;
    }

    /**
     * Finds the 8-connected regions.
     *
     * @param threshold pixels with a larger value belong to a region
     * @param values [height, width], row-major; not modified
     * @param width columns
     * @return the regions, perhaps none
     */
    public static ConnectedComponents above(double threshold, float[] values, int width) {
        return above(threshold, values, width, Connectivity.EIGHT);
    }

    /**
     * Finds the regions.
     *
     * @param threshold pixels with a larger value belong to a region
     * @param values [height, width], row-major; not modified
     * @param width columns
     * @param connectivity which pixels belong together
     * @return the regions, perhaps none
     */
    public static ConnectedComponents above(double threshold, float[] values, int width, Connectivity connectivity) {
        ConnectedComponents components = new ConnectedComponents(width, values.length / width, connectivity);
        int previous = 0;
        for (int y = 0; y < components.height; y++) {
            int first = components.runs;
            components.addRuns(threshold, values, y);
            components.join(previous, first);
            previous = first;
        }
        return components;
    }

    /**
     * Whether no pixel is above the threshold.
     *
     * @return true for no region
     */
    public boolean isEmpty() {
        return runs == 0;
    }

    /**
     * The boxes of all regions.
     *
     * @return that of the region with the most pixels first; equal ones in reading order of their first pixels
     */
    public List<BoundingBox> boxes() {
        return regions().stream().map(Region::box).toList();
    }

    /**
     * The box of the region with the most pixels; of equal ones, the one that is reached first row by row from the top left.
     *
     * @return the first of {@link #boxes()}
     * @throws IllegalStateException if no pixel is above the threshold
     */
    public BoundingBox largest() {
        if (runs == 0) {
            throw new IllegalStateException("no pixel is above the threshold");
        }
        return regions().get(0).box();
    }

    /** The regions, the largest first. */
    List<Region> regions() {
        int[] left = new int[runs];
        int[] right = new int[runs];
        int[] bottom = new int[runs];
        long[] areas = new long[runs];
        for (int run = 0; run < runs; run++) {
            int root = root(run);
            boolean first = root == run;
            left[root] = first ? starts[run] : Math.min(left[root], starts[run]);
            right[root] = first ? ends[run] : Math.max(right[root], ends[run]);
            bottom[root] = rows[run] + 1;
            areas[root] += ends[run] - starts[run];
        }
        List<Region> regions = new ArrayList<>();
        for (int root = 0; root < runs; root++) {
            if (parents[root] == root) {
                regions.add(
                        new Region(new BoundingBox(left[root], rows[root], right[root], bottom[root]), areas[root]));
            }
        }
        regions.sort(Region.LARGEST_FIRST);
        return regions;
    }

    /** The pixels of the region with the most pixels; none where no pixel is above the threshold. */
    Mask largestMask() {
        long[] areas = new long[runs];
        int best = 0;
        for (int run = 0; run < runs; run++) {
            areas[root(run)] += ends[run] - starts[run];
        }
        for (int run = 1; run < runs; run++) {
            best = areas[run] > areas[best] ? run : best;
        }
        boolean[] pixels = new boolean[width * height];
        for (int run = 0; run < runs; run++) {
            if (root(run) == best) {
                Arrays.fill(pixels, rows[run] * width + starts[run], rows[run] * width + ends[run], true);
            }
        }
        return new Mask(width, height, pixels);
    }

    private void addRuns(double threshold, float[] values, int y) {
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
            if (starts[above] < ends[below] + slack && starts[below] < ends[above] + slack) {
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
