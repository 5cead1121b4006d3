package org.cam4j.image;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.cam4j.image.AxisField.Along;
import org.cam4j.image.AxisField.Lost;
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
import org.cam4j.plan.operation.Operation;
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

/**
 * Follows a network's operations from the image to the last convolution's activations, and so finds where in the image their cells
 * lie.
 *
 * <p>The centre of a cell's receptive field is an affine function of its index along each axis, {@code first + i · step}: a window of
 * span {@code k}, stride {@code s} and {@code p} zeros in front moves the first centre by {@code ((k - 1) / 2 - p) · step} and
 * multiplies the step by {@code s}; crops and paddings move it by whole cells; resizing keeps the places and changes the step. Where
 * branches meet their places must agree to less than a cell, or the cells have no place.
 */
public final class ReceptiveFields {

    private static final AxisField CHANNELS = new Lost("its rows or columns are what were channels");

    private final InferencePlan plan;
    private final Map<Integer, Fields> values = new HashMap<>();

    /** The receptive fields of a value's cells, by the axis along which they lie; of its channels {@link #CHANNELS} unless an axis went there. */
    record Fields(AxisField rows, AxisField columns, AxisField channels) {

        Fields mapped(UnaryOperator<Along> down, UnaryOperator<Along> across) {
            return new Fields(along(rows, down), along(columns, across), channels);
        }

        private List<AxisField> axes() {
            return List.of(rows, columns, channels);
        }

        private static Fields of(List<AxisField> axes) {
            return new Fields(axes.get(0), axes.get(1), axes.get(2));
        }
    }

    private ReceptiveFields(InferencePlan plan) {
        this.plan = plan;
        Shape input = plan.input();
        values.put(
                InferencePlan.INPUT,
                new Fields(Along.input(true, input.height()), Along.input(false, input.width()), CHANNELS));
        for (Step step : plan.steps()) {
            values.put(step.value(), fields(step));
        }
    }

    /**
     * The placement of a network's maps.
     *
     * @param plan the network
     * @return the place of its features in its image: evenly over it, or over what it sees of it, where that is within half a cell of
     *     the receptive fields' centres on average, else at these centres
     */
    public static MapPlacement placement(InferencePlan plan) {
        return new ReceptiveFields(plan).placement();
    }

    /** The receptive fields of the features' cells. */
    static Fields ofFeatures(InferencePlan plan) {
        return new ReceptiveFields(plan).values.get(plan.output(InferencePlan.FEATURES));
    }

    private MapPlacement placement() {
        Shape features = plan.shape(plan.output(InferencePlan.FEATURES));
        Fields fields = values.get(plan.output(InferencePlan.FEATURES));
        // A single cell stands for all.
        AxisField rows = features.height() == 1 && fields.rows instanceof Lost ? AxisField.EVERYWHERE : fields.rows;
        AxisField columns =
                features.width() == 1 && fields.columns instanceof Lost ? AxisField.EVERYWHERE : fields.columns;
        if (rows instanceof Lost lost) {
            return new MapPlacement.Unplaced(lost.reason());
        }
        if (columns instanceof Lost lost) {
            return new MapPlacement.Unplaced(lost.reason());
        }
        boolean transposed = (rows instanceof Along along && !along.vertical())
                || (columns instanceof Along across && across.vertical());
        Extent down = extent(transposed ? columns : rows, plan.input().height());
        Extent across = extent(transposed ? rows : columns, plan.input().width());
        return new MapPlacement.Placed(down, across, transposed);
    }

    private static Extent extent(AxisField field, int pixels) {
        return field instanceof Along along ? along.extent() : Extent.whole(pixels);
    }

    private Fields fields(Step step) {
        for (int value : step.inputs()) {
            if (!plan.shape(value).isImage()) {
                return lost("'" + step.name() + "' reads " + plan.shape(value) + ", not rows, columns and channels");
            }
        }
        return plan.shape(step.value()).isImage()
                ? step.operation().accept(new Following(step))
                : lost("'" + step.name() + "' makes " + plan.shape(step.value()) + ", not rows, columns and channels");
    }

    /** The receptive fields of a step's result. */
    private final class Following implements OperationVisitor<Fields> {

        private final Step step;
        private final Fields input;

        Following(Step step) {
            this.step = step;
            this.input = values.get(step.inputs().get(0));
        }

        private Fields allJoined() {
            Fields fields = input;
            for (int other : step.inputs().subList(1, step.inputs().size())) {
                fields = joined(step, fields, other);
            }
            return fields;
        }

        @Override
        public Fields visit(Activate operation) {
            return input;
        }

        @Override
        public Fields visit(ActivationGradient operation) {
            return backwards(operation);
        }

        @Override
        public Fields visit(Concatenate operation) {
            return allJoined();
        }

        @Override
        public Fields visit(Convolution operation) {
            Fields moved = windowed(operation.window(), step, input);
            boolean mixes = !operation.isDepthwise() || operation.outputs() != operation.inputs();
            moved = mixes ? new Fields(moved.rows, moved.columns, CHANNELS) : moved;
            return operation.addsInput() ? joined(step, moved, step.inputs().get(1)) : moved;
        }

        @Override
        public Fields visit(Crop operation) {
            return bordered(operation.cropping(), input, Along::cropped);
        }

        @Override
        public Fields visit(Dense operation) {
            return new Fields(input.rows, input.columns, CHANNELS);
        }

        @Override
        public Fields visit(Elementwise operation) {
            return allJoined();
        }

