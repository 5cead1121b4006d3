package org.cam4j.engine.cuda;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;

/**
 * The memory of concatenations of images along the channels, in which parts are written at their places, not copied there.
 *
 * <p>Such a part is read by the concatenation alone and is computed by a kernel that can write with a pitch. Or it is a concatenation: the
 * first part may be read by other steps too, so that all of a chain in which each begins with the one before it, as in DenseNet, share
 * memory.
 */
final class ConcatenationRooms {

    private final InferencePlan plan;
    private final TaskList tasks;
    private final Function<Convolution, Layout> ofConvolutions;
    private final Map<Integer, Layout> layouts = new HashMap<>();
    private final Map<Integer, Place> places = new HashMap<>();
    private final Map<Integer, Tensor> rooms = new HashMap<>();
    private final Set<Integer> placed = new HashSet<>();

    /**
     * Where a part belongs.
     *
     * @param concatenation the number of the value that it is a part of
     * @param channel of that value where the part begins
     */
    private record Place(int concatenation, int channel) {}

    /**
     * Finds the parts that can be written at their places.
     *
     * @param ofConvolutions the layout in which a convolution is computed
     */
    ConcatenationRooms(InferencePlan plan, TaskList tasks, Function<Convolution, Layout> ofConvolutions) {
        this.plan = plan;
        this.tasks = tasks;
        this.ofConvolutions = ofConvolutions;
        Map<Integer, Integer> readers = new HashMap<>();
        plan.outputs().values().forEach(value -> readers.merge(value, 1, Integer::sum));
        plan.steps().forEach(step -> step.inputs().forEach(value -> readers.merge(value, 1, Integer::sum)));
        for (int input = 0; plan.isInput(input); input++) {
            layouts.put(input, Layout.ROWS);
        }
        Map<Integer, Step> steps = new HashMap<>();
        for (Step step : plan.steps()) {
            layouts.put(step.value(), layout(step));
            steps.put(step.value(), step);
            if (joinsImages(step)) {
                int channel = 0;
                for (int part : step.inputs()) {
                    if (steps.containsKey(part) && isPlaced(steps.get(part), channel, step, readers.get(part))) {
                        places.putIfAbsent(part, new Place(step.value(), channel));
                    }
                    channel += plan.shape(part).channels();
                }
            }
        }
    }

    private boolean isPlaced(Step part, int channel, Step concatenation, int readers) {
        long times = concatenation.inputs().stream()
                .filter(input -> input == part.value())
                .count();
        return layout(part.value()) == layout(concatenation.value())
                && times == 1
                && (joinsImages(part) ? channel == 0 || readers == 1 : readers == 1 && isWithPitch(part.operation()));
    }

    /** Whether a step concatenates images along the channels. */
    boolean joinsImages(Step step) {
        return step.operation().equals(Concatenate.channels())
                && plan.shape(step.value()).isImage();
    }

    /** Operations whose kernels take a pitch of the result. */
    private static boolean isWithPitch(Operation operation) {
        return operation instanceof Convolution
                || operation instanceof ScaleShift
                || operation instanceof Activate
                || operation instanceof Elementwise
                || operation instanceof Pooling
                || operation instanceof Resize;
    }

    private Layout layout(Step step) {
        Operation operation = step.operation();
        if (operation instanceof Convolution convolution) {
            return ofConvolutions.apply(convolution);
        }
        return keepsLayout(operation, plan.shape(step.value()))
                ? layout(step.inputs().get(0))
                : Layout.ROWS;
    }

    private static boolean keepsLayout(Operation operation, Shape output) {
        int lastAxis = output.rank() - 1;
        return isWithPitch(operation)
                || (operation instanceof Concatenate concatenate && concatenate.axis() == lastAxis)
                || (operation instanceof Slice slice && slice.axis() == lastAxis)
                || (operation instanceof ParametricRelu relu && relu.slopes().length == output.channels())
                || operation instanceof ActivationGradient
                || operation instanceof PoolingGradient
                || operation instanceof Pad
                || operation instanceof Crop
                || operation instanceof InsertZeros;
    }

    /** The layout of a value. */
    Layout layout(int value) {
        return layouts.get(value);
    }

    /** Memory for a value: its place in that of a concatenation, if it has one, or memory of its own. */
    Tensor tensor(int value, Layout layout) {
        int outer = value;
        int channel = 0;
        for (Place place = places.get(value); place != null; place = places.get(outer)) {
            outer = place.concatenation;
            channel += place.channel;
        }
        if ((outer == value && !rooms.containsKey(value)) || layout(outer) != layout) {
            return tasks.tensor(plan.shape(value), layout);
        }
        Tensor room = rooms.computeIfAbsent(outer, number -> tasks.tensor(plan.shape(number), layout));
        if (outer == value) {
            return room;
        }
        placed.add(value);
        long start = (long) channel * (room.isPlanes() ? room.cells() : 1);
        Block block = room.block().from(start, tasks.bytesEach());
        // A single image's channels lie one after the other.
        return room.isPlanes() && tasks.batch() == 1
                ? Tensor.packed(block, plan.shape(value), layout)
                : new Tensor(block, plan.shape(value), layout, room.pitch());
    }

    /** Whether a part was given its place in a concatenation. */
    boolean holds(int concatenation, int part) {
        return placed.contains(part) && places.get(part).concatenation == concatenation;
    }
}
