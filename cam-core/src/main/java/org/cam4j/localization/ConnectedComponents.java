package org.cam4j.localization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.cam4j.InterpolatedMap;

/**
 * The connected regions of the pixels above a threshold.
 *
 * <p>One pass over the columns of an interpolated map cuts every column into runs of pixels above the threshold and joins each run with
 * those that it touches in the column before (union-find; a region's root is its first run). Runs end where the threshold lies between two
 * cells, found by bisection. Memory is a few numbers a run, not a pixel, and nothing recurses.
 */
public final class ConnectedComponents {

    /** By area, then by the first pixel, row by row. */
    private static final Comparator<Extremes> LARGEST_FIRST = Comparator.<Extremes>comparingLong(region -> -region.area)
            .thenComparingInt(region -> region.top)
            .thenComparingInt(region -> region.columnOfTop);

    private final int width;
    private final int height;
    // Ends are exclusive, so runs that touch at a corner have one's end at the other's start.
    private final int slack;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int[] columns = new int[64];
    private int[] parents = new int[64];
    private int runs;

    private ConnectedComponents(int width, int height, Connectivity connectivity) {
        this.width = width;
        this.height = height;
        this.slack = connectivity == Connectivity.EIGHT ? 1 : 0;
    }

    /**
     * Finds the regions: those of all pixels of the map, to the pixel.
     *
     * @param threshold pixels with a larger value belong to a region
     * @param map at the photo's pixels
     * @param connectivity which pixels belong together
     * @return the regions, perhaps none
     */
    public static ConnectedComponents above(double threshold, InterpolatedMap map, Connectivity connectivity) {
        ConnectedComponents components = new ConnectedComponents(map.width(), map.height(), connectivity);
        components.addColumns(threshold, map);
        return components;
    }

    /**
     * The boxes of all regions.
     *
     * @return that of the region with the most pixels first; equal ones in reading order of their first pixels
     */
    public List<BoundingBox> boxes() {
        return regions().stream().map(Region::box).toList();
    }

    /** The regions, the largest first; equal ones in reading order of their first pixels. */
    List<Region> regions() {
        return largestFirst().stream().map(Extremes::region).toList();
    }

    /** The pixels of the region with the most pixels; none where no pixel is above the threshold. */
    Mask largestMask() {
        boolean[] pixels = new boolean[Math.multiplyExact(width, height)];
        int largest = runs == 0 ? -1 : largestFirst().get(0).root;
        for (int run = 0; run < runs; run++) {
            if (root(run) == largest) {
                for (int y = starts[run]; y < ends[run]; y++) {
                    pixels[y * width + columns[run]] = true;
                }
            }
        }
        return new Mask(width, height, pixels);
    }

    private List<Extremes> largestFirst() {
        Extremes[] byRoot = new Extremes[runs];
        List<Extremes> regions = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            int root = root(run);
            if (root == run) {
                byRoot[root] = new Extremes(root, columns[run], starts[run]);
                regions.add(byRoot[root]);
            }
            byRoot[root].add(columns[run], starts[run], ends[run]);
        }
        regions.sort(LARGEST_FIRST);
        return regions;
    }

    /** What is known of a region after some of its runs, which come in the order of their columns. */
    private static final class Extremes {

        final int root;
        final int left;
        int right;
        int top;
        int columnOfTop;
        int bottom;
        long area;

        Extremes(int root, int column, int start) {
            this.root = root;
            this.left = column;
            this.top = start;
            this.columnOfTop = column;
        }

        void add(int column, int start, int end) {
            right = column + 1;
            if (start < top) {
                top = start;
                columnOfTop = column;
            }
            bottom = Math.max(bottom, end);
            area += end - start;
        }

        Region region() {
            return new Region(new BoundingBox(left, top, right, bottom), area);
        }
    }

    private void addColumns(double threshold, InterpolatedMap map) {
        int[] turns = map.turns();
        int previous = 0;
        for (int x = 0; x < width; x++) {
            int first = runs;
            addColumn(threshold, map, turns, x);
            join(previous, first);
            previous = first;
        }
    }

    /** Between two turns, a column crosses the threshold once at most. */
    private void addColumn(double threshold, InterpolatedMap map, int[] turns, int x) {
        boolean isAbove = false;
        int start = 0;
        for (int i = 0; i < turns.length; i++) {
            int from = turns[i];
            int to = i + 1 < turns.length ? turns[i + 1] : height;
            boolean first = map.at(from, x) > threshold;
            boolean last = map.at(to - 1, x) > threshold;
            for (int part = 0; part < 2; part++) {
                boolean next = part == 0 ? first : last;
                if (next != isAbove) {
                    int change = part == 0 ? from : firstLike(last, threshold, map, x, from, to - 1);
                    if (isAbove) {
                        add(x, start, change);
                    }
                    start = change;
                    isAbove = next;
                }
            }
        }
        if (isAbove) {
            add(x, start, height);
        }
    }

    /** The first row that lies on the same side of the threshold as the last one; the first of all does not. */
    private static int firstLike(boolean last, double threshold, InterpolatedMap map, int x, int from, int to) {
        int other = from;
        int same = to;
        while (same - other > 1) {
            int middle = (other + same) >>> 1;
            if (map.at(middle, x) > threshold == last) {
                same = middle;
            } else {
                other = middle;
            }
        }
        return same;
    }

    private void add(int column, int start, int end) {
        if (runs == starts.length) {
            int capacity = runs * 2;
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            columns = Arrays.copyOf(columns, capacity);
            parents = Arrays.copyOf(parents, capacity);
        }
        columns[runs] = column;
        starts[runs] = start;
        ends[runs] = end;
        parents[runs] = runs;
        runs++;
    }

    /** Joins the runs of two columns, {@code [before, first)} and {@code [first, runs)}, where they touch. */
    private void join(int before, int first) {
        int left = before;
        int right = first;
        while (left < first && right < runs) {
            if (starts[left] < ends[right] + slack && starts[right] < ends[left] + slack) {
                int one = root(left);
                int other = root(right);
                parents[Math.max(one, other)] = Math.min(one, other);
            }
            if (ends[left] < ends[right]) {
                left++;
            } else {
                right++;
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
