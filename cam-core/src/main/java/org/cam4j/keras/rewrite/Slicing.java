package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.config.OperationCall;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.kind.ChannelSliceKind;

/**
 * Writes what takes a piece out of a value as layers: {@code x[..., :8]}, {@code x[:, 1:-1, 1:-1]}, {@code split}, {@code unstack} and new
 * axes. Rows and columns are cropped, channels are taken, and what is left is seen in another size where axes come or go.
 */
final class Slicing {

    /** Taken of one axis: from one place to before another; the axis itself may go. */
    private record Piece(int from, int to, boolean isDropped) {

        static Piece whole(int size) {
            return new Piece(0, size, false);
        }
    }

    /** Why a piece is none that is read. */
    private static final class UnreadPieceException extends Exception {
        private static final long serialVersionUID = 1;

        UnreadPieceException(String reason) {
            super(reason);
        }
    }

    private final GraphRewriting rewriting;

    Slicing(GraphRewriting rewriting) {
        this.rewriting = rewriting;
    }

    /** Adds the layers of {@code x[...]}. */
    void addItem(LayerNode node, OperationCall call, TensorShape shape) {
        add(node, shape, () -> pieces(call.constant(1, "slice_spec"), shape));
    }

    /** Adds the layers of {@code tf.slice}: where pieces begin and how large they are, the batch included. */
    void addSlice(LayerNode node, OperationCall call, TensorShape shape) {
        add(node, shape, () -> {
            JsonNode begin = call.constant(1, "begin", "start_indices");
            JsonNode size = call.constant(2, "size", "shape");
            if (begin.size() != shape.rank() + 1
                    || size.size() != begin.size()
                    || begin.get(0).asInt(-1) != 0
                    || size.get(0).asInt() != -1) {
                throw new UnreadPieceException("a piece from " + begin + " of size " + size + " of " + shape);
            }
            List<Entry> entries = new ArrayList<>();
            for (int axis = 1; axis <= shape.rank(); axis++) {
                int first = whole(begin.get(axis));
                int count = whole(size.get(axis));
                int end = count == -1 ? shape.sizes().get(axis - 1) : first + count;
                entries.add(new Entry(new Piece(first, end, false)));
            }
            return entries;
        });
    }

    /** Adds the layers of one of the results of {@code split}, by TensorFlow's sizes or by NumPy's places of the cuts. */
    void addSplit(LayerNode node, OperationCall call, TensorShape shape, int part) {
        add(node, shape, () -> {
            int axis = axis(call.constant(2, "axis"), shape);
            JsonNode given = call.constant(1, "num_or_size_splits", "indices_or_sections");
            List<Integer> cuts = cuts(
                    given,
                    shape.sizes().get(axis - 1),
                    call.function().equals("split"),
                    call.function().equals("ops.ArraySplit"));
            if (part < 0 || part > cuts.size() - 2) {
                throw new UnreadPieceException("part " + part + " of " + (cuts.size() - 1));
            }
            return along(shape, axis, new Piece(cuts.get(part), cuts.get(part + 1), false));
        });
    }

    /** Adds the layers of one of the results of {@code unstack}. */
    void addUnstacked(LayerNode node, OperationCall call, TensorShape shape, int part) {
        add(node, shape, () -> {
            int axis = axis(call.constant(2, "axis"), shape);
            if (part < 0 || part >= shape.sizes().get(axis - 1)) {
                throw new UnreadPieceException("part " + part + " along axis " + axis + " of " + shape);
            }
            return along(shape, axis, new Piece(part, part + 1, true));
        });
    }

    /** Adds the layer of {@code expand_dims}: an axis of one entry more. */
    void addExpanded(LayerNode node, OperationCall call, TensorShape shape) {
        add(node, shape, () -> {
            JsonNode given = call.constant(1, "axis");
            int axis = given.asInt() < 0 ? given.asInt() + shape.rank() + 2 : given.asInt();
            if (!given.isInt() || axis < 1 || axis > shape.rank() + 1) {
                throw new UnreadPieceException("a new axis " + given + " of " + shape);
            }
            List<Entry> entries = whole(shape);
            entries.add(axis - 1, new Entry(null));
            return entries;
        });
    }

    /** Adds the layer of {@code squeeze}: axes of one entry less. */
    void addSqueezed(LayerNode node, OperationCall call, TensorShape shape) {
        add(node, shape, () -> {
            JsonNode given = call.constant(1, "axis");
            List<Entry> entries = whole(shape);
            for (int axis = 1; axis <= shape.rank(); axis++) {
                boolean all = given.isMissingNode() || given.isNull() || (given.isArray() && given.isEmpty());
                boolean named = all
                        ? shape.sizes().get(axis - 1) == 1
                        : Reductions.axes(given, shape.rank())
                                .orElseThrow(() -> new UnreadPieceException("axis " + given + " of " + shape))
                                .contains(axis);
                if (named && shape.sizes().get(axis - 1) != 1) {
                    throw new UnreadPieceException("axis " + given + " of " + shape + " has more than one entry");
                }
                if (named) {
                    entries.set(axis - 1, new Entry(new Piece(0, 1, true)));
                }
            }
            return entries;
        });
    }

    // ---- what is taken ----

