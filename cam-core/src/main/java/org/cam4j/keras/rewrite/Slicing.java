package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.config.OperationCall;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.kind.ChannelSliceKind;
import org.cam4j.keras.rewrite.Pieces.Entry;
import org.cam4j.keras.rewrite.Pieces.Piece;
import org.cam4j.keras.rewrite.Pieces.UnreadPieceException;

/**
 * Rewrites slices as layers: {@code x[..., :8]}, {@code x[:, 1:-1, 1:-1]}, {@code split}, {@code unstack} and new axes. Rows and columns
 * are cropped, channels are selected, and the result is reshaped if axes are added or dropped.
 */
final class Slicing {

    private final GraphRewriting rewriting;

    Slicing(GraphRewriting rewriting) {
        this.rewriting = rewriting;
    }

    /** Adds the layers of {@code x[...]}. */
    void addItem(LayerNode node, OperationCall call, TensorShape shape) {
        add(node, shape, () -> Pieces.of(call.constant(1, "slice_spec"), shape));
    }

    /** Adds the layers of {@code tf.slice}, which has the first position and the size along each axis, with the batch. */
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
                int first = Pieces.whole(begin.get(axis));
                int count = Pieces.whole(size.get(axis));
                int end = count == -1 ? shape.sizes().get(axis - 1) : first + count;
                entries.add(new Entry(new Piece(first, end, false)));
            }
            return entries;
        });
    }

    /** Adds the layers of one result of {@code split}, by TensorFlow's sizes or by NumPy's positions of the cuts. */
    void addSplit(LayerNode node, OperationCall call, TensorShape shape, int part) {
        add(node, shape, () -> {
            int axis = Pieces.axis(call.constant(2, "axis"), shape);
            JsonNode given = call.constant(1, "num_or_size_splits", "indices_or_sections");
            List<Integer> cuts = Pieces.cuts(
                    given,
                    shape.sizes().get(axis - 1),
                    call.function().equals("split"),
                    call.function().equals("ops.ArraySplit"));
            if (part < 0 || part > cuts.size() - 2) {
                throw new UnreadPieceException("part " + part + " of " + (cuts.size() - 1));
            }
            return Pieces.along(shape, axis, new Piece(cuts.get(part), cuts.get(part + 1), false));
        });
    }

    /** Adds the layers of one result of {@code unstack}. */
    void addUnstacked(LayerNode node, OperationCall call, TensorShape shape, int part) {
        add(node, shape, () -> {
            int axis = Pieces.axis(call.constant(2, "axis"), shape);
            if (part < 0 || part >= shape.sizes().get(axis - 1)) {
                throw new UnreadPieceException("part " + part + " along axis " + axis + " of " + shape);
            }
            return Pieces.along(shape, axis, new Piece(part, part + 1, true));
        });
    }

    /** Adds the layer of {@code expand_dims}, which adds an axis of one entry. */
    void addExpanded(LayerNode node, OperationCall call, TensorShape shape) {
        add(node, shape, () -> {
            JsonNode given = call.constant(1, "axis");
            int axis = given.asInt() < 0 ? given.asInt() + shape.rank() + 2 : given.asInt();
            if (!given.isInt() || axis < 1 || axis > shape.rank() + 1) {
                throw new UnreadPieceException("a new axis " + given + " of " + shape);
            }
            List<Entry> entries = Pieces.whole(shape);
            entries.add(axis - 1, new Entry(null));
            return entries;
        });
    }

    /** Adds the layer of {@code squeeze}, which drops axes of one entry. */
    void addSqueezed(LayerNode node, OperationCall call, TensorShape shape) {
        add(node, shape, () -> {
            JsonNode given = call.constant(1, "axis");
            List<Entry> entries = Pieces.whole(shape);
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

    @FunctionalInterface
    private interface Taking {
        List<Entry> find() throws UnreadPieceException;
    }

    private void add(LayerNode node, TensorShape shape, Taking pieces) {
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

    /** Returns the shape before axes are added or dropped. */
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
