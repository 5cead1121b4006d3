package org.cam4j.image;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.BinaryOperator;
import org.cam4j.image.AxisField.Along;
import org.cam4j.image.AxisField.Lost;
import org.cam4j.image.AxisField.Nested;

/**
 * One axis of a value: what its entries are of. Reshapes join axes to one, such as rows and columns to tokens, and split one, such as
 * rows into windows; the parts are remembered, so that they can be put together again.
 *
 * @param before entries in front of the others that are of no place, such as a class token
 * @param parts what the other entries are of, slowest first; their number is the product of the parts' sizes
 * @param after entries of no place behind the others
 * @param mixed what is said of the entries if they are of several things
 */
record FollowedAxis(int before, List<Part> parts, int after, AxisField mixed) {

    /**
     * A part of an axis.
     *
     * @param field what its entries are of
     * @param size how many
     * @param step from one entry to the next, in entries of the field
     */
    record Part(AxisField field, int size, int step) {}

    FollowedAxis {
        parts = List.copyOf(parts);
    }

    static FollowedAxis of(AxisField field, int size) {
        return new FollowedAxis(0, List.of(new Part(field, size, 1)), 0, field);
    }

    int places() {
        return parts.stream().mapToInt(Part::size).reduce(1, (a, b) -> a * b);
    }

    int size() {
        return before + places() + after;
    }

    private boolean isPlain() {
        return before == 0 && after == 0;
    }

    /** Returns what the entries are of, if it is one thing; otherwise what was lost. */
    AxisField field() {
        if (isDivided()) {
            return ((Along) parts.get(0).field()).resized(size());
        }
        if (parts.size() != 1) {
            return mixed;
        }
        if (parts.get(0).step() != 1) {
            return strided(parts.get(0));
        }
        AxisField field = parts.get(0).field();
        if (field instanceof Nested) {
            return mixed;
        }
        if (!(field instanceof Along along)) {
            return field;
        }
        Along settled = along.settled();
        if (settled.cells() != parts.get(0).size()) {
            return mixed;
        }
        return isPlain() ? along : settled.padded(before, after).settled();
    }

    /** Whether each row or column is several, whose numbers were channels: they lie within it. */
    private boolean isDivided() {
        return parts.size() == 2
                && isPlain()
                && parts.get(0).step() == 1
                && parts.get(0).field() instanceof Along along
                && along.settled().cells() == parts.get(0).size()
                && parts.get(1).field().equals(ReceptiveFields.CHANNELS);
    }

    /** Every n-th row or column, the others in its channels, is a window that moves by its own size. */
    private AxisField strided(Part part) {
        boolean isWhole = isPlain()
                && part.field() instanceof Along along
                && along.settled().cells() == part.size() * part.step();
        return isWhole ? ((Along) part.field()).settled().window(part.step(), part.step(), 0, part.size()) : mixed;
    }

    /** Whether the entries are rows of an image, each with all its columns. */
    boolean isOfCells() {
        return parts.size() == 2 && isWhole(parts.get(0), true) && isWhole(parts.get(1), false);
    }

    private static boolean isWhole(Part part, boolean isVertical) {
        return part.field() instanceof Along along
                && along.vertical() == isVertical
                && along.settled().cells() == part.size() * part.step();
    }

    /** Keeps a range of entries. */
    FollowedAxis kept(int first, int count) {
        int end = first + count;
        int places = places();
        if (first <= before && end >= before + places) {
            return new FollowedAxis(before - first, parts, end - before - places, mixed);
        }
        if (end <= before || first >= before + places) {
            return of(AxisField.EVERYWHERE, count);
        }
        AxisField field = field();
        return of(field instanceof Along along ? along.cropped(first, size() - end) : field, count);
    }

