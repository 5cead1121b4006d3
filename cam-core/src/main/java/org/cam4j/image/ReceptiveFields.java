package org.cam4j.image;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.cam4j.image.AxisField.Along;
import org.cam4j.image.AxisField.Lost;
import org.cam4j.plan.Activated;
import org.cam4j.plan.Border;
import org.cam4j.plan.Combine;
import org.cam4j.plan.Concatenate;
import org.cam4j.plan.Convolution;
import org.cam4j.plan.Crop;
import org.cam4j.plan.GlobalPooling;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Normalize;
import org.cam4j.plan.Operation;
import org.cam4j.plan.Pad;
import org.cam4j.plan.ParametricRelu;
import org.cam4j.plan.Pooling;
import org.cam4j.plan.Resize;
import org.cam4j.plan.Shape;
import org.cam4j.plan.Spread;
import org.cam4j.plan.Step;
import org.cam4j.plan.Window;

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

    private final InferencePlan plan;
    private final Map<Integer, Fields> values = new HashMap<>();

    /** What a value's cells see, by the axis along which they lie. */
    record Fields(AxisField rows, AxisField columns) {}

    private ReceptiveFields(InferencePlan plan) {
        this.plan = plan;
        Shape input = plan.input();
        values.put(
                InferencePlan.INPUT,
                new Fields(Along.input(true, input.height()), Along.input(false, input.width())));
        for (Step step : plan.steps()) {
            values.put(step.value(), fields(step));
        }
    }

    /**
     * Where a network's maps lie.
     *
     * @param plan the network
     * @return the place of its features in its image: evenly over it, or over what it sees of it, where that is within half a cell of
     *     the receptive fields' centres on average, else at these centres
     */
    public static MapPlacement placement(InferencePlan plan) {
        return new ReceptiveFields(plan).placement();
    }

    /** What the features' cells see. */
    static Fields ofFeatures(InferencePlan plan) {
        return new ReceptiveFields(plan).values.get(plan.features());
    }

    private MapPlacement placement() {
        Shape features = plan.shape(plan.features());
        Fields fields = values.get(plan.features());
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

    /** A new operation belongs here; what is not known has no place. */
    private Fields fields(Step step) {
        Operation operation = step.operation();
        Fields input = values.get(step.inputs().get(0));
        if (operation instanceof Convolution convolution) {
            Fields moved = windowed(convolution.window(), step, input);
            return convolution.addsInput() ? joined(step, moved, step.inputs().get(1)) : moved;
        }
        if (operation instanceof Pooling pooling) {
            return windowed(pooling.window(), step, input);
        }
        if (operation instanceof Combine || operation instanceof Concatenate) {
            Fields fields = input;
            for (int other : step.inputs().subList(1, step.inputs().size())) {
                fields = joined(step, fields, other);
            }
            return fields;
        }
        if (operation instanceof Pad pad) {
            return bordered(pad.border(), input, Along::padded);
        }
        if (operation instanceof Crop crop) {
            return bordered(crop.border(), input, Along::cropped);
        }
        if (operation instanceof Resize resize) {
            return new Fields(
                    along(input.rows, rows -> rows.resized(resize.height())),
                    along(input.columns, columns -> columns.resized(resize.width())));
        }
        if (operation instanceof Spread spread) {
            return new Fields(
                    along(input.rows, rows -> rows.spread(spread.stepY())),
                    along(input.columns, columns -> columns.spread(spread.stepX())));
        }
        if (operation instanceof GlobalPooling) {
            return new Fields(AxisField.EVERYWHERE, AxisField.EVERYWHERE);
        }
        if (operation instanceof Activated || operation instanceof Normalize || operation instanceof ParametricRelu) {
            return input;
        }
        AxisField unknown = new Lost("what '" + step.name() + "' (" + operation.describe() + ") does to places is not known");
        return new Fields(unknown, unknown);
    }

    private Fields windowed(Window window, Step step, Fields input) {
        Border border = window.border();
        Shape output = plan.shape(step.value());
        return new Fields(
                along(input.rows, rows -> rows.window(
                        window.spanY(), window.strideY(), border.top(), output.height())),
                along(input.columns, columns -> columns.window(
                        window.spanX(), window.strideX(), border.left(), output.width())));
    }

    /** A vector meets every cell, wherever it comes from. */
    private Fields joined(Step step, Fields fields, int other) {
        if (plan.shape(other).isVector() && !plan.shape(step.value()).isVector()) {
            return fields;
        }
        BinaryOperator<AxisField> join = AxisField.join(step.name());
        Fields joined = values.get(other);
        return new Fields(join.apply(fields.rows, joined.rows), join.apply(fields.columns, joined.columns));
    }

    /** What happens to the first and the last cells of an axis. */
    @FunctionalInterface
    private interface Edges {

        Along change(Along field, int first, int last);
    }

    private static Fields bordered(Border border, Fields input, Edges edges) {
        return new Fields(
                along(input.rows, rows -> edges.change(rows, border.top(), border.bottom())),
                along(input.columns, columns -> edges.change(columns, border.left(), border.right())));
    }

    private static AxisField along(AxisField field, UnaryOperator<Along> change) {
        return field instanceof Along along ? change.apply(along) : field;
    }
}
