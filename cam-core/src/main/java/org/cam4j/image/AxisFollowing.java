package org.cam4j.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cam4j.image.AxisField.Along;
import org.cam4j.image.AxisField.Lost;
import org.cam4j.image.ReceptiveFields.Fields;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.OperationVisitor;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;

/** Follows the axes of values through one step. */
final class AxisFollowing implements OperationVisitor<List<FollowedAxis>> {

    /** How far the weights of a mean may be from a sum of 1, rounded as they are. */
    private static final double MEAN = 1e-4;

    private final InferencePlan plan;
    private final Map<Integer, List<FollowedAxis>> values;
    private final Step step;
    private final Shape shape;
    private final List<FollowedAxis> input;

    AxisFollowing(InferencePlan plan, Map<Integer, List<FollowedAxis>> values, Step step) {
        this.plan = plan;
        this.values = values;
        this.step = step;
        this.shape = plan.shape(step.value());
        this.input = values.get(step.inputs().get(0));
    }

    private List<FollowedAxis> same() {
        return input;
    }

    private List<FollowedAxis> with(List<FollowedAxis> axes, int axis, FollowedAxis other) {
        List<FollowedAxis> changed = new ArrayList<>(axes);
        changed.set(axis, other);
        return changed;
    }

    private FollowedAxis channels() {
        return FollowedAxis.of(ReceptiveFields.CHANNELS, shape.channels());
    }

    @Override
    public List<FollowedAxis> visit(Activate operation) {
        return same();
    }

    @Override
    public List<FollowedAxis> visit(LayerNormalize operation) {
        return same();
    }

    @Override
    public List<FollowedAxis> visit(ParametricRelu operation) {
        return same();
    }

    @Override
    public List<FollowedAxis> visit(ScaleShift operation) {
        return same();
    }

    @Override
    public List<FollowedAxis> visit(Softmax operation) {
        return same();
    }

    @Override
    public List<FollowedAxis> visit(Dense operation) {
        int last = shape.rank() - 1;
        if (input.get(last).field() instanceof Along along) {
            return with(
                    input,
                    last,
                    weighed(along.settled(), operation)
                            .map(field -> FollowedAxis.of(field, shape.channels()))
                            .orElseGet(this::channels));
        }
        boolean isConstant = shape.isVector()
                && input.get(last).size() == 1
                && isZero(operation.weights().values());
        return with(input, last, isConstant ? FollowedAxis.of(AxisField.EVERYWHERE, shape.channels()) : channels());
    }

    private static boolean isZero(float... weights) {
        for (float weight : weights) {
            if (weight != 0) {
                return false;
            }
        }
        return true;
    }

    /** Rows or columns that are weighted means of others, as a resize by a matrix makes them, lie at the mean of their places. */
    private static Optional<Along> weighed(Along along, Dense means) {
        int cells = means.inputs();
        float[] weights = means.weights().values();
        double[] exact = new double[means.outputs()];
        double[] even = new double[means.outputs()];
        for (int output = 0; output < exact.length; output++) {
            double sum = 0;
            for (int cell = 0; cell < cells; cell++) {
                float weight = weights[output * cells + cell];
                sum += weight;
                exact[output] += weight * along.exact().centre(cell, cells);
                even[output] += weight * along.even().centre(cell, cells);
            }
            if (!(Math.abs(sum - 1) < MEAN)) {
                return Optional.empty();
            }
        }
        return along.moved(exact, even);
    }

    @Override
    public List<FollowedAxis> visit(Elementwise operation) {
        return joined(input, step.inputs().get(1));
    }

    /** A vector meets every cell, wherever it comes from. */
    private List<FollowedAxis> joined(List<FollowedAxis> axes, int second) {
        Shape other = plan.shape(second);
        if (other.rank() != shape.rank() || (other.isVector() && !shape.isVector())) {
            return axes;
        }
        List<FollowedAxis> joined = new ArrayList<>();
        for (int axis = 0; axis < shape.rank(); axis++) {
            boolean isRepeated = other.size(axis) != shape.size(axis);
            joined.add(
                    isRepeated
                            ? axes.get(axis)
                            : axes.get(axis).joined(values.get(second).get(axis), AxisField.join(step.name())));
        }
        return joined;
    }