    /** Returns the axis of entries that combine those of two axes one by one. */
    FollowedAxis joined(FollowedAxis other, BinaryOperator<AxisField> join) {
        if (before == other.before && parts.size() == other.parts.size() && parts.size() > 1) {
            List<Part> both = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                Part one = parts.get(i);
                Part two = other.parts.get(i);
                if (one.size() != two.size() || one.step() != two.step()) {
                    return isLostOrEverywhere() ? other : this;
                }
                both.add(new Part(join.apply(one.field(), two.field()), one.size(), one.step()));
            }
            return new FollowedAxis(before, both, after, mixed);
        }
        if (parts.size() > 1 || !isPlain()) {
            return this;
        }
        if (other.parts.size() > 1 || !other.isPlain()) {
            return other;
        }
        return of(join.apply(field(), other.field()), size());
    }

    private boolean isLostOrEverywhere() {
        return parts.size() == 1 && !(parts.get(0).field() instanceof Along);
    }

    /**
     * Reshapes axes of several entries.
     *
     * @param axes slowest first
     * @param sizes of the new axes, with as many entries in all
     * @param lost what is said of entries that cannot be followed
     */
    static List<FollowedAxis> reshaped(List<FollowedAxis> axes, int[] sizes, AxisField lost) {
        List<FollowedAxis> made = new ArrayList<>();
        int next = 0;
        int filled = 0;
        while (filled < sizes.length) {
            int start = filled;
            List<FollowedAxis> group = new ArrayList<>(List.of(axes.get(next)));
            long old = axes.get(next++).size();
            long fresh = sizes[filled++];
            while (old != fresh) {
                if (old < fresh) {
                    group.add(axes.get(next));
                    old *= axes.get(next++).size();
                } else {
                    fresh *= sizes[filled++];
                }
            }
            made.addAll(group(group, Arrays.copyOfRange(sizes, start, filled), lost));
        }
        return made;
    }

    private static List<FollowedAxis> group(List<FollowedAxis> axes, int[] sizes, AxisField lost) {
        if (axes.size() == 1 && sizes.length == 1) {
            return axes;
        }
        Deque<Part> open = new ArrayDeque<>();
        boolean isKnown = true;
        for (FollowedAxis axis : axes) {
            if (axis.isPlain()) {
                open.addAll(axis.parts);
            } else {
                open.add(new Part(new Nested(axis), axis.size(), 1));
            }
        }
        List<FollowedAxis> made = new ArrayList<>();
        for (int size : sizes) {
            List<Part> taken = new ArrayList<>();
            int left = size;
            while (isKnown && left > 1) {
                Part part = open.remove();
                if (left % part.size() == 0) {
                    taken.add(part);
                    left /= part.size();
                } else if (part.size() % left == 0 && !(part.field() instanceof Nested)) {
                    int inner = part.size() / left;
                    taken.add(new Part(part.field(), left, part.step() * inner));
                    open.push(new Part(part.field(), inner, part.step()));
                    left = 1;
                } else {
                    isKnown = false;
                }
            }
            boolean isNested = taken.size() == 1 && taken.get(0).field() instanceof Nested;
            made.add(isNested ? ((Nested) taken.get(0).field()).axis() : new FollowedAxis(0, merged(taken), 0, lost));
        }
        if (!isKnown) {
            return Arrays.stream(sizes).mapToObj(size -> of(lost, size)).toList();
        }
        return made;
    }

    /** Puts parts of the same thing together. */
    private static List<Part> merged(List<Part> parts) {
        List<Part> merged = new ArrayList<>();
        for (Part part : parts) {
            Part last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && last.field().equals(part.field()) && last.step() == part.step() * part.size()) {
                merged.set(merged.size() - 1, new Part(part.field(), last.size() * part.size(), part.step()));
            } else if (last != null && last.field() instanceof Lost && part.field() instanceof Lost) {
                merged.set(merged.size() - 1, new Part(last.field(), last.size() * part.size(), 1));
            } else {
                merged.add(part.field() instanceof Lost ? new Part(part.field(), part.size(), 1) : part);
            }
        }
        return merged;
    }
}
