package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.config.OperationCall;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.kind.ReductionKind;
import org.cam4j.keras.kind.ReshapeKind;

/**
 * Rewrites means, sums, maxima and minima along axes as layers. Over all rows and columns they become global pooling, also if they run
 * one axis after the other, or over a map reshaped to a sequence of cells.
 */
final class Reductions {

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("math.reduce_mean", Kind.MEAN),
            Map.entry("ops.Mean", Kind.MEAN),
            Map.entry("math.reduce_sum", Kind.SUM),
            Map.entry("ops.Sum", Kind.SUM),
            Map.entry("math.reduce_max", Kind.MAXIMUM),
            Map.entry("ops.Max", Kind.MAXIMUM),
            Map.entry("ops.Amax", Kind.MAXIMUM),
            Map.entry("math.reduce_min", Kind.MINIMUM),
            Map.entry("ops.Min", Kind.MINIMUM),
            Map.entry("ops.Amin", Kind.MINIMUM));

    private static final Set<Integer> ROWS_AND_COLUMNS = Set.of(1, 2);
    private static final int CHANNELS = 3;

    /** The kinds of reduction. A sum is a mean times the number of values, a minimum the negative maximum of negatives. */
    enum Kind {
        MEAN,
        SUM,
        MAXIMUM,
        MINIMUM
    }

    /**
     * The origin of a value in an earlier map.
     *
     * @param source the map's node
     * @param kind the reduction, a mean also for sums; null if the map was only reshaped to a sequence of cells
     * @param reduced the map's reduced axes, 1 to 3
     * @param factor the factor by which the result was multiplied
     * @param axes the map's axes along which each of the value's axes runs
     */
    private record View(String source, Kind kind, Set<Integer> reduced, double factor, List<Set<Integer>> axes) {}

    private final GraphRewriting rewriting;
    private final Map<String, View> views = new HashMap<>();

    Reductions(GraphRewriting rewriting) {
        this.rewriting = rewriting;
    }

    static Optional<Kind> kind(String function) {
        return Optional.ofNullable(KINDS.get(function));
    }

    /** Records that a sequence holds all cells of a map, row by row. */
    void putInARow(String sequence, String map) {
        views.put(sequence, new View(map, null, Set.of(), 1, List.of(ROWS_AND_COLUMNS, Set.of(CHANNELS))));
    }

    /** Adds the layers of a function's call; if none exist, adds a layer that is refused with the reason. */
    void add(LayerNode node, OperationCall call, Kind kind, TensorShape shape) {
        JsonNode given = call.constant(1, "axis", "axes");
        Optional<Set<Integer>> axes = axes(given, shape.rank());
        boolean hasStart = call.named().containsKey("initial")
                && !call.named().get("initial").isNull();
        if (axes.isEmpty() || hasStart || shape.rank() == 1) {
            refuse(
                    node,
                    hasStart
                            ? "it starts from a number of its own"
                            : "along axis " + Quoted.cut(given.toString()) + " of " + shape
                                    + "; the axes of one image's rows, columns and channels are read");
            return;
        }
        add(node, kind, shape, axes.get(), call.constant(2, "keepdims").asBoolean(false));
    }

    /** Adds the layers of a reduction along axes of a value of Keras, counted from 1 without the batch. */
    void add(LayerNode node, Kind kind, TensorShape shape, Set<Integer> axes, boolean keepDimensions) {
        String input = node.inputs().get(0);
        View view = view(input, kind, shape);
        Set<Integer> reduced = new TreeSet<>(view.reduced());
        axes.forEach(axis -> reduced.addAll(view.axes().get(axis - 1)));
        List<Integer> sizes = new ArrayList<>();
        List<Set<Integer>> left = new ArrayList<>();
        double factor = view.factor();
        for (int axis = 1; axis <= shape.rank(); axis++) {
            int size = shape.sizes().get(axis - 1);
            boolean isReduced = axes.contains(axis);
            if (isReduced && kind == Kind.SUM) {
                factor *= size;
            }
            if (isReduced && kind == Kind.SUM && size == TensorShape.UNKNOWN) {
                refuse(node, "a sum along an axis of open size");
                return;
            }
            if (!isReduced || keepDimensions) {
                sizes.add(isReduced ? 1 : size);
                left.add(view.axes().get(axis - 1));
            }
        }
        if (sizes.isEmpty()) {
            refuse(node, "it leaves a single number");
            return;
        }
        TensorShape result = new TensorShape(sizes);
        List<WrittenLayer> chain =
                chain(kind, reduced, factor, rewriting.built(view.source()).orElseThrow(), result);
        rewriting.add(node, List.of(view.source()), chain, result);
        views.put(node.name(), new View(view.source(), sameAs(kind), reduced, factor, left));
    }

    private View view(String input, Kind kind, TensorShape shape) {
        View view = views.get(input);
        if (view != null && (view.kind() == null || view.kind() == sameAs(kind))) {
            return view;
        }
        List<Set<Integer>> own = shape.rank() == 2
                ? List.of(Set.of(1), Set.of(CHANNELS))
                : List.of(Set.of(1), Set.of(2), Set.of(CHANNELS));
        return new View(input, null, Set.of(), 1, own);
    }

    private static Kind sameAs(Kind kind) {
        return kind == Kind.SUM ? Kind.MEAN : kind;
    }

    private static List<WrittenLayer> chain(
            Kind kind, Set<Integer> reduced, double factor, TensorShape source, TensorShape result) {
        List<WrittenLayer> chain = new ArrayList<>();
        boolean largest = kind == Kind.MAXIMUM || kind == Kind.MINIMUM;
        if (kind == Kind.MINIMUM) {
            chain.add(WrittenLayer.scaled(-1));
        }
        Set<Integer> whole = new TreeSet<>(reduced);
        for (int axis : ROWS_AND_COLUMNS) {
            if (source.sizes().get(axis - 1) == 1) {
                whole.add(axis);
            }
        }
        TensorShape target = GraphRewriting.asBuilt(result);
        if (whole.equals(ROWS_AND_COLUMNS)) {
            chain.add(new WrittenLayer(largest ? "GlobalMaxPooling2D" : "GlobalAveragePooling2D")
                    .with("keepdims", target.isMap()));
        } else {
            chain.add(new WrittenLayer(ReductionKind.CLASS_NAME)
                    .with(ReductionKind.MAXIMUM, largest)
                    .with(
                            ReductionKind.AXES,
                            reduced.stream().mapToInt(Integer::intValue).toArray()));
            if (!target.equals(ReductionKind.reduced(source, reduced))) {
                chain.add(new WrittenLayer("Reshape")
                        .with(
                                ReshapeKind.TARGET,
                                target.sizes().stream()
                                        .mapToInt(Integer::intValue)
                                        .toArray()));
            }
        }
        double scale = kind == Kind.MINIMUM ? -factor : factor;
        if (scale != 1) {
            chain.add(WrittenLayer.scaled(scale));
        }
        return chain;
    }

    private void refuse(LayerNode node, String reason) {
        rewriting.add(node, node.inputs(), List.of(WrittenLayer.refused(node, reason)));
    }

    /** Returns one axis or several of an image, counted from 1; empty if the batch is among them, or all axes are meant. */
    static Optional<Set<Integer>> axes(JsonNode given, int rank) {
        Set<Integer> axes = new TreeSet<>();
        for (JsonNode axis : given.isArray() ? given : List.of(given)) {
            int counted = axis.asInt() < 0 ? axis.asInt() + rank + 1 : axis.asInt();
            if (!axis.isInt() || counted < 1 || counted > rank) {
                return Optional.empty();
            }
            axes.add(counted);
        }
        return axes.isEmpty() ? Optional.empty() : Optional.of(axes);
    }
}