    /** An axis of the value with what is taken of it; a new axis where that is null. */
    private record Entry(Piece piece) {}

    @FunctionalInterface
    private interface Pieces {
        List<Entry> find() throws UnreadPieceException;
    }

    private static List<Entry> whole(TensorShape shape) {
        List<Entry> entries = new ArrayList<>();
        shape.sizes().forEach(size -> entries.add(new Entry(Piece.whole(size))));
        return entries;
    }

    private static List<Entry> along(TensorShape shape, int axis, Piece piece) {
        List<Entry> entries = whole(shape);
        entries.set(axis - 1, new Entry(piece));
        return entries;
    }

    private static int axis(JsonNode given, TensorShape shape) throws UnreadPieceException {
        return Reductions.axes(given, shape.rank())
                .filter(axes -> axes.size() == 1)
                .orElseThrow(() -> new UnreadPieceException("along axis " + given + " of " + shape))
                .iterator()
                .next();
    }

    /** The places of the cuts, the axis's two ends included. */
    private static List<Integer> cuts(JsonNode given, int size, boolean areSizes, boolean mayDiffer)
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

    private static int whole(JsonNode number) throws UnreadPieceException {
        if (!number.isInt() || Math.abs((long) number.intValue()) > 1_000_000) {
            throw new UnreadPieceException("the place or size " + number);
        }
        return number.intValue();
    }

    private static List<Entry> pieces(JsonNode spec, TensorShape shape) throws UnreadPieceException {
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

    /** Whether it is {@code :}. */
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

    /** As Python counts: from the end where negative, never beyond an end. */
    private static int inside(int place, int size) {
        return Math.min(Math.max(place < 0 ? place + size : place, 0), size);
    }

    // ---- what is written ----

    private void add(LayerNode node, TensorShape shape, Pieces pieces) {
        try {
            add(node, shape, pieces.find());
        } catch (UnreadPieceException e) {
            rewriting.add(node, node.inputs(), List.of(WrittenLayer.refused(node, e.getMessage())));
        }
    }

    private void add(LayerNode node, TensorShape shape, List<Entry> entries) throws UnreadPieceException {
        List<Integer> left = new ArrayList<>();
        List<Piece> taken = new ArrayList<>();
        for (Entry entry : entries) {
            Piece piece = entry.piece();
            if (piece == null) {
                left.add(1);
            } else {
                taken.add(piece);
                if (!piece.isDropped()) {
                    left.add(
                            piece.from() == 0 && piece.to() == TensorShape.UNKNOWN
                                    ? TensorShape.UNKNOWN
                                    : piece.to() - piece.from());
                }
            }
        }
        if (left.isEmpty() || left.size() > 3) {
            throw new UnreadPieceException("it leaves " + left.size() + " axes of " + shape);
        }
        TensorShape result = new TensorShape(left);
        TensorShape target = GraphRewriting.asBuilt(result);
        List<WrittenLayer> chain = chain(shape, taken);
        if (!target.equals(cut(shape, taken))) {
            chain.add(new WrittenLayer("Reshape")
                    .with(
                            "target_shape",
                            target.sizes().stream().mapToInt(Integer::intValue).toArray()));
        }
        if (chain.isEmpty()) {
            chain.add(WrittenLayer.idle());
        }
        rewriting.add(node, node.inputs(), chain, result);
    }

    private static List<WrittenLayer> chain(TensorShape shape, List<Piece> taken) {
        List<WrittenLayer> chain = new ArrayList<>();
        int[] rows = shape.rank() > 1 ? cropping(shape, taken, 0) : new int[2];
        int[] columns = shape.rank() > 2 ? cropping(shape, taken, 1) : new int[2];
        if (rows[0] + rows[1] + columns[0] + columns[1] > 0) {
            WrittenLayer crop = new WrittenLayer("Cropping2D");
            var sides = crop.json().putArray("cropping");
            sides.addArray().add(rows[0]).add(rows[1]);
            sides.addArray().add(columns[0]).add(columns[1]);
            chain.add(crop);
        }
        Piece channels = taken.get(taken.size() - 1);
        if (channels.from() > 0 || channels.to() < shape.channels()) {
            WrittenLayer slice = new WrittenLayer(ChannelSliceKind.CLASS_NAME);
            slice.json().put(ChannelSliceKind.END, channels.to());
            if (channels.from() > 0) {
                slice.json().put(ChannelSliceKind.FIRST, channels.from());
            }
            chain.add(slice);
        }
        return chain;
    }

    private static int[] cropping(TensorShape shape, List<Piece> taken, int axis) {
        Piece piece = taken.get(axis);
        return new int[] {piece.from(), shape.sizes().get(axis) - piece.to()};
    }

    /** What is built before axes come or go. */
    private static TensorShape cut(TensorShape shape, List<Piece> taken) {
        List<Integer> sizes = new ArrayList<>();
        for (int axis = 0; axis < taken.size(); axis++) {
            Piece piece = taken.get(axis);
            sizes.add(
                    piece.to() == shape.sizes().get(axis) && piece.from() == 0
                            ? shape.sizes().get(axis)
                            : piece.to() - piece.from());
        }
        return GraphRewriting.asBuilt(new TensorShape(sizes));
    }
}