    @Override
    public List<FollowedAxis> visit(Concatenate operation) {
        int along = operation.axis();
        List<FollowedAxis> joined = new ArrayList<>(input);
        for (int other : step.inputs().subList(1, step.inputs().size())) {
            for (int axis = 0; axis < shape.rank(); axis++) {
                joined.set(axis, joined.get(axis).joined(values.get(other).get(axis), AxisField.join(step.name())));
            }
        }
        if (along == shape.rank() - 1) {
            return with(joined, along, channels());
        }
        return with(joined, along, stacked(along, joined.get(along)));
    }

    /** The widest part with the others beside it, if they are fewer: a class token before tokens, repeated rows around an image. */
    private FollowedAxis stacked(int axis, FollowedAxis otherwise) {
        List<FollowedAxis> parts =
                step.inputs().stream().map(value -> values.get(value).get(axis)).toList();
        int widest = IntStream.range(0, parts.size())
                .reduce((a, b) -> parts.get(b).size() > parts.get(a).size() ? b : a)
                .orElseThrow();
        int size = shape.size(axis);
        FollowedAxis kept = parts.get(widest);
        if (2 * kept.size() <= size) {
            Optional<Along> chosen = chosen(parts);
            if (chosen.isPresent()) {
                return FollowedAxis.of(chosen.get(), size);
            }
            return FollowedAxis.of(
                    otherwise.field() instanceof Along
                            ? new Lost("'" + step.name() + "' puts images beside each other")
                            : otherwise.field(),
                    size);
        }
        int first =
                parts.subList(0, widest).stream().mapToInt(FollowedAxis::size).sum();
        if (kept.field() instanceof Along along) {
            return FollowedAxis.of(along.padded(first, size - first - kept.size()), size);
        }
        int before = first + kept.before();
        return new FollowedAxis(before, kept.parts(), size - before - kept.places(), kept.mixed());
    }