        /** Evenly over what went in, unless cells move. */
        @Override
        public Fields visit(External operation) {
            if (operation.movesCells()) {
                return lost("'" + step.name() + "' moves the map's cells, and only its own engine knows where");
            }
            Shape shape = operation.shape();
            return new Fields(
                    along(input.rows, rows -> rows.resized(shape.height())),
                    along(input.columns, columns -> columns.resized(shape.width())),
                    CHANNELS);
        }

        @Override
        public Fields visit(GlobalPooling operation) {
            return new Fields(AxisField.EVERYWHERE, AxisField.EVERYWHERE, input.channels);
        }

        @Override
        public Fields visit(InsertZeros operation) {
            return input.mapped(rows -> rows.spread(operation.stepY()), columns -> columns.spread(operation.stepX()));
        }

        @Override
        public Fields visit(LayerNormalize operation) {
            return input;
        }

        @Override
        public Fields visit(MatMul operation) {
            return lost("what '" + step.name() + "' (" + operation.describe() + ") does to places is not known");
        }

        @Override
        public Fields visit(Pad operation) {
            return bordered(operation.padding(), input, Along::padded);
        }

        @Override
        public Fields visit(ParametricRelu operation) {
            return input;
        }

        @Override
        public Fields visit(Pooling operation) {
            return windowed(operation.window(), step, input);
        }

        @Override
        public Fields visit(PoolingGradient operation) {
            return backwards(operation);
        }

        private Fields backwards(Operation operation) {
            return lost("'" + step.name() + "' (" + operation.describe() + ") is on the way back");
        }

        @Override
        public Fields visit(Reshape operation) {
            return reshaped(step, input, operation.shape());
        }

        @Override
        public Fields visit(Resize operation) {
            return input.mapped(
                    rows -> rows.resized(operation.height()), columns -> columns.resized(operation.width()));
        }

        @Override
        public Fields visit(ScaleShift operation) {
            return input;
        }

        @Override
        public Fields visit(Slice operation) {
            int size = plan.shape(step.inputs().get(0)).size(operation.axis());
            int rest = size - operation.first() - operation.count();
            List<AxisField> axes = new ArrayList<>(input.axes());
            axes.set(
                    operation.axis(), along(axes.get(operation.axis()), kept -> kept.cropped(operation.first(), rest)));
            return Fields.of(axes);
        }

        @Override
        public Fields visit(Softmax operation) {
            return input;
        }

        @Override
        public Fields visit(Transpose operation) {
            List<AxisField> axes = input.axes();
            return Fields.of(operation.order().stream().map(axes::get).toList());
        }
    }

    private static Fields lost(String reason) {
        return new Fields(new Lost(reason), new Lost(reason), CHANNELS);
    }

    /** Axes of a single cell come and go; other axes that are the same from the left or from the right stay what they are. */
    private Fields reshaped(Step step, Fields input, Shape output) {
        int[] from = sizes(plan.shape(step.inputs().get(0)));
        int[] to = sizes(output);
        List<Integer> read = longAxes(from);
        List<Integer> made = longAxes(to);
        AxisField lost = new Lost("'" + step.name() + "' puts rows, columns and channels in another order");
        List<AxisField> axes = new ArrayList<>(List.of(AxisField.EVERYWHERE, AxisField.EVERYWHERE, CHANNELS));
        made.forEach(axis -> axes.set(axis, lost));
        int shorter = Math.min(read.size(), made.size());
        for (int i = 0; i < shorter && from[read.get(i)] == to[made.get(i)]; i++) {
            axes.set(made.get(i), input.axes().get(read.get(i)));
        }
        for (int i = 1; i <= shorter; i++) {
            int old = read.get(read.size() - i);
            int now = made.get(made.size() - i);
            if (from[old] != to[now]) {
                break;
            }
            axes.set(now, input.axes().get(old));
        }
        return Fields.of(axes);
    }

    private static int[] sizes(Shape shape) {
        return new int[] {shape.height(), shape.width(), shape.channels()};
    }

    private static List<Integer> longAxes(int... sizes) {
        return IntStream.range(0, sizes.length)
                .filter(axis -> sizes[axis] > 1)
                .boxed()
                .toList();
    }

    private Fields windowed(Window window, Step step, Fields input) {
        Padding border = window.padding();
        Shape output = plan.shape(step.value());
        return input.mapped(
                rows -> rows.window(window.spanY(), window.strideY(), border.top(), output.height()),
                columns -> columns.window(window.spanX(), window.strideX(), border.left(), output.width()));
    }

    /** A vector meets every cell, wherever it comes from. */
    private Fields joined(Step step, Fields fields, int other) {
        if (plan.shape(other).isVector() && !plan.shape(step.value()).isVector()) {
            return fields;
        }
        BinaryOperator<AxisField> join = AxisField.join(step.name());
        Fields joined = values.get(other);
        boolean stacked = step.operation() instanceof Concatenate;
        return new Fields(
                join.apply(fields.rows, joined.rows),
                join.apply(fields.columns, joined.columns),
                stacked ? CHANNELS : join.apply(fields.channels, joined.channels));
    }

    /** The treatment of the first and the last cells of an axis. */
    @FunctionalInterface
    private interface Edges {

        Along change(Along field, int first, int last);
    }

    private static Fields bordered(Padding border, Fields input, Edges edges) {
        return input.mapped(
                rows -> edges.change(rows, border.top(), border.bottom()),
                columns -> edges.change(columns, border.left(), border.right()));
    }

    private static AxisField along(AxisField field, UnaryOperator<Along> change) {
        return field instanceof Along along ? change.apply(along) : field;
    }
}
