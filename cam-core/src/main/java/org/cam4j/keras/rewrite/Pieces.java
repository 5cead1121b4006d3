package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.hdf5.TensorShape;

/** The ranges that slices and splits take of each axis of a value, counted as in Python, TensorFlow and Keras. */
final class Pieces {

    /** A range of one axis, end exclusive; the axis itself may be dropped. */
    record Piece(int from, int to, boolean isDropped) {

        static Piece whole(int size) {
            return new Piece(0, size, false);
        }
    }

    /** An axis of the value with the range taken; a new axis if the range is null. */
    record Entry(Piece piece) {}

    /** Thrown for slices and splits that are not supported, with the reason. */
    static final class UnreadPieceException extends Exception {
        private static final long serialVersionUID = 1;

        UnreadPieceException(String reason) {
            super(reason);
        }
    }

    private Pieces() {}

    /** Returns the full range of each axis. */
    static List<Entry> whole(TensorShape shape) {
        List<Entry> entries = new ArrayList<>();
        shape.sizes().forEach(size -> entries.add(new Entry(Piece.whole(size))));
        return entries;
    }

    /** Returns full ranges except along one axis, counted from 1. */
    static List<Entry> along(TensorShape shape, int axis, Piece piece) {
        List<Entry> entries = whole(shape);
        entries.set(axis - 1, new Entry(piece));
        return entries;
    }

    /** Returns the single given axis, counted from 1. */
    static int axis(JsonNode given, TensorShape shape) throws UnreadPieceException {
        return Reductions.axes(given, shape.rank())
                .filter(axes -> axes.size() == 1)
                .orElseThrow(() -> new UnreadPieceException("along axis " + given + " of " + shape))
                .iterator()
                .next();
    }

    /** Returns the positions of the cuts, including both ends of the axis. */
    static List<Integer> cuts(JsonNode given, int size, boolean areSizes, boolean mayDiffer)
            throws UnreadPieceException {
        List<Integer> cuts = new ArrayList<>(List.of(0));
        if (size == TensorShape.UNKNOWN) {
            throw new UnreadPieceException("of an axis of open size");
        }
        if (!given.isArray()) {
            int parts = whole(given);
            if (parts < 1 || (size % parts != 0 && !mayDiffer)) {
                throw new UnreadPieceException(size + " entries in " + parts + " parts");
            }
            for (int part = 0; part < parts; part++) {
                cuts.add(cuts.get(part) + size / parts + (part < size % parts ? 1 : 0));
            }
            return cuts;
        }
        int known = 0;
        for (JsonNode each : given) {
            known += areSizes ? Math.max(whole(each), 0) : 0;
        }
        for (JsonNode each : given) {
            int number = whole(each);
            int last = cuts.get(cuts.size() - 1);
            cuts.add(areSizes ? last + (number == -1 ? size - known : number) : number < 0 ? number + size : number);
        }
        if (!areSizes) {
            cuts.add(size);
        }
        for (int i = 1; i < cuts.size(); i++) {
            if (cuts.get(i) <= cuts.get(i - 1)) {
                throw new UnreadPieceException(
                        "parts of " + given + " of " + size + " entries, of which some are empty");
            }
        }
        if (cuts.get(cuts.size() - 1) != size) {
            throw new UnreadPieceException("parts of " + given + " of " + size + " entries");
        }
        return cuts;
    }

    /** Reads a position or a size. */
    static int whole(JsonNode number) throws UnreadPieceException {
        if (!number.isInt() || Math.abs((long) number.intValue()) > 1_000_000) {
            throw new UnreadPieceException("the place or size " + number);
        }
        return number.intValue();
    }

    /** Returns the ranges that {@code x[...]} takes, without the batch, which comes first in a file. */
    static List<Entry> of(JsonNode spec, TensorShape shape) throws UnreadPieceException {
        JsonNode list = spec.isArray() ? spec : null;
        if (list == null) {
            throw new UnreadPieceException("the place " + spec + " of a batch");
        }
        int named = 0;
        for (JsonNode each : list) {
            named += each.isNull() || isEllipsis(each) ? 0 : 1;
        }
        List<Integer> sizes = new ArrayList<>(shape.sizes());
        // The batch.
        sizes.add(0, TensorShape.UNKNOWN);
        List<Entry> entries = new ArrayList<>();
        int axis = 0;
        for (JsonNode each : list) {
            if (each.isNull()) {
                entries.add(new Entry(null));
            } else if (isEllipsis(each)) {
                for (int i = named; i < sizes.size(); i++) {
                    entries.add(new Entry(Piece.whole(sizes.get(axis++))));
                }
            } else {
                if (axis == 0 && !isWhole(each)) {
                    throw new UnreadPieceException("some images of a batch");
                }
                if (axis == sizes.size()) {
                    throw new UnreadPieceException(list.size() + " places of " + shape);
                }
                entries.add(new Entry(piece(each, sizes.get(axis++))));
            }
        }
        while (axis < sizes.size()) {
            entries.add(new Entry(Piece.whole(sizes.get(axis++))));
        }
        Entry batch = entries.remove(0);
        if (batch.piece() == null || !batch.piece().equals(Piece.whole(TensorShape.UNKNOWN))) {
            throw new UnreadPieceException("some images of a batch");
        }
        return entries;
    }

    /** Whether a slice is {@code :}. */
    private static boolean isWhole(JsonNode each) {
        JsonNode slice = each.has("config") ? each.path("config") : each;
        return slice.isObject()
                && slice.path("start").asInt(0) == 0
                && !slice.hasNonNull("stop")
                && slice.path("step").asInt(1) == 1;
    }

    private static boolean isEllipsis(JsonNode each) {
        return each.path("class_name").asText().equals("__ellipsis__");
    }

    private static Piece piece(JsonNode each, int size) throws UnreadPieceException {
        if (each.isInt()) {
            if (size == TensorShape.UNKNOWN) {
                throw new UnreadPieceException("one place of an axis of open size");
            }
            int place = whole(each) < 0 ? whole(each) + size : whole(each);
            if (place < 0 || place >= size) {
                throw new UnreadPieceException("place " + each + " of " + size);
            }
            return new Piece(place, place + 1, true);
        }
        JsonNode slice = each.has("config") ? each.path("config") : each;
        if (slice.hasNonNull("step") && slice.get("step").asInt() != 1) {
            throw new UnreadPieceException(
                    "a step of " + Quoted.cut(slice.get("step").toString()) + "; pieces of neighbours are read");
        }
        boolean isFromStart = !slice.hasNonNull("start") || slice.get("start").asInt(-1) == 0;
        if (isFromStart && !slice.hasNonNull("stop")) {
            return Piece.whole(size);
        }
        if (size == TensorShape.UNKNOWN) {
            throw new UnreadPieceException("a piece of an axis of open size");
        }
        int from = isFromStart ? 0 : inside(whole(slice.get("start")), size);
        int to = slice.hasNonNull("stop") ? inside(whole(slice.get("stop")), size) : size;
        if (from >= to) {
            throw new UnreadPieceException("nothing, from " + from + " to " + to + " of " + size);
        }
        return new Piece(from, to, false);
    }

    /** Converts a position as Python does: negative ones count from the end, and none lies beyond an end. */
    private static int inside(int place, int size) {
        return Math.min(Math.max(place < 0 ? place + size : place, 0), size);
    }
}