    /** Rows or columns that are taken of others one by one, or in groups, such as every second. */
    private static Optional<Along> chosen(List<FollowedAxis> parts) {
        List<Double> exact = new ArrayList<>();
        List<Double> even = new ArrayList<>();
        Along first = null;
        for (FollowedAxis part : parts) {
            if (!(part.field() instanceof Along along) || (first != null && along.vertical() != first.vertical())) {
                return Optional.empty();
            }
            first = first == null ? along.settled() : first.joined(along.settled());
            for (int cell = 0; cell < part.size(); cell++) {
                exact.add(along.settled().exact().centre(cell, part.size()));
                even.add(along.settled().even().centre(cell, part.size()));
            }
        }
        return first.moved(
                exact.stream().mapToDouble(Double::doubleValue).toArray(),
                even.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public List<FollowedAxis> visit(Slice operation) {
        FollowedAxis axis = input.get(operation.axis());
        return with(input, operation.axis(), axis.kept(operation.first(), operation.count()));
    }

    @Override
    public List<FollowedAxis> visit(Transpose operation) {
        return operation.order().stream().map(input::get).toList();
    }

    /** Attention's tokens stay at the places of its first factor; what its columns are of comes from the second one. */
    @Override
    public List<FollowedAxis> visit(MatMul operation) {
        List<FollowedAxis> second = values.get(step.inputs().get(1));
        int rank = shape.rank();
        if (input.get(rank - 2).field() instanceof Along) {
            // Not tokens, but an image's own columns.
            return unknown();
        }
        return with(input, rank - 1, second.get(operation.transposesSecond() ? rank - 2 : rank - 1));
    }

    /** Axes of one entry come and go; others are joined and split. */
    @Override
    public List<FollowedAxis> visit(Reshape operation) {
        int[] sizes = shape.sizes();
        int[] longer = Arrays.stream(sizes).filter(size -> size > 1).toArray();
        List<FollowedAxis> before =
                input.stream().filter(axis -> axis.size() > 1).toList();
        AxisField lost = new Lost("'" + step.name() + "' puts rows, columns and channels in another order");
        List<FollowedAxis> after = before.isEmpty() ? List.of() : FollowedAxis.reshaped(before, longer, lost);
        List<FollowedAxis> axes = new ArrayList<>(Collections.nCopies(sizes.length, null));
        AxisField single = single(sizes);
        int next = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            boolean isLast = axis == sizes.length - 1;
            axes.set(
                    axis,
                    sizes[axis] > 1
                            ? after.get(next++)
                            : FollowedAxis.of(isLast ? ReceptiveFields.CHANNELS : single, 1));
        }
        return axes;
    }

    /** The only row or column of a part of an image stays that row or column, if the result has one axis for it. */
    private AxisField single(int... sizes) {
        List<AxisField> before = input.subList(0, input.size() - 1).stream()
                .filter(axis -> axis.size() == 1 && axis.field() instanceof Along)
                .map(FollowedAxis::field)
                .toList();
        long after = Arrays.stream(sizes, 0, sizes.length - 1)
                .filter(size -> size == 1)
                .count();
        return before.size() == 1 && after == 1 ? before.get(0) : AxisField.EVERYWHERE;
    }

    private List<FollowedAxis> unknown() {
        return lost("what '" + step.name() + "' (" + step.operation().describe() + ") does to places is not known");
    }

    private List<FollowedAxis> lost(String reason) {
        AxisField lost = new Lost(reason);
        return Arrays.stream(shape.sizes())
                .mapToObj(size -> FollowedAxis.of(lost, size))
                .toList();
    }

    // ---- images ----

    private Fields image() {
        return Fields.of(input);
    }

    private List<FollowedAxis> windowed(Window window) {
        Padding border = window.padding();
        return image().mapped(
                        rows -> rows.window(window.spanY(), window.strideY(), border.top(), shape.height()),
                        columns -> columns.window(window.spanX(), window.strideX(), border.left(), shape.width()))
                .followed(shape);
    }

    /** The treatment of the first and the last cells of an axis. */
    @FunctionalInterface
    private interface Edges {

        Along change(Along field, int first, int last);
    }

    private List<FollowedAxis> bordered(Padding border, Edges edges) {
        return image().mapped(
                        rows -> edges.change(rows, border.top(), border.bottom()),
                        columns -> edges.change(columns, border.left(), border.right()))
                .followed(shape);
    }

    @Override
    public List<FollowedAxis> visit(Convolution operation) {
        List<FollowedAxis> moved = windowed(operation.window());
        boolean mixes = !operation.isDepthwise() || operation.outputs() != operation.inputs();
        moved = mixes ? with(moved, 2, channels()) : moved;
        return operation.addsInput() ? joined(moved, step.inputs().get(1)) : moved;
    }

    @Override
    public List<FollowedAxis> visit(Crop operation) {
        return bordered(operation.cropping(), Along::cropped);
    }

    @Override
    public List<FollowedAxis> visit(Pad operation) {
        return bordered(operation.padding(), Along::padded);
    }

    @Override
    public List<FollowedAxis> visit(Pooling operation) {
        return windowed(operation.window());
    }

    @Override
    public List<FollowedAxis> visit(GlobalPooling operation) {
        return new Fields(AxisField.EVERYWHERE, AxisField.EVERYWHERE, image().channels()).followed(shape);
    }

    @Override
    public List<FollowedAxis> visit(InsertZeros operation) {
        return image().mapped(rows -> rows.spread(operation.stepY()), columns -> columns.spread(operation.stepX()))
                .followed(shape);
    }

    @Override
    public List<FollowedAxis> visit(Resize operation) {
        return image().mapped(rows -> rows.resized(operation.height()), columns -> columns.resized(operation.width()))
                .followed(shape);
    }

    /** Evenly over what went in, unless cells move. */
    @Override
    public List<FollowedAxis> visit(External operation) {
        if (operation.movesCells()) {
            return lost("'" + step.name() + "' moves the map's cells, and only its own engine knows where");
        }
        if (!shape.isImage() || input.size() != shape.rank()) {
            return unknown();
        }
        Fields resized =
                image().mapped(rows -> rows.resized(shape.height()), columns -> columns.resized(shape.width()));
        return new Fields(resized.rows(), resized.columns(), ReceptiveFields.CHANNELS).followed(shape);
    }

    @Override
    public List<FollowedAxis> visit(ActivationGradient operation) {
        return backwards();
    }

    @Override
    public List<FollowedAxis> visit(PoolingGradient operation) {
        return backwards();
    }

    private List<FollowedAxis> backwards() {
        return lost("'" + step.name() + "' (" + step.operation().describe() + ") is on the way back");
    }
}
