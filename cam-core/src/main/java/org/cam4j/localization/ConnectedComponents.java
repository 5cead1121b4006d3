package org.cam4j.localization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.cam4j.InterpolatedMap;

/**
 * The connected regions of the pixels above a threshold.
 *
 * <p>One pass over the lines of a picture cuts every line into runs of pixels above the threshold and joins each run with those that it
 * touches in the line before (union-find; a region's root is its first run). Memory is a few numbers a run, not a pixel, and nothing
 * recurses. Lines are the rows of an array; of an interpolated map they are its columns, whose runs end where the threshold lies between two
 * cells, found by bisection.
 */
public final class ConnectedComponents {

    private final int width;
    private final int height;
    private final boolean areColumns;
    // Ends are exclusive, so runs that touch at a corner have one's end at the other's start.
    private final int slack;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int[] lines = new int[64];
    private int[] parents = new int[64];
    private int runs;

    private ConnectedComponents(int width, int height, boolean areColumns, Connectivity connectivity) {
        this.width = width;
        this.height = height;
        this.areColumns = areColumns;
        this.slack = connectivity == Connectivity.EIGHT ? 1 : 0;
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
        int height = values.length / width;
        ConnectedComponents components = new ConnectedComponents(width, height, false, connectivity);
        components.addLines(height, y -> components.addRow(threshold, values, y));
        return components;
    }

    /**
     * Finds the regions of an interpolated map: the same as of an array of its values, to the pixel.
     *
     * @param threshold pixels with a larger value belong to a region
     * @param map at the photo's pixels
     * @param connectivity which pixels belong together
     * @return the regions, perhaps none
     */
    public static ConnectedComponents above(double threshold, InterpolatedMap map, Connectivity connectivity) {
        ConnectedComponents components = new ConnectedComponents(map.width(), map.height(), true, connectivity);
        int[] turns = map.turns();
        components.addLines(map.width(), x -> components.addColumn(threshold, map, turns, x));
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

    /** The regions, the largest first; equal ones in reading order of their first pixels. */
    List<Region> regions() {
        return largestFirst().stream().map(Extremes::region).toList();
    }

    /** The pixels of the region with the most pixels; none where no pixel is above the threshold. */
    Mask largestMask() {
        boolean[] pixels = new boolean[Math.multiplyExact(width, height)];
        int largest = runs == 0 ? -1 : largestFirst().get(0).root;
        int alongLine = areColumns ? width : 1;
        int acrossLines = areColumns ? 1 : width;
        for (int run = 0; run < runs; run++) {
            if (root(run) == largest) {
                for (int i = starts[run]; i < ends[run]; i++) {
                    pixels[lines[run] * acrossLines + i * alongLine] = true;
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
                byRoot[root] = new Extremes(root, lines[run], starts[run], ends[run]);
                regions.add(byRoot[root]);
            }
            byRoot[root].add(lines[run], starts[run], ends[run]);
        }
        regions.sort(this::inOrder);
        return regions;
    }

    /** Compares by area, largest first, then by the first pixel. */
    private int inOrder(Extremes one, Extremes other) {
        int byArea = Long.compare(other.area, one.area);
        if (byArea != 0) {
            return byArea;
        }
        int byRow =
                areColumns ? Integer.compare(one.start, other.start) : Integer.compare(one.firstLine, other.firstLine);
        if (byRow != 0) {
            return byRow;
        }
        return areColumns
                ? Integer.compare(one.lineOfStart, other.lineOfStart)
                : Integer.compare(one.startOfFirst, other.startOfFirst);
    }

    /** What is known of a region after some of its runs, which come in the order of their lines. */
    private final class Extremes {

        final int root;
        final int firstLine;
        final int startOfFirst;
        int lastLine;
        int start;
        int lineOfStart;
        int end;
        long area;

        Extremes(int root, int line, int start, int end) {
            this.root = root;
            this.firstLine = line;
            this.startOfFirst = start;
            this.start = start;
            this.lineOfStart = line;
            this.end = end;
        }

        void add(int line, int from, int to) {
            lastLine = line;
            if (from < start) {
                start = from;
                lineOfStart = line;
            }
            end = Math.max(end, to);
            area += to - from;
        }

        Region region() {
            return new Region(
                    areColumns
                            ? new BoundingBox(firstLine, start, lastLine + 1, end)
                            : new BoundingBox(start, firstLine, end, lastLine + 1),
                    area);
        }
    }

    private void addLines(int count, IntConsumer runsOfLine) {
        int previous = 0;
        for (int line = 0; line < count; line++) {
            int first = runs;
            runsOfLine.accept(line);
            join(previous, first);
            previous = first;
        }
    }

    private void addRow(double threshold, float[] values, int y) {
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

    private void add(int line, int start, int end) {
        if (runs == starts.length) {
            int capacity = runs * 2;
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            lines = Arrays.copyOf(lines, capacity);
            parents = Arrays.copyOf(parents, capacity);
        }
        lines[runs] = line;
        starts[runs] = start;
        ends[runs] = end;
        parents[runs] = runs;
        runs++;
    }

    /** Joins the runs of two lines, {@code [upper, lower)} and {@code [lower, runs)}, where they touch. */
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
