package org.cam4j.image;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.cam4j.image.AxisField.Along;
import org.cam4j.image.AxisField.Lost;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;

/**
 * Follows a network's operations from the image to its values, and so finds where in the image the cells of a value lie.
 *
 * <p>The centre of a cell's receptive field is an affine function of its index along each axis, {@code first + i · step}: a window of
 * span {@code k}, stride {@code s} and {@code p} zeros in front moves the first centre by {@code ((k - 1) / 2 - p) · step} and
 * multiplies the step by {@code s}; crops and paddings move it by whole cells; resizing keeps the places and changes the step. Where
 * branches meet their places must agree to less than a cell, or the cells have no place.
 */
public final class ReceptiveFields {

    static final AxisField CHANNELS = new Lost("its rows or columns are what were channels");

    private final InferencePlan plan;
    private final Map<Integer, List<FollowedAxis>> values = new HashMap<>();

    /** The receptive fields of a value's cells, by the axis along which they lie; of its channels {@link #CHANNELS} unless an axis went there. */
    record Fields(AxisField rows, AxisField columns, AxisField channels) {

        Fields mapped(UnaryOperator<Along> down, UnaryOperator<Along> across) {
            return new Fields(along(rows, down), along(columns, across), channels);
        }

        private static AxisField along(AxisField field, UnaryOperator<Along> change) {
            return field instanceof Along along ? change.apply(along) : field;
        }

        /** Returns the axes of an image. */
        List<FollowedAxis> followed(Shape shape) {
            return List.of(
                    FollowedAxis.of(rows, shape.size(0)),
                    FollowedAxis.of(columns, shape.size(1)),
                    FollowedAxis.of(channels, shape.size(2)));
        }

        static Fields of(List<FollowedAxis> axes) {
            return new Fields(
                    axes.get(0).field(), axes.get(1).field(), axes.get(2).field());
        }
    }

    private ReceptiveFields(InferencePlan plan) {
        this.plan = plan;
        Shape input = plan.input();
        values.put(
                InferencePlan.INPUT,
                new Fields(Along.input(true, input.height()), Along.input(false, input.width()), CHANNELS)
                        .followed(input));
        for (Step step : plan.steps()) {
            values.put(step.value(), step.operation().accept(new AxisFollowing(plan, values, step)));
        }
    }

    /**
     * Finds the cells that the features are tokens of.
     *
     * @param plan the network
     * @return empty if the features are no tokens, or nothing leads from an image's cells to them
     */
    public static Optional<TokenGrid> tokens(InferencePlan plan) {
        return tokens(new ReceptiveFields(plan).values.get(plan.output(InferencePlan.FEATURES)));
    }

    private static Optional<TokenGrid> tokens(List<FollowedAxis> axes) {
        List<FollowedAxis> longer = axes.subList(0, axes.size() - 1).stream()
                .filter(axis -> axis.size() > 1)
                .toList();
        return longer.size() == 1 ? grid(longer.get(0)) : Optional.empty();
    }

    /**
     * Finds the cells that the features' channels are tokens of, as those of attention are, which weighs tokens.
     *
     * @param plan the network
     * @return empty if the channels are no tokens, or nothing leads from an image's cells to them
     */
    public static Optional<TokenGrid> weighedTokens(InferencePlan plan) {
        List<FollowedAxis> axes = new ReceptiveFields(plan).values.get(plan.output(InferencePlan.FEATURES));
        return grid(axes.get(axes.size() - 1));
    }

    private static Optional<TokenGrid> grid(FollowedAxis tokens) {
        return tokens.isOfCells()
                ? Optional.of(new TokenGrid(
                        tokens.parts().get(0).size(), tokens.parts().get(1).size(), tokens.before()))
                : Optional.empty();
    }

    /**
     * The placement of a network's maps.
     *
     * @param plan the network
     * @return the place of its features in its image: evenly over it, or over what it sees of it, where that is within half a cell of
     *     the receptive fields' centres on average, else at these centres
     */
    public static MapPlacement placement(InferencePlan plan) {
        return new ReceptiveFields(plan).placement(plan.output(InferencePlan.FEATURES));
    }

    /** The receptive fields of the features' cells. */
    static Fields ofFeatures(InferencePlan plan) {
        return Fields.of(new ReceptiveFields(plan).values.get(plan.output(InferencePlan.FEATURES)));
    }

    /**
     * Finds the values whose cells have places.
     *
     * @param plan the network
     * @return the numbers of all values with several cells, or tokens of cells, that lie somewhere in the image
     */
    public static Set<Integer> placed(InferencePlan plan) {
        ReceptiveFields fields = new ReceptiveFields(plan);
        return plan.steps().stream()
                .map(Step::value)
                .filter(value -> !plan.shape(value).isVector())
                .filter(value -> tokens(fields.values.get(value)).isPresent()
                        || fields.placement(value) instanceof MapPlacement.Placed)
                .collect(Collectors.toSet());
    }

    /**
     * Finds the values that are maps of the image.
     *
     * @param plan the network
     * @return the numbers of all values with rows, columns and channels whose cells lie somewhere in the image
     */
    public static Set<Integer> maps(InferencePlan plan) {
        ReceptiveFields fields = new ReceptiveFields(plan);
        return plan.steps().stream()
                .map(Step::value)
                .filter(value -> fields.placement(value) instanceof MapPlacement.Placed)
                .collect(Collectors.toSet());
    }

    private MapPlacement placement(int value) {
        Shape shape = plan.shape(value);
        if (!shape.isImage()) {
            return new MapPlacement.Unplaced("its " + shape + " are not rows, columns and channels");
        }
        Fields fields = Fields.of(values.get(value));
        AxisField rows = settled(fields.rows, shape.size(0));
        AxisField columns = settled(fields.columns, shape.size(1));
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

    /** A single row or column stands for all; several that each see everything are none of the image's. */
    private static AxisField settled(AxisField field, int size) {
        if (size == 1) {
            return field instanceof Lost ? AxisField.EVERYWHERE : field;
        }
        return field instanceof AxisField.Everywhere ? new Lost("its rows or columns each see the whole image") : field;
    }

    private static Extent extent(AxisField field, int pixels) {
        return field instanceof Along along ? along.extent() : Extent.whole(pixels);
    }
}
